/*
 * Community bodies: national and public, but for the contact that each authority holds.
 */
#pragma once

#include "shape_row.h"

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
 * benefit societies with at least 20 members may.
 */
enum body_verdict body_may_own(struct str legal_form, struct shape_number members);
