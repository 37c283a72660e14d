/*
 * The terms of a lease: a part of disposal plans and of requests. The members are the rows of
 * lease.def; class and term_months are always there, an amount that is not set counts as 0.
 */
#pragma once

#include "libassets/shape/shape_row.h"

struct lease {
#define FIELD SHAPE_MEMBER
#include "lease.def"
#undef FIELD
};

extern const struct shape lease_shape;
