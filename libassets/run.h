/*
 * A frozen run of the projection, as it is asked for.
 */
#pragma once

#include "shape_row.h"

struct run {
#define FIELD SHAPE_MEMBER
#include "run.def"
#undef FIELD
};

extern const struct shape run_shape;

/* Defaults: as_of_on today, tag LIVE, seed 1, 10,000 paths. */
void run_settle(struct run *r, struct day today);
