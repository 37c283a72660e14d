/*
 * The outcome tree: order and days of the branches, then their probabilities. Order decides
 * who is first to take a share of what is left, so it is total: ties end at the id, and two
 * machines that were given the requests in another order print the same bytes.
 */
#include "projection_tree.h"

#include "libassets/base/exact.h"

static struct day given_or(struct day given, struct day from, int64_t months)
{
	return day_is_none(given) ? day_add_months(from, (int32_t)months) : given;
}

static struct tree_request standing(const struct projection_model *m,
				    const struct projection_asset *a,
				    const struct projection_request *r)
{
	const struct projection_state *state = &m->params->state[r->state];
	struct day due = given_or(r->expected_date, r->state_date, state->complete_months);
	struct day free = given_or(r->release_date, r->state_date, state->release_months);

	return (struct tree_request){
		.request = r,
		.state = state,
		.is_holding =
			state->is_interest ? m->partner[a->lead].hold_on_interest : r->prohibits,
		.is_overdue = day_cmp(due, m->as_of) < 0,
		.base = day_later(due, m->as_of),
		.release = day_later(free, m->as_of),
	};
}

/* MODEL.md 5.1: the furthest state first, then the earliest, then the id. */
static bool goes_before(const struct tree_request *a, const struct tree_request *b)
{
	int by_day = day_cmp(a->request->state_date, b->request->state_date);

	if (a->state->rank != b->state->rank)
		return a->state->rank > b->state->rank;
	if (by_day)
		return by_day < 0;
	return a->request->id < b->request->id;
}

/* By insertion: an asset has one request, seldom two. */
static void insert(struct tree *t, struct tree_request r)
{
	uint32_t i = t->requests++;

	for (; i > 0 && goes_before(&r, &t->request[i - 1]); i--)
		t->request[i] = t->request[i - 1];
	t->request[i] = r;
}

/* MODEL.md 5.4: the market waits for the last release and then for the remarketing. */
static struct day market_day(const struct tree *t, int64_t remarket_months)
{
	struct day release = DAY_NONE;

	for (uint32_t i = 0; i < t->requests; i++) {
		if (t->request[i].is_holding)
			release = day_later(release, t->request[i].release);
	}
	if (day_is_none(release))
		return t->plan_day;
	return day_later(t->plan_day, day_add_months(release, (int32_t)remarket_months));
}

void tree_grow(struct tree *t, const struct projection_model *m, const struct projection_asset *a)
{
	t->value = price_standing(m, a);
	t->requests = 0;
	for (uint32_t i = 0; i < a->requests; i++)
		insert(t, standing(m, a, &a->request[i]));

	t->has_plan = a->plan.method != METHOD_NONE;
	t->is_priced = price_plan_is_priced(a, t->value.is_usable);
	t->is_delayed = false;
	if (!t->has_plan)
		return;
	t->stage = &m->params->stage[a->plan.stage];
	t->plan_day = day_later(a->plan.date, m->as_of);
	t->market_day = market_day(t, m->partner[a->lead].remarket_months);
	t->is_delayed = day_cmp(t->market_day, t->plan_day) > 0;
}

/* A contracted outcome has no scenario multiplier. */
static int64_t adjusted_ppm(int64_t p_ppm, int64_t mult_ppm, bool is_contracted)
{
	int64_t p = is_contracted ? p_ppm : exact_rdiv_even(p_ppm * mult_ppm, PPM);

	return p < PPM ? p : PPM;
}

/* Take a share of what is left. */
static int64_t take(int64_t *left_ppb, int64_t p_ppm)
{
	int64_t taken = exact_rdiv_even(*left_ppb * p_ppm, PPM);

	*left_ppb -= taken;
	return taken;
}

/* MODEL.md 5.3 and 5.6: the requests that hold, or those that do not, in order. */
static void take_requests(const struct tree *t, const struct projection_scenario_params *s,
			  bool holding, int64_t *left_ppb, struct tree_odds *odds)
{
	for (uint32_t i = 0; i < t->requests; i++) {
		const struct tree_request *r = &t->request[i];
		int64_t p = r->request->has_p ? r->request->p_ppm : r->state->p_ppm;

		if (r->is_holding != holding)
			continue;
		p = adjusted_ppm(p, s->p_request_mult_ppm, r->state->is_contracted);
		odds->request_ppb[i] = take(left_ppb, p);
		odds->transfer_ppb += odds->request_ppb[i];
	}
}

void tree_odds(const struct tree *t, const struct projection_scenario_params *s,
	       const struct projection_asset *a, struct tree_odds *ret_odds)
{
	int64_t left = PPB, p = 0;

	ret_odds->transfer_ppb = 0;
	if (t->is_priced) {
		p = a->plan.has_p ? a->plan.p_ppm : t->stage->p_ppm;
		p = adjusted_ppm(p, s->p_market_mult_ppm, t->stage->is_contracted);
	}
	ret_odds->market_ppm = p;
	ret_odds->baseline_ppb = 1000 * p;
	take_requests(t, s, true, &left, ret_odds);
	ret_odds->market_ppb = take(&left, p);
	take_requests(t, s, false, &left, ret_odds);
}

void tree_odds_afresh(const struct tree *t, const struct projection_scenario_params *s,
		      int64_t *ret_ppb)
{
	struct tree_odds odds = {0};
	int64_t left = PPB;

	take_requests(t, s, false, &left, &odds);
	memcpy(ret_ppb, odds.request_ppb, t->requests * sizeof(*ret_ppb));
}
