/*
 * The tables of authorities, partnerships and localities, and what the tables cannot say.
 * A further field is a row of its .def file and a column of its table.
 */
#include "authority.h"

#include "libassets/shape/shape_form.h"

static const struct shape_field duty_table[] = {
#define FIELD(...) SHAPE_ROW(duty, __VA_ARGS__)
#include "libassets/clock/duty.def"
#undef FIELD
};

SHAPE(duty, NULL);

static const struct shape_field authority_table[] = {
#define FIELD(...) SHAPE_ROW(authority, __VA_ARGS__)
#include "authority.def"
#undef FIELD
};

SHAPE(authority, SHAPE_COMMON);

static const struct shape_field cpp_table[] = {
#define FIELD(...) SHAPE_ROW(cpp, __VA_ARGS__)
#include "cpp.def"
#undef FIELD
};

SHAPE(cpp, SHAPE_COMMON);

static const struct shape_field locality_table[] = {
#define FIELD(...) SHAPE_ROW(locality, __VA_ARGS__)
#include "locality.def"
#undef FIELD
};

SHAPE(locality, SHAPE_COMMON);

/* DAY_NONE is before every day, which is what an open beginning means. */
static bool begins_before_end(const struct duty *a, const struct duty *b)
{
	return day_is_none(b->to_on) || day_cmp(a->from_on, b->to_on) <= 0;
}

/* Each begins before the other ends: true of a shared day as well, since both days count. */
static bool is_overlap(const struct duty *a, const struct duty *b)
{
	return a->schedule.value == b->schedule.value && begins_before_end(a, b) &&
	       begins_before_end(b, a);
}

void authority_check(const struct authority *a, struct flaws *flaws)
{
	const struct duty *duty = a->duties.at;

	for (size_t i = 0; i < a->duties.count; i++) {
		const struct wire_at list = WIRE_KEY(&WIRE_TOP, "duties");
		const struct wire_at here = WIRE_INDEX(&list, i);

		if (!begins_before_end(&duty[i], &duty[i]))
			wire_flaw(flaws, &WIRE_KEY(&here, "to_on"), STR("BEFORE_START"),
				  STR("The duty ends before it begins."),
				  STR("Put to_on on or after from_on."));
		for (size_t j = 0; j < i; j++) {
			if (is_overlap(&duty[i], &duty[j]))
				wire_flaw(flaws, &here, STR("OVERLAP"),
					  STR("Two entries of one schedule overlap."),
					  STR("End the earlier one before this one begins."));
		}
	}
}
