/*
 * Weighted sums by quarter and line that become cells with one rounding each; then net and
 * present value. Sums are exact whatever the amounts: kept in 64 bits, and in 128 from the
 * moment one does not fit. Source: MODEL.md 6.
 */
#pragma once

#include "libassets/base/exact.h"
#include "projection_model.h"
#include "projection_result.h"

/* The lines that leaves add to; NET, PV and PVR follow from them. */
enum tally_line { TALLY_GM, TALLY_CM, TALLY_GT, TALLY_CT, TALLY_RENT, TALLY_FORGONE, TALLY_LINES };

enum { TALLY_WORDS = (PROJECTION_QUARTERS + 63) / 64 };

/* All zero when empty, and so after tally_cells(). */
struct tally {
	bool is_wide;                  /* `wide` holds the sums, not `sum` */
	uint32_t words;                /* those of `touched` behind it are zero */
	uint64_t touched[TALLY_WORDS]; /* quarters where something happens */
	int64_t sum[PROJECTION_QUARTERS][TALLY_LINES];
	int128 wide[PROJECTION_QUARTERS][TALLY_LINES];
};

/* Something happens in the quarter, even if no penny moves. */
static inline void tally_touch(struct tally *t, int32_t quarter)
{
	uint32_t i = (uint32_t)(quarter - PROJECTION_QUARTER_MIN);

	t->touched[i / 64] |= UINT64_C(1) << i % 64;
	if (i / 64 >= t->words)
		t->words = i / 64 + 1;
}

/* Add weight * pence to a quarter that has been touched, in 128 bits from now on. */
void tally_add_wide(struct tally *t, int32_t quarter, enum tally_line line, int64_t weight,
		    int128 pence);

/* The same in 64 bits as long as that is enough. */
static inline void tally_add(struct tally *t, int32_t quarter, enum tally_line line, int64_t weight,
			     int128 pence)
{
	int64_t *sum = &t->sum[quarter - PROJECTION_QUARTER_MIN][line], more;

	if (t->is_wide || !money_fits(pence) ||
	    __builtin_mul_overflow((int64_t)pence, weight, &more) ||
	    __builtin_add_overflow(*sum, more, &more))
		tally_add_wide(t, quarter, line, weight, pence);
	else
		*sum = more;
}

/*
 * Take the cells out, in ascending quarters, to `cell` (room for all the model's quarters).
 * divisor: PPB when the weights are probabilities, 1 when they are certain.
 * ret_track: borrows `cell`.    x: marked where a line, NET, present value or the total does
 * not fit 64 bits. The tally is empty afterwards.
 */
void tally_cells(struct tally *t, const struct projection_model *m, int64_t divisor,
		 struct projection_cell *cell, struct projection_track *ret_track, struct exact *x);
