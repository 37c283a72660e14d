/*
 * Community bodies: national and public, but for the contact that each authority holds. The
 * members of the structs are the rows of contact.def and body.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

/* How one authority reaches the body: personal data, shown to that authority alone. */
struct contact {
#define FIELD SHAPE_MEMBER
#include "contact.def"
#undef FIELD
};

struct body {
#define FIELD SHAPE_MEMBER
#include "body.def"
#undef FIELD
};

extern const struct shape contact_shape;
extern const struct shape body_shape;

/* The codes of body_condition.def, as a shape takes them. */
#define BODY_CONDITIONS "CC1 CC2 CC3 CC4 CC5 CC6 WINDING_UP"

/* A condition of a constitution: what it means to lack it, and what mends that. */
struct body_condition {
	const char *code;
	const char *detail;
	const char *cure;
};

/* The n-th; NULL past the end. */
const struct body_condition *body_condition_at(size_t n);

/* The members that section 80 asks of a body that wants to own land. */
enum { SECTION_80_MEMBERS_MIN = 20 };

enum body_verdict {
	BODY_ELIGIBLE,
	BODY_MEMBERS_UNKNOWN, /* nothing speaks against it, but nobody has counted */
	BODY_TOO_FEW_MEMBERS,
	BODY_WRONG_FORM, /* never a body of section 80, or only by an order nobody told us of */
};

/*
 * May a body of this form ask for ownership (2015 Act s.80)? Companies, SCIOs and community
 * benefit societies with at least 20 members may. Form is looked at before members; an absent
 * form is BODY_WRONG_FORM.
 *
 * Example: a SCIO of 19 is BODY_TOO_FEW_MEMBERS, of 20 BODY_ELIGIBLE.
 */
enum body_verdict body_may_own(struct str legal_form, struct shape_number members);
