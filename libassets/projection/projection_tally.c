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

/* Once one sum is wide, all of the asset's are: amounts of that size are next to never met. */
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

	if (quarter < m->first_quarter)
		return 0;
	return exact_times(x, exact_times(x, pence, &then->deflator), &then->discount);
}

static int64_t net_wide(const int64_t *line, struct exact *x)
{
	return exact_fit(x, (int128)line[LINE_GM] - line[LINE_CM] + line[LINE_GT] - line[LINE_CT]);
}

static inline int64_t net_of(const int64_t *line, struct exact *x)
{
	int64_t market, transfer, net;

	if (!__builtin_sub_overflow(line[LINE_GM], line[LINE_CM], &market) &&
	    !__builtin_sub_overflow(line[LINE_GT], line[LINE_CT], &transfer) &&
	    !__builtin_add_overflow(market, transfer, &net))
		return net;
	return net_wide(line, x);
}

/* The first lines of a cell are those of a tally. */
static_assert((int)LINE_GM == TALLY_GM && (int)LINE_CM == TALLY_CM && (int)LINE_GT == TALLY_GT &&
		      (int)LINE_CT == TALLY_CT && (int)LINE_RENT == TALLY_RENT,
	      "lines of cells and tallies");

static inline uint64_t size_of(int64_t pence)
{
	return pence < 0 ? -(uint64_t)pence : (uint64_t)pence;
}

/* Parts of a running total sum to the asset's one rounded figure. */
static int64_t part_of(int128 *running, int128 more, int64_t divisor, struct exact *x)
{
	int128 before = *running;

	*running += more;
	return exact_fit(x, money_rdiv(*running, divisor) - money_rdiv(before, divisor));
}

/* A line's sum, rounded, and its size into *most. */
static inline int64_t take_line(int64_t sum, bool is_ppb, uint64_t *most)
{
	int64_t pence = is_ppb ? exact_rdiv_even(sum, PPB) : sum;

	*most |= size_of(pence);
	return pence;
}

/* Nearly all sums: 64 bits, and most lines of most cells are empty. Or'ed sizes of its lines. */
static inline uint64_t take_small(const int64_t *sum, bool is_ppb, struct projection_cell *c)
{
	uint64_t most = 0;

	if (sum[TALLY_GM] | sum[TALLY_CM]) {
		c->line[LINE_GM] = take_line(sum[TALLY_GM], is_ppb, &most);
		c->line[LINE_CM] = take_line(sum[TALLY_CM], is_ppb, &most);
	}
	if (sum[TALLY_GT] | sum[TALLY_CT]) {
		c->line[LINE_GT] = take_line(sum[TALLY_GT], is_ppb, &most);
		c->line[LINE_CT] = take_line(sum[TALLY_CT], is_ppb, &most);
	}
	if (sum[TALLY_RENT])
		c->line[LINE_RENT] = take_line(sum[TALLY_RENT], is_ppb, &most);
	return most;
}

static uint64_t take_wide(const int128 *sum, int64_t divisor, struct projection_cell *c,
			  struct exact *x)
{
	uint64_t most = 0;

	for (size_t i = 0; i <= TALLY_RENT; i++) {
		c->line[i] = divisor == PPB ? exact_per_ppb(x, sum[i]) : exact_fit(x, sum[i]);
		most |= size_of(c->line[i]);
	}
	return most;
}

/* A track while its cells are taken out of a tally. */
struct taking {
	struct exact *exact;
	int64_t divisor;
	int128 forgone; /* so far, not divided */
	uint64_t most;  /* or'ed sizes: no amount so far is larger */
};

/* Take the sums of one quarter, leaving zeros. */
static inline void take_cell(struct taking *k, struct tally *t, uint32_t i,
			     struct projection_cell *c)
{
	int128 forgone;

	*c = (struct projection_cell){.quarter = PROJECTION_QUARTER_MIN + (int32_t)i};
	if (__builtin_expect(t->is_wide, 0)) {
		forgone = t->wide[i][TALLY_FORGONE];
		k->most |= take_wide(t->wide[i], k->divisor, c, k->exact);
		memset(t->wide[i], 0, sizeof(t->wide[i]));
	} else {
		forgone = t->sum[i][TALLY_FORGONE];
		k->most |= take_small(t->sum[i], k->divisor == PPB, c);
		memset(t->sum[i], 0, sizeof(t->sum[i]));
	}
	if (forgone) {
		c->forgone_pence = part_of(&k->forgone, forgone, k->divisor, k->exact);
		k->most |= size_of(c->forgone_pence);
	}
}

/* Take every quarter that was touched; how many there were. */
static size_t take_cells(struct taking *k, struct tally *t, struct projection_cell *cell)
{
	struct projection_cell *c = cell;

	for (uint32_t word = 0; word < t->words; word++) {
		for (uint64_t left = t->touched[word]; left; left &= left - 1)
			take_cell(k, t, word * 64 + (uint32_t)__builtin_ctzll(left), c++);
		t->touched[word] = 0;
	}
	t->words = 0;
	t->is_wide = false;
	return (size_t)(c - cell);
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

void tally_cells(struct tally *t, const struct projection_model *m, int64_t divisor,
		 struct projection_cell *cell, struct projection_track *ret_track, struct exact *x)
{
	struct taking k = {.exact = x, .divisor = divisor};
	size_t n = take_cells(&k, t, cell);
	int128 total = 0;

	for (struct projection_cell *c = cell; c < cell + n; c++) {
		derive(m, c, x);
		k.most |= size_of(c->line[LINE_PV]);
		if (projection_in_horizon(m, c->quarter))
			total += c->line[LINE_NET];
	}
	*ret_track = (struct projection_track){
		.cell = cell,
		.cells = n,
		.total_pence = exact_fit(x, total),
		.most_pence = k.most,
	};
}
