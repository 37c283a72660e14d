/*
 * The tables of case.h. A further field is a row of its .def file and a column.
 */
#include "case.h"

static const struct shape_field case_officer_table[] = {
#define FIELD(...) SHAPE_ROW(case_officer, __VA_ARGS__)
#include "case_officer.def"
#undef FIELD
};

SHAPE(case_officer, NULL);

static const struct shape_field case_note_table[] = {
#define FIELD(...) SHAPE_ROW(case_note, __VA_ARGS__)
#include "case_note.def"
#undef FIELD
};

SHAPE(case_note, NULL);

static const struct shape_field case_reject_table[] = {
#define FIELD(...) SHAPE_ROW(case_reject, __VA_ARGS__)
#include "case_reject.def"
#undef FIELD
};

SHAPE(case_reject, NULL);

static const struct shape_field extension_table[] = {
#define FIELD(...) SHAPE_ROW(extension, __VA_ARGS__)
#include "extension.def"
#undef FIELD
};

SHAPE(extension, NULL);

static const struct shape_field authority_setting_table[] = {
#define FIELD(...) SHAPE_ROW(authority_setting, __VA_ARGS__)
#include "libassets/register/authority_setting.def"
#undef FIELD
};

SHAPE(authority_setting, SHAPE_COMMON);

static void check_field(const char *name, bool is_offer, bool is_sent, struct flaws *flaws)
{
	if (is_offer && !is_sent)
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, name), STR("REQUIRED"),
			  STR("Whoever is to agree has to know this."),
			  STR("Give the last day of the longer time, and why it is needed."));
	else if (!is_offer && is_sent)
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, name), STR("UNKNOWN_FIELD"),
			  STR("What is taken back says nothing more."), STR("Leave it out."));
}

int extension_check(const struct extension *extension, struct flaws *flaws)
{
	bool is_offer = str_eq(extension->event, STR("OFFER"));

	check_field("until_on", is_offer, !day_is_none(extension->until_on), flaws);
	check_field("reasons", is_offer, !str_is_null(extension->reasons), flaws);
	return flaws_err(flaws);
}
