/*
 * Weighted sums by quarter and line, wide enough for any leaves, that become cells with one
 * rounding each; then net and present value. Source: valuation.md B6.
 */
#pragma once

#include "exact.h"
#include "projection_model.h"
#include "projection_result.h"

/* The lines that leaves add to; the others follow from them. */
enum tally_line { TALLY_GM, TALLY_CM, TALLY_GT, TALLY_CT, TALLY_RENT, TALLY_FORGONE, TALLY_LINES };

/* All zero when empty, and so after tally_cells(). */
struct tally {
	uint64_t touched[(PROJECTION_QUARTERS + 63) / 64]; /* quarters where something happens */
	int128 sum[PROJECTION_QUARTERS][TALLY_LINES];
};

/* Something happens in the quarter, even if no penny moves. */
static inline void tally_touch(struct tally *t, int32_t quarter)
{
	uint32_t i = (uint32_t)(quarter - PROJECTION_QUARTER_MIN);

	t->touched[i / 64] |= UINT64_C(1) << i % 64;
}

/* Add weight * pence; the quarter must be touched, or its sum is never seen. */
static inline void tally_add(struct tally *t, int32_t quarter, enum tally_line line, int64_t weight,
			     int128 pence)
{
	t->sum[quarter - PROJECTION_QUARTER_MIN][line] += pence * weight;
}

/*
 * Take the cells out, in ascending quarters, to `cell` (room for all the model's quarters).
 * divisor: PPB when the weights are probabilities, 1 when they are certain.
 */
void tally_cells(struct tally *t, const struct projection_model *m, int64_t divisor,
		 struct projection_cell *cell, struct projection_track *ret_track, struct exact *x);
