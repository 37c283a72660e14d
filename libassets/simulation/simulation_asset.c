/*
 * An asset for the simulation: the same tree, odds and prices as the projection's, so that the
 * mean of many paths is what the projection expects. Whatever changes a figure here moves
 * PROJECTION_VERSION, MODEL.md and tests/data/projection.json.
 */
#include "simulation_asset.h"

/* What all branches of an asset are made with. */
struct maker {
	const struct projection_model *model;
	struct price_book book;
	struct exact exact;
	uint32_t walk_years;
	bool is_too_large;
};

/* A branch before its leaves: MODEL.md 5. */
struct outline {
	const struct projection_slip *slip;
	bool is_contracted;
	int64_t ppb;
	struct day base;
	const struct projection_request *request; /* NULL: the market's */
};

static bool is_large(int64_t pence)
{
	return pence > SIMULATION_GROSS_MAX || pence < -SIMULATION_GROSS_MAX;
}

static void make_leaf(struct maker *k, const struct outline *o, int32_t quarter,
		      struct simulation_leaf *leaf)
{
	const struct projection_model *m = k->model;
	uint32_t fy = (uint32_t)(quarter_fy(quarter) - m->fy);
	struct price price;
	int128 unused;

	*leaf = (struct simulation_leaf){
		.terms = o->request ? price_terms_of_request(&k->book, o->request, quarter, &unused)
				    : price_terms_of_plan(&k->book, quarter),
		.year = fy < k->walk_years ? fy : k->walk_years - 1,
		.fy = fy,
		.is_counted = projection_in_horizon(m, quarter),
	};
	price = price_of(&leaf->terms, leaf->terms.gross_pence, &k->exact);
	leaf->net_pence = price.gross_pence - price.cost_pence;
}

static void make_branch(struct maker *k, const struct outline *o, struct simulation_branch *b)
{
	int32_t first = projection_quarter(k->model, o->base);
	int32_t add = o->is_contracted ? 0 : (int32_t)k->book.scenario->slip_add_quarters;
	int64_t share_ppm = 0, before = 0;

	b->steps = o->slip->steps;
	for (uint32_t i = 0; i < b->steps; i++) {
		struct simulation_leaf *leaf = &b->leaf[i];
		int64_t upto;

		share_ppm += o->slip->step[i].ppm;
		b->upto_ppm[i] = (uint32_t)share_ppm;
		make_leaf(k, o, first + o->slip->step[i].quarters + add, leaf);
		upto = exact_rdiv_even(o->ppb * share_ppm, PPM);
		if (upto > before)
			k->is_too_large |= is_large(leaf->terms.gross_pence) ||
					   is_large(leaf->terms.cost_fixed_pence);
		before = upto;
	}
}

static void make_market(struct maker *k, const struct tree *t, const struct tree_odds *odds,
			struct simulation_asset *s)
{
	struct outline o = {.ppb = odds->baseline_ppb, .base = t->plan_day};

	s->market_ppm = t->is_priced ? (uint64_t)odds->market_ppm : 0;
	if (!t->is_priced)
		return;
	o.slip = &k->model->params->slip[t->stage->slip];
	o.is_contracted = t->stage->is_contracted;
	make_branch(k, &o, &s->baseline);
	o.ppb = odds->market_ppb;
	o.base = t->market_day;
	make_branch(k, &o, &s->market);
}

/* The order in which requests are asked, before the market and after it. */
static void make_turns(const struct tree *t, const struct tree_odds *odds, const int64_t *afresh,
		       struct simulation_asset *s)
{
	uint64_t hold = 0, other = 0;

	s->holding = s->others = 0;
	for (uint32_t i = 0; i < t->requests; i++) {
		if (t->request[i].is_holding) {
			hold += (uint64_t)odds->request_ppb[i];
			s->hold[s->holding++] = (struct simulation_turn){hold, i};
		} else {
			other += (uint64_t)afresh[i];
			s->other[s->others++] = (struct simulation_turn){other, i};
		}
	}
}

bool simulation_asset_make(struct simulation_asset *s, const struct projection_model *m,
			   const struct projection_asset *a, int64_t beta_ppm, uint32_t walk_years)
{
	struct maker k = {.model = m, .walk_years = walk_years};
	int64_t afresh[PROJECTION_REQUESTS_MAX];
	struct tree_odds odds;
	struct tree t;

	tree_grow(&t, m, a);
	price_book_open(&k.book, m, a, &t.value, SCENARIO_LIKELY, &k.exact);
	tree_odds(&t, k.book.scenario, a, &odds);
	tree_odds_afresh(&t, k.book.scenario, afresh);
	s->beta_ppm = beta_ppm;
	make_market(&k, &t, &odds, s);
	make_turns(&t, &odds, afresh, s);
	for (uint32_t i = 0; i < t.requests; i++) {
		struct outline o = {
			.slip = &m->params->slip[t.request[i].state->slip],
			.is_contracted = t.request[i].state->is_contracted,
			.ppb = odds.request_ppb[i],
			.base = t.request[i].base,
			.request = t.request[i].request,
		};

		make_branch(&k, &o, &s->request[i]);
	}
	return !k.is_too_large;
}
