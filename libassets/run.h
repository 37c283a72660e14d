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

/*
 * Defaults: as_of_on today, tag LIVE, seed 1, 10,000 paths. Where valid_on or known_at is given,
 * the other is today, or now; where neither is, both stay absent: the data are those at the freeze.
 */
MUST_CHECK int run_settle(struct run *r, struct day today, int64_t now_us, struct flaws *flaws);

/* The data are of another day or moment than the freeze. */
bool run_is_as_at(const struct run *r);
