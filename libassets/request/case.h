/*
 * What officers say of a case beside what happens to its request: who deals with it, notes, why
 * a proposal is rejected, a longer time that they offer; and what an authority settles for all its
 * cases.
 */
#pragma once

#include "libassets/shape/shape_row.h"

struct case_officer {
#define FIELD SHAPE_MEMBER
#include "case_officer.def"
#undef FIELD
};

struct case_note {
#define FIELD SHAPE_MEMBER
#include "case_note.def"
#undef FIELD
};

struct case_reject {
#define FIELD SHAPE_MEMBER
#include "case_reject.def"
#undef FIELD
};

struct extension {
#define FIELD SHAPE_MEMBER
#include "extension.def"
#undef FIELD
};

struct authority_setting {
#define FIELD SHAPE_MEMBER
#include "libassets/register/authority_setting.def"
#undef FIELD
};

extern const struct shape case_officer_shape;
extern const struct shape case_note_shape;
extern const struct shape case_reject_shape;
extern const struct shape extension_shape;
extern const struct shape authority_setting_shape;

/* An offer says until when and why, and taking one back says nothing. ERR_INVALID, with flaws. */
MUST_CHECK int extension_check(const struct extension *extension, struct flaws *flaws);
