/*
 * One asset from inputs to result: the leaves of its tree, priced, spread over quarters and
 * summed, once for each scenario. Where nobody asks for the asset both tracks are the same
 * leaves, and the second is not worked out again.
 *
 * Runs millions of times in a rebuild, so it allocates nothing and touches only the quarters
 * in which something happens. Overflow is marked in one struct exact and looked at at the end.
 * Whatever changes a figure moves PROJECTION_VERSION, MODEL.md and tests/data/projection.json.
 */
#include "projection.h"

#include <stdlib.h>

#include "projection_branch.h"
#include "projection_flags.h"
#include "projection_lease.h"
#include "projection_price.h"
#include "projection_share.h"
#include "projection_tally.h"
#include "projection_tree.h"

struct projection_scratch {
	struct tree tree;
	struct tree_odds odds;
	struct tally tally;
	struct lease_years years;
	struct projection_result result;
};

struct projection_scratch *projection_scratch_new(void)
{
	return calloc(1, sizeof(struct projection_scratch));
}

void projection_scratch_free(struct projection_scratch *s)
{
	free(s);
}

static void put_leaf(const struct branch *b, const struct price_book *book, struct tally *t,
		     int32_t quarter, int64_t ppb)
{
	struct price price;
	int128 forgone;

	/* Also where nothing is paid: the cell exists (MODEL.md 6). */
	tally_touch(t, quarter);
	if (!b->request) {
		price = price_of_plan(book, quarter);
		tally_add(t, quarter, TALLY_GM, ppb, price.gross_pence);
		tally_add(t, quarter, TALLY_CM, ppb, price.cost_pence);
		return;
	}
	price = price_of_request(book, b->request, quarter, &forgone);
	tally_add(t, quarter, TALLY_GT, ppb, price.gross_pence);
	tally_add(t, quarter, TALLY_CT, ppb, price.cost_pence);
	tally_add(t, quarter, TALLY_FORGONE, ppb, forgone);
}

static void put_branch(const struct branch *b, const struct price_book *book,
		       struct projection_scratch *s)
{
	const struct projection_model *m = book->model;
	struct branch_leaf leaf[PROJECTION_STEPS_MAX];
	uint32_t n = branch_spread(b, m, leaf);

	for (uint32_t i = 0; i < n; i++) {
		int32_t quarter = leaf[i].quarter;

		put_leaf(b, book, &s->tally, quarter, leaf[i].ppb);
		if (b->lease)
			lease_accrue(b->lease, m,
				     leaf[i].late ? m->quarter_day[quarter - PROJECTION_QUARTER_MIN]
						  : b->base,
				     leaf[i].ppb, &s->tally, &s->years);
	}
	if (b->lease)
		lease_settle(b->lease, m, &s->tally, &s->years);
}

static void put_market(struct projection_scratch *s, const struct price_book *book, struct day base,
		       int64_t ppb)
{
	struct branch b;

	if (!s->tree.is_priced)
		return;
	b = branch_of_market(&s->tree, book, base, ppb);
	put_branch(&b, book, s);
}

static void put_requests(struct projection_scratch *s, const struct price_book *book)
{
	for (uint32_t i = 0; i < s->tree.requests; i++) {
		struct branch b = branch_of_request(&s->tree, i, book, s->odds.request_ppb[i]);

		put_branch(&b, book, s);
	}
}

/* Close a track: cells out of the tally into the result's store. */
static void take_cells(struct projection_scratch *s, const struct price_book *book, int64_t divisor,
		       struct projection_track *ret_track)
{
	struct projection_result *r = &s->result;

	tally_cells(&s->tally, book->model, divisor, r->cell + r->used, ret_track, book->exact);
	r->used += ret_track->cells;
}

/* Figures that stand beside the cells of the adjusted track: expectations over requests. */
static void expect_requests(const struct projection_scratch *s, const struct price_book *book,
			    struct projection_outcome *o)
{
	int128 rent = 0, benefit = 0, forgone = 0;
	bool has_purchase = false;

	for (uint32_t i = 0; i < s->tree.requests; i++) {
		const struct projection_request *r = s->tree.request[i].request;
		int64_t ppb = s->odds.request_ppb[i];
		int64_t rent_pa = r->has_lease ? r->lease.rent_pa_pence : 0;

		has_purchase |= r->kind == KIND_OWNERSHIP && ppb;
		if (r->kind != KIND_OWNERSHIP && r->has_market_rent)
			rent += ((int128)r->market_rent_pa_pence - rent_pa) * ppb;
		benefit += (int128)r->nfb_pence * ppb;
	}
	for (size_t i = 0; i < o->adjusted.cells; i++)
		forgone += o->adjusted.cell[i].forgone_pence;
	o->has_forgone = book->is_usable || !has_purchase;
	o->forgone_pence = exact_fit(book->exact, forgone);
	o->forgone_rent_pa_pence = exact_per_ppb(book->exact, rent);
	o->nfb_pence = exact_per_ppb(book->exact, benefit);
	o->p_transfer_ppb = s->odds.transfer_ppb;
}

static void put_open(struct projection_scratch *s, const struct price_book *book,
		     struct projection_outcome *o)
{
	tree_odds(&s->tree, book->scenario, book->asset, &s->odds);
	put_market(s, book, s->tree.plan_day, s->odds.baseline_ppb);
	take_cells(s, book, PPB, &o->baseline);
	o->p_market_ppb = s->odds.market_ppb;
	if (!s->tree.requests) {
		o->is_same = true;
		o->adjusted = o->baseline;
		o->has_forgone = true;
		return;
	}
	put_market(s, book, s->tree.market_day, s->odds.market_ppb);
	put_requests(s, book);
	take_cells(s, book, PPB, &o->adjusted);
	expect_requests(s, book, o);
}

static void put_frozen(const struct projection_frozen *f, struct tally *t)
{
	tally_touch(t, f->quarter);
	tally_add(t, f->quarter, TALLY_GM, 1, f->gm_pence);
	tally_add(t, f->quarter, TALLY_CM, 1, f->cm_pence);
	tally_add(t, f->quarter, TALLY_RENT, 1, f->rent_pence);
}

/* A completed asset: what came in, beside what had been expected when it was frozen. */
static void put_completed(struct projection_scratch *s, const struct price_book *book,
			  struct projection_outcome *o)
{
	const struct projection_completed *c = book->asset->completed;
	int32_t quarter = projection_quarter(book->model, c->date);
	struct projection_frozen as_it_came = {
		.quarter = quarter, .gm_pence = c->gross_pence, .cm_pence = c->cost_pence};
	bool is_transfer = c->is_transfer;

	for (uint32_t i = 0; c->has_baseline && i < c->baseline_quarters; i++)
		put_frozen(&c->baseline[i], &s->tally);
	if (!c->has_baseline)
		put_frozen(&as_it_came, &s->tally);
	take_cells(s, book, 1, &o->baseline);

	tally_touch(&s->tally, quarter);
	tally_add(&s->tally, quarter, is_transfer ? TALLY_GT : TALLY_GM, 1, c->gross_pence);
	tally_add(&s->tally, quarter, is_transfer ? TALLY_CT : TALLY_CM, 1, c->cost_pence);
	take_cells(s, book, 1, &o->adjusted);
	o->has_forgone = true;
}

static void put_planned(const struct projection_scratch *s, const struct price_book *book,
			struct projection_outcome *o)
{
	struct price price;

	o->has_planned = s->tree.is_priced;
	if (!o->has_planned)
		return;
	o->planned_quarter = projection_quarter(book->model, s->tree.plan_day);
	price = price_of_plan(book, o->planned_quarter);
	o->planned_gross_pence = price.gross_pence;
	o->planned_cost_pence = price.cost_pence;
}

static void run_scenario(struct projection_scratch *s, const struct projection_model *m,
			 const struct projection_asset *a, enum projection_scenario scenario,
			 struct exact *x)
{
	struct projection_outcome *o = &s->result.outcome[scenario];
	struct price_book book;

	*o = (struct projection_outcome){0};
	price_book_open(&book, m, a, &s->tree.value, scenario, x);
	if (a->completed)
		put_completed(s, &book, o);
	else
		put_open(s, &book, o);
	put_planned(s, &book, o);
	o->adjustment_pence =
		exact_fit(x, (int128)o->baseline.total_pence - o->adjusted.total_pence);
}

static bool has_owner(const struct projection_asset *a)
{
	for (uint32_t i = 0; i < a->owners; i++) {
		if (a->owner[i].units > 0)
			return true;
	}
	return false;
}

/* The cells of several owners must fit as those of the asset do. */
static bool shares_fit(const struct projection_asset *a, const struct projection_result *r)
{
	for (size_t i = 0; a->owners > 1 && i < r->used; i++) {
		if (!projection_share_fits(a, &r->cell[i]))
			return false;
	}
	return true;
}

static const struct projection_result *
refuse(struct projection_result *r, enum projection_status status, enum projection_flag flag)
{
	r->status = status;
	r->flags = UINT32_C(1) << flag;
	return r;
}

const struct projection_result *projection_run(const struct projection_model *m,
					       const struct projection_asset *a,
					       struct projection_scratch *s)
{
	struct projection_result *r = &s->result;
	struct exact x = {false};

	r->used = 0;
	if (!has_owner(a))
		return refuse(r, STATUS_E_NO_OWNER, FLAG_E_NO_OWNER);
	tree_grow(&s->tree, m, a);
	for (enum projection_scenario i = 0; i < SCENARIOS; i++)
		run_scenario(s, m, a, i, &x);
	if (x.is_overflown || !shares_fit(a, r))
		return refuse(r, STATUS_E_OVERFLOW, FLAG_E_OVERFLOW);
	r->status = a->completed ? STATUS_COMPLETED : STATUS_OK;
	r->flags = projection_flags(m, a, &s->tree);
	r->best_value = projection_best_value(m, a, &s->tree);
	return r;
}

const struct projection_result *projection_run_likely(const struct projection_model *m,
						      const struct projection_asset *a,
						      struct projection_scratch *s)
{
	struct projection_result *r = &s->result;
	struct exact x = {false};

	r->used = 0;
	tree_grow(&s->tree, m, a);
	run_scenario(s, m, a, SCENARIO_LIKELY, &x);
	r->status = x.is_overflown ? STATUS_E_OVERFLOW : STATUS_OK;
	return r;
}

const struct projection_result *projection_run_share(const struct projection_model *m,
						     const struct projection_asset *a,
						     uint32_t owner, struct projection_scratch *s)
{
	struct projection_cell part[PROJECTION_OWNERS_MAX];

	(void)projection_run(m, a, s);
	if (projection_is_error(s->result.status) || a->owners == 1)
		return &s->result;
	for (size_t i = 0; i < s->result.used; i++) {
		projection_share(a, &s->result.cell[i], part);
		s->result.cell[i] = part[owner];
	}
	return &s->result;
}
