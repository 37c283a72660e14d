/*
 * Pairs of assets whose land overlaps though neither is a part of the other (statute 5.3): an
 * officer confirms or rejects one, with a reason. The members are the rows of land_pair.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

struct land_pair {
#define FIELD SHAPE_MEMBER
#include "land_pair.def"
#undef FIELD
};

extern const struct shape land_pair_shape;
