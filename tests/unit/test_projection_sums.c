/*
 * The reconciliation rule on 10,000 random portfolios: parts sum to the whole in every
 * dimension, at every level, and what is added one by one is what is worked out afresh.
 */
#include <criterion/criterion.h>

#include "libassets/projection/projection_rollup.h"
#include "libassets/projection/projection_share.h"
#include "tests/unit/portfolio.h"

enum { GROUNDS = 100, PORTFOLIOS_EACH = 100 };

/* The spans that a reader may ask for, one at a time. */
static struct rollup_span span_at(const struct rollup *r, uint32_t i, bool *ret_is_total)
{
	uint32_t quarters = (uint32_t)(r->end_quarter - r->first_quarter);
	struct rollup_span total = rollup_total(r);

	*ret_is_total = i == 0;
	if (i == 0)
		return total;
	if (i <= quarters)
		return rollup_quarter(r, r->first_quarter + (int32_t)i - 1);
	if (i == quarters + 1)
		return rollup_beyond(r);
	/* Actuals: what lies before the total. */
	i -= quarters + 2;
	return i < total.from ? rollup_actual(r, r->actual_fy + (int32_t)i)
			      : (struct rollup_span){0, 0};
}

static uint32_t spans(const struct rollup *r)
{
	return (uint32_t)(r->end_quarter - r->first_quarter) + 2 + rollup_total(r).from;
}

static void sums_add(struct rollup_sums *to, const struct rollup_sums *a)
{
	to->baseline.gross_pence += a->baseline.gross_pence;
	to->baseline.cost_pence += a->baseline.cost_pence;
	to->baseline.net_pence += a->baseline.net_pence;
	to->baseline.pv_pence += a->baseline.pv_pence;
	to->adjusted.gross_pence += a->adjusted.gross_pence;
	to->adjusted.cost_pence += a->adjusted.cost_pence;
	to->adjusted.net_pence += a->adjusted.net_pence;
	to->adjusted.pv_pence += a->adjusted.pv_pence;
	to->rent_pence += a->rent_pence;
	to->forgone_pence += a->forgone_pence;
}

static bool tracks_equal(const struct rollup_track *a, const struct rollup_track *b)
{
	return a->gross_pence == b->gross_pence && a->cost_pence == b->cost_pence &&
	       a->net_pence == b->net_pence && a->pv_pence == b->pv_pence;
}

static bool sums_equal(const struct rollup_sums *a, const struct rollup_sums *b)
{
	return tracks_equal(&a->baseline, &b->baseline) &&
	       tracks_equal(&a->adjusted, &b->adjusted) && a->rent_pence == b->rent_pence &&
	       a->forgone_pence == b->forgone_pence;
}

/* Every dimension has the same sums over every span, and years and quarters sum to totals. */
static void expect_dimensions_agree(const struct rollup *r, enum projection_scenario s)
{
	for (uint32_t i = 0; i < spans(r); i++) {
		bool is_total;
		struct rollup_span span = span_at(r, i, &is_total);
		struct rollup_sums all = rollup_read(r, ROLLUP_ALL, 0, s, span);

		for (enum rollup_dim d = ROLLUP_CLASS; d < ROLLUPS; d++) {
			struct rollup_sums sum = {0};

			for (uint32_t key = 0; key < rollup_keys(r, d); key++) {
				struct rollup_sums one = rollup_read(r, d, key, s, span);

				sums_add(&sum, &one);
			}
			cr_assert(sums_equal(&sum, &all), "dimension %d span %u", d, i);
		}
	}
}

static void expect_years_sum(const struct rollup *r, enum projection_scenario s)
{
	struct rollup_sums total = rollup_read(r, ROLLUP_ALL, 0, s, rollup_total(r));
	struct rollup_sums by_year = {0}, by_quarter = {0};

	for (int32_t fy = quarter_fy(r->first_quarter); fy <= quarter_fy(r->end_quarter - 1);
	     fy++) {
		struct rollup_sums one = rollup_read(r, ROLLUP_ALL, 0, s, rollup_year(r, fy));

		sums_add(&by_year, &one);
	}
	for (int32_t q = r->first_quarter; q < r->end_quarter; q++) {
		struct rollup_sums one = rollup_read(r, ROLLUP_ALL, 0, s, rollup_quarter(r, q));

		sums_add(&by_quarter, &one);
	}
	cr_assert(sums_equal(&total, &by_year));
	cr_assert(sums_equal(&total, &by_quarter));
}

/* What the roll-up should hold, from the owners' parts alone. */
struct plain {
	int128 net[2], adjustment; /* baseline, adjusted; in the horizon */
};

static void count_track(struct plain *p, const struct projection_model *m,
			const struct projection_asset *a, const struct projection_track *t,
			size_t track)
{
	struct projection_cell part[PORTFOLIO_OWNERS];
	int128 total = 0;

	for (size_t i = 0; i < t->cells; i++) {
		int128 sum[LINES] = {0}, forgone = 0;

		cr_assert(i == 0 || t->cell[i].quarter > t->cell[i - 1].quarter);
		projection_share(a, &t->cell[i], part);
		for (uint32_t k = 0; k < a->owners; k++) {
			for (size_t line = 0; line < LINES; line++)
				sum[line] += part[k].line[line];
			forgone += part[k].forgone_pence;
			if (projection_in_horizon(m, t->cell[i].quarter))
				p->net[track] += part[k].line[LINE_NET];
		}
		for (size_t line = 0; line < LINES; line++)
			cr_assert(sum[line] == t->cell[i].line[line], "line %zu", line);
		cr_assert(forgone == t->cell[i].forgone_pence);
		if (projection_in_horizon(m, t->cell[i].quarter))
			total += t->cell[i].line[LINE_NET];
	}
	cr_assert(total == t->total_pence);
}

/* The rules that hold of one asset by itself, and its owners' parts into *p. */
static void count_asset(struct plain p[SCENARIOS], const struct projection_model *m,
			const struct projection_asset *a, const struct projection_result *r)
{
	for (size_t s = 0; s < SCENARIOS && !projection_is_error(r->status); s++) {
		const struct projection_outcome *o = &r->outcome[s];
		int128 forgone = 0;

		for (size_t i = 0; i < o->adjusted.cells; i++)
			forgone += o->adjusted.cell[i].forgone_pence;
		cr_assert(a->completed || forgone == o->forgone_pence);
		cr_assert_eq(o->adjustment_pence,
			     o->baseline.total_pence - o->adjusted.total_pence);
		cr_assert_eq(o->is_same, !a->completed && !a->requests);
		cr_assert_leq(o->p_transfer_ppb + o->p_market_ppb, PPB);
		count_track(&p[s], m, a, &o->baseline, 0);
		count_track(&p[s], m, a, &o->adjusted, 1);
		p[s].adjustment += o->adjustment_pence;
	}
}

static void expect_whole(const struct rollup *r, const struct plain p[SCENARIOS])
{
	for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
		struct rollup_sums all = rollup_read(r, ROLLUP_ALL, 0, s, rollup_total(r));

		cr_assert(all.baseline.net_pence == p[s].net[0]);
		cr_assert(all.adjusted.net_pence == p[s].net[1]);
		cr_assert(all.baseline.net_pence - all.adjusted.net_pence == p[s].adjustment);
		expect_dimensions_agree(r, s);
		expect_years_sum(r, s);
	}
}

static void add(struct rollup *r, const struct portfolio_ground *g, const struct portfolio_asset *a,
		struct projection_scratch *scratch)
{
	cr_assert_eq(rollup_add(r, &a->asset, projection_run(g->model, &a->asset, scratch)), 0);
}

/* Whatever one may read of both is the same. */
static void expect_same(const struct rollup *a, const struct rollup *b)
{
	cr_assert_eq(spans(a) - rollup_total(a).from, spans(b) - rollup_total(b).from);
	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		for (uint32_t key = 0; key < 12; key++) {
			for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
				struct rollup_sums x, y;

				for (int32_t q = a->first_quarter; q <= a->end_quarter; q++) {
					x = rollup_read(a, d, key, s, rollup_quarter(a, q));
					y = rollup_read(b, d, key, s, rollup_quarter(b, q));
					cr_assert(sums_equal(&x, &y) && x.cells == y.cells);
				}
				x = rollup_read(a, d, key, s,
						(struct rollup_span){0, rollup_total(a).from});
				y = rollup_read(b, d, key, s,
						(struct rollup_span){0, rollup_total(b).from});
				cr_assert(sums_equal(&x, &y) && x.cells == y.cells);
			}
		}
	}
}

typedef void portfolio_check(const struct portfolio_ground *, struct portfolio *,
			     struct portfolio_random *, struct projection_scratch *);

/* Every `step`-th ground from `first`, with a hundred portfolios on each. */
static void each_portfolio(int first, int step, bool is_wild, portfolio_check *check)
{
	struct projection_scratch *scratch = projection_scratch_new();
	struct portfolio *p = malloc(sizeof(*p));

	cr_assert(scratch && p);
	for (int i = first; i < GROUNDS; i += step) {
		struct portfolio_random random = {.seed = 1000u + (unsigned)i, .is_wild = is_wild};
		struct portfolio_ground ground;

		cr_assert_eq(portfolio_ground_init(&ground, &random), 0);
		for (int k = 0; k < PORTFOLIOS_EACH; k++) {
			portfolio_fill(p, &ground, &random);
			check(&ground, p, &random, scratch);
		}
		portfolio_ground_done(&ground);
	}
	free(p);
	projection_scratch_free(scratch);
}

static void check_sums(const struct portfolio_ground *g, struct portfolio *p,
		       struct portfolio_random *random, struct projection_scratch *scratch)
{
	struct plain plain[SCENARIOS] = {0};
	struct rollup r;

	(void)random;
	rollup_init(&r, g->model);
	for (size_t i = 0; i < p->assets; i++) {
		const struct projection_asset *a = &p->asset[i].asset;
		const struct projection_result *result = projection_run(g->model, a, scratch);

		count_asset(plain, g->model, a, result);
		cr_assert_eq(rollup_add(&r, a, result), 0);
	}
	expect_whole(&r, plain);
	rollup_done(&r);
}

Test(projection_sums, reconcile_1)
{
	each_portfolio(0, 2, false, check_sums);
}

Test(projection_sums, reconcile_2)
{
	each_portfolio(1, 2, false, check_sums);
}

/* Amounts of any 64 bits, days at the ends of the range, parameters at theirs. */
Test(projection_sums, reconcile_whatever_the_amounts)
{
	each_portfolio(2, 20, true, check_sums);
}

/* Backwards, and in two halves that are merged. */
static void check_order(const struct portfolio_ground *g, struct portfolio *p,
			struct portfolio_random *random, struct projection_scratch *scratch)
{
	struct rollup forward, backward, odd;

	(void)random;
	rollup_init(&forward, g->model);
	rollup_init(&backward, g->model);
	rollup_init(&odd, g->model);
	for (size_t i = 0; i < p->assets; i++) {
		size_t last = p->assets - 1 - i;

		add(&forward, g, &p->asset[i], scratch);
		add(last % 2 ? &odd : &backward, g, &p->asset[last], scratch);
	}
	cr_assert_eq(rollup_merge(&backward, &odd), 0);
	expect_same(&forward, &backward);
	rollup_done(&forward);
	rollup_done(&backward);
	rollup_done(&odd);
}

Test(projection_sums, do_not_depend_on_order_or_threads)
{
	each_portfolio(0, 10, false, check_order);
}

/* Change every asset once, by taking the old away and adding the new. */
static void check_delta(const struct portfolio_ground *g, struct portfolio *p,
			struct portfolio_random *random, struct projection_scratch *scratch)
{
	struct rollup moved, fresh;

	rollup_init(&moved, g->model);
	rollup_init(&fresh, g->model);
	for (size_t i = 0; i < p->assets; i++)
		add(&moved, g, &p->asset[i], scratch);
	for (size_t i = 0; i < p->assets; i++) {
		const struct projection_asset *a = &p->asset[i].asset;

		cr_assert_eq(rollup_subtract(&moved, a, projection_run(g->model, a, scratch)), 0);
		portfolio_fill_asset(&p->asset[i], g, random, a->id);
		add(&moved, g, &p->asset[i], scratch);
	}
	for (size_t i = 0; i < p->assets; i++)
		add(&fresh, g, &p->asset[i], scratch);
	expect_same(&moved, &fresh);
	rollup_done(&moved);
	rollup_done(&fresh);
}

Test(projection_sums, moved_by_delta_equal_those_worked_out_afresh)
{
	each_portfolio(1, 10, false, check_delta);
}
