/*
 * From sums to cells: one rounding for each line, NET by subtraction, present values by the
 * year's deflator and discount.
 */
#include "projection_tally.h"

static void present_values(const struct projection_model *m, struct projection_cell *c,
			   struct exact *x)
{
	static const enum projection_line from[] = {LINE_NET, LINE_RENT};
	static const enum projection_line to[] = {LINE_PV, LINE_PVR};
	const struct projection_year *now = projection_year(m, m->fy);
	const struct projection_year *then = projection_year(m, quarter_fy(c->quarter));

	for (size_t i = 0; i < COUNT(from); i++) {
		int64_t real = 0;

		if (c->quarter >= m->first_quarter && c->line[from[i]]) {
			real = exact_index(x, c->line[from[i]], now->deflator, then->deflator);
			real = exact_muldiv(x, real, then->discount, PROJECTION_ONE);
		}
		c->line[to[i]] = real;
	}
}

static int64_t rounded(struct exact *x, int128 sum, int64_t divisor)
{
	return divisor == PPB ? exact_per_ppb(x, sum) : exact_fit(x, sum);
}

static void cell_fill(const struct projection_model *m, const int128 *sum, int64_t divisor,
		      struct projection_cell *c, struct exact *x)
{
	int64_t *line = c->line;

	line[LINE_GM] = rounded(x, sum[TALLY_GM], divisor);
	line[LINE_CM] = rounded(x, sum[TALLY_CM], divisor);
	line[LINE_GT] = rounded(x, sum[TALLY_GT], divisor);
	line[LINE_CT] = rounded(x, sum[TALLY_CT], divisor);
	line[LINE_RENT] = rounded(x, sum[TALLY_RENT], divisor);
	line[LINE_NET] =
		exact_fit(x, (int128)line[LINE_GM] - line[LINE_CM] + line[LINE_GT] - line[LINE_CT]);
	present_values(m, c, x);
}

/* Parts of a running total sum to the asset's one rounded figure. */
static int64_t part_of(int128 *running, int128 sum, int64_t divisor, struct exact *x)
{
	int128 before = *running;

	if (!sum)
		return 0;
	*running += sum;
	return exact_fit(x, money_rdiv(*running, divisor) - money_rdiv(before, divisor));
}

void tally_cells(struct tally *t, const struct projection_model *m, int64_t divisor,
		 struct projection_cell *cell, struct projection_track *ret_track, struct exact *x)
{
	struct projection_cell *c = cell;
	int128 total = 0, forgone = 0;

	for (uint32_t word = 0; word < COUNT(t->touched); word++) {
		for (; t->touched[word]; t->touched[word] &= t->touched[word] - 1) {
			uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(t->touched[word]);

			c->quarter = PROJECTION_QUARTER_MIN + (int32_t)i;
			cell_fill(m, t->sum[i], divisor, c, x);
			c->forgone_pence = part_of(&forgone, t->sum[i][TALLY_FORGONE], divisor, x);
			if (projection_in_horizon(m, c->quarter))
				total += c->line[LINE_NET];
			memset(t->sum[i], 0, sizeof(t->sum[i]));
			c++;
		}
	}
	*ret_track = (struct projection_track){
		.cell = cell,
		.cells = (size_t)(c - cell),
		.total_pence = exact_fit(x, total),
	};
}
