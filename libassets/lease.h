/*
 * The terms of a lease: a part of disposal plans and of requests.
 */
#pragma once

#include "shape_row.h"

struct lease {
#define FIELD SHAPE_MEMBER
#include "lease.def"
#undef FIELD
};

extern const struct shape lease_shape;
