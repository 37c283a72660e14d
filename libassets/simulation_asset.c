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

static const struct simulation_leaf *late(const struct simulation_branch *b, uint32_t u)
{
	uint32_t i = 0;

	/* The shares sum to all, so the last is met by every draw. */
	while (i + 1 < b->steps && !simulation_hits(u, b->upto_ppm[i], PPM))
		i++;
	return &b->leaf[i];
}

/* The first turn that the draw falls to; NULL: none. */
static const struct simulation_turn *turn_of(const struct simulation_turn *turn, uint32_t n,
					     uint32_t u)
{
	for (uint32_t i = 0; i < n; i++) {
		if (simulation_hits(u, turn[i].upto_ppb, PPB))
			return &turn[i];
	}
	return NULL;
}

struct simulation_path simulation_follow(const struct simulation_asset *s,
					 const struct simulation_draws *d)
{
	bool is_sold = simulation_hits(d->market, s->market_ppm, PPM);
	const struct simulation_turn *turn = turn_of(s->hold, s->holding, d->request);
	struct simulation_path path = {.baseline =
					       is_sold ? late(&s->baseline, d->market_slip) : NULL};

	if (!turn && is_sold)
		path.adjusted = late(&s->market, d->market_slip);
	if (!turn && !is_sold)
		turn = turn_of(s->other, s->others, d->late_request);
	if (turn)
		path.adjusted = late(&s->request[turn->request], d->transfer_slip);
	return path;
}

int64_t simulation_net(const struct simulation_asset *s, const struct simulation_leaf *leaf,
		       const struct projection_params *p, const int32_t *walk, int32_t shock)
{
	struct exact x = {false};
	struct price price;
	int64_t market, mult, gross;

	if (!leaf->terms.is_of_market)
		return leaf->net_pence;
	market = exact_rdiv_even(p->mc_sigma_market * walk[leaf->year], SIMULATION_SIGMA);
	mult = PPM + exact_rdiv_even(s->beta_ppm * market, PPM) +
	       exact_rdiv_even(p->mc_sigma_asset * shock, SIMULATION_SIGMA);
	if (mult < p->mc_floor_ppm)
		mult = p->mc_floor_ppm;
	gross = exact_rdiv_wide(&x, (int128)leaf->terms.gross_pence * mult, PPM);
	if (gross < leaf->terms.floor_pence)
		gross = leaf->terms.floor_pence;
	price = price_of(&leaf->terms, gross, &x);
	return price.gross_pence - price.cost_pence;
}
