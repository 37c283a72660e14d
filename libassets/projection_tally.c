/*
 * From sums to cells: one rounding for each line, NET by subtraction, present values by the
 * year's deflator and discount.
 *
 * Nearly all time of a projection is spent here and in what adds up. So sums stay in 64 bits
 * until one does not fit, touched quarters are bits, and taking a cell leaves its sums zero:
 * no pass over all quarters, neither before nor after.
 */
#include "projection_tally.h"

#include <assert.h>

static void widen(struct tally *t)
{
	for (uint32_t word = 0; word < t->words; word++) {
		for (uint64_t left = t->touched[word]; left; left &= left - 1) {
			uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(left);

			for (size_t line = 0; line < TALLY_LINES; line++) {
				t->wide[i][line] = t->sum[i][line];
				t->sum[i][line] = 0;
			}
		}
	}
	t->is_wide = true;
}

void tally_add_wide(struct tally *t, int32_t quarter, enum tally_line line, int64_t weight,
		    int128 pence)
{
	if (!t->is_wide)
		widen(t);
	t->wide[quarter - PROJECTION_QUARTER_MIN][line] += pence * weight;
}

static inline int64_t present_value(const struct projection_model *m, int32_t quarter,
				    int64_t pence, struct exact *x)
{
	const struct projection_year *then = projection_year(m, quarter_fy(quarter));
	int64_t real;

	if (quarter < m->first_quarter)
		return 0;
	real = exact_to_index(x, pence, projection_year(m, m->fy)->deflator.value, &then->deflator);
	return exact_scaled(x, real, then->discount);
}

static inline int64_t net_of(const int64_t *line, struct exact *x)
{
	int64_t market, transfer, net;

	if (!__builtin_sub_overflow(line[LINE_GM], line[LINE_CM], &market) &&
	    !__builtin_sub_overflow(line[LINE_GT], line[LINE_CT], &transfer) &&
	    !__builtin_add_overflow(market, transfer, &net))
		return net;
	return exact_fit(x, (int128)line[LINE_GM] - line[LINE_CM] + line[LINE_GT] - line[LINE_CT]);
}

/* The lines that follow from the others. */
static inline void derive(const struct projection_model *m, struct projection_cell *c,
			  struct exact *x)
{
	int64_t *line = c->line;

	if (line[LINE_GM] | line[LINE_CM] | line[LINE_GT] | line[LINE_CT]) {
		line[LINE_NET] = net_of(line, x);
		line[LINE_PV] = present_value(m, c->quarter, line[LINE_NET], x);
	}
	if (line[LINE_RENT])
		line[LINE_PVR] = present_value(m, c->quarter, line[LINE_RENT], x);
}

/* The first lines of a cell are those of a tally. */
static_assert((int)LINE_GM == TALLY_GM && (int)LINE_CM == TALLY_CM && (int)LINE_GT == TALLY_GT &&
		      (int)LINE_CT == TALLY_CT && (int)LINE_RENT == TALLY_RENT,
	      "lines of cells and tallies");

/* Nearly all sums: 64 bits, and most lines of most cells empty. */
static inline void round_small(int64_t *sum, int64_t divisor, struct projection_cell *c)
{
	for (size_t i = 0; i <= TALLY_RENT; i++) {
		if (sum[i])
			c->line[i] = divisor == PPB ? exact_rdiv_even(sum[i], PPB) : sum[i];
	}
}

static void round_wide(int128 *sum, int64_t divisor, struct projection_cell *c, struct exact *x)
{
	for (size_t i = 0; i <= TALLY_RENT; i++)
		c->line[i] = divisor == PPB ? exact_per_ppb(x, sum[i]) : exact_fit(x, sum[i]);
}

/* Parts of a running total sum to the asset's one rounded figure. */
static int64_t part_of(int128 *running, int128 more, int64_t divisor, struct exact *x)
{
	int128 before = *running;

	*running += more;
	return exact_fit(x, money_rdiv(*running, divisor) - money_rdiv(before, divisor));
}

/* Take the sums of one quarter, leaving zeros. */
static inline void take_cell(struct tally *t, uint32_t i, int64_t divisor, int128 *forgone,
			     struct projection_cell *c, struct exact *x)
{
	*c = (struct projection_cell){.quarter = PROJECTION_QUARTER_MIN + (int32_t)i};
	if (__builtin_expect(t->is_wide, 0)) {
		round_wide(t->wide[i], divisor, c, x);
		c->forgone_pence = part_of(forgone, t->wide[i][TALLY_FORGONE], divisor, x);
		memset(t->wide[i], 0, sizeof(t->wide[i]));
	} else {
		round_small(t->sum[i], divisor, c);
		if (t->sum[i][TALLY_FORGONE])
			c->forgone_pence = part_of(forgone, t->sum[i][TALLY_FORGONE], divisor, x);
		memset(t->sum[i], 0, sizeof(t->sum[i]));
	}
}

void tally_cells(struct tally *t, const struct projection_model *m, int64_t divisor,
		 struct projection_cell *cell, struct projection_track *ret_track, struct exact *x)
{
	struct projection_cell *c = cell;
	int128 total = 0, forgone = 0;

	for (uint32_t word = 0; word < t->words; word++) {
		for (uint64_t left = t->touched[word]; left; left &= left - 1) {
			take_cell(t, word * 64 + (uint32_t)__builtin_ctzll(left), divisor, &forgone,
				  c, x);
			derive(m, c, x);
			if (projection_in_horizon(m, c->quarter))
				total += c->line[LINE_NET];
			c++;
		}
		t->touched[word] = 0;
	}
	t->words = 0;
	t->is_wide = false;
	*ret_track = (struct projection_track){
		.cell = cell,
		.cells = (size_t)(c - cell),
		.total_pence = exact_fit(x, total),
	};
}
