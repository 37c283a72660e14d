/*
 * Keys of programs as they are asked for.
 */
#pragma once

#include "libassets/shape/permission.h"
#include "libassets/shape/shape_row.h"

enum { API_KEY_DAYS = 365 /* that one works at most, and does unless it is said */ };

struct api_key {
#define FIELD SHAPE_MEMBER
#include "api_key.def"
#undef FIELD
};

struct key_rotation {
#define FIELD SHAPE_MEMBER
#include "key_rotation.def"
#undef FIELD
};

extern const struct shape api_key_shape;
extern const struct shape key_rotation_shape;

/*
 * Fill in what was not said, and look at what no table can say: has it a scope, and is its last
 * day one of the next year's? ERR_INVALID  with flaws
 */
MUST_CHECK int api_key_settle(struct api_key *k, struct day today, struct flaws *flaws);

/*
 * May the last day of one that was made be that, which was `was` (DAY_NONE: it had none)? It is
 * brought forward and never put off. ERR_INVALID  with a flaw
 */
MUST_CHECK int api_key_check_last(struct day last, struct day was, struct day today,
				  struct flaws *flaws);
