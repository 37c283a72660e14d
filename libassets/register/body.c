/*
 * The tables of community bodies and the test of section 80. What the test cannot see (what
 * the constitution says of surplus and membership) stays with the officer, who may override it.
 */
#include "body.h"

#include "libassets/shape/shape_form.h"

static const struct shape_field contact_table[] = {
#define FIELD(...) SHAPE_ROW(contact, __VA_ARGS__)
#include "contact.def"
#undef FIELD
};

SHAPE(contact, NULL);

static const struct shape_field body_table[] = {
#define FIELD(...) SHAPE_ROW(body, __VA_ARGS__)
#include "body.def"
#undef FIELD
};

SHAPE(body, SHAPE_COMMON);

static const struct body_condition condition_table[] = {
#define CONDITION(code, detail, cure) {#code, detail, cure},
#include "body_condition.def"
#undef CONDITION
};

const struct body_condition *body_condition_at(size_t n)
{
	return n < COUNT(condition_table) ? &condition_table[n] : NULL;
}

enum body_verdict body_may_own(struct str legal_form, struct shape_number members)
{
	if (!shape_is_word(legal_form, "COMPANY SCIO BENCOM"))
		return BODY_WRONG_FORM;
	if (!members.is_set)
		return BODY_MEMBERS_UNKNOWN;
	return members.value < SECTION_80_MEMBERS_MIN ? BODY_TOO_FEW_MEMBERS : BODY_ELIGIBLE;
}
