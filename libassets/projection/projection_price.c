/*
 * Prices: four rounded steps from the valuation to a quarter's market value, and from there
 * to what a sale, a lease or a community's purchase brings and costs. The order of the steps
 * is part of the model: rounding makes another order another figure (MODEL.md 4).
 */
#include "projection_price.h"

struct price_standing price_standing(const struct projection_model *m,
				     const struct projection_asset *a)
{
	struct day valued = a->valuation.date;
	bool is_expired;

	if (!a->has_valuation)
		return (struct price_standing){0};
	is_expired = day_cmp(valued, m->expired_day) <= 0;
	return (struct price_standing){
		.is_usable = m->params->basis_factor_ppm[a->valuation.basis] && !is_expired,
		.is_stale = day_cmp(valued, m->stale_day) <= 0,
		.is_expired = is_expired,
		.quarter = projection_quarter(m, valued),
	};
}

bool price_plan_is_priced(const struct projection_asset *a, bool is_usable)
{
	switch ((enum projection_method)a->plan.method) {
	case METHOD_NONE:
		return false;
	case METHOD_SALE:
		return a->plan.has_agreed_price || is_usable;
	case METHOD_LEASE:
		return true;
	}
	return false;
}

static void value_open(struct price_book *b, const struct price_standing *standing)
{
	const struct projection_params *p = b->model->params;
	const struct projection_valuation *v = &b->asset->valuation;
	struct exact own = {false};
	int64_t value = exact_ppm(&own, v->amount_pence, p->basis_factor_ppm[v->basis]);

	if (standing->is_stale)
		value = exact_ppm(&own, value, PPM - b->scenario->stale_haircut_ppm);
	b->value_pence = exact_ppm(&own, value, b->scenario->price_ppm);
	b->is_overflown = own.is_overflown;
	b->index_of_valuation =
		exact_index_of(b->index[standing->quarter - PROJECTION_QUARTER_MIN]);
}

void price_book_open(struct price_book *b, const struct projection_model *m,
		     const struct projection_asset *a, const struct price_standing *standing,
		     enum projection_scenario s, struct exact *x)
{
	*b = (struct price_book){
		.model = m,
		.asset = a,
		.lead = &m->partner[a->lead],
		.scenario = &m->params->scenario[s],
		.index = m->index[s] + (size_t)m->class_index[a->class] * PROJECTION_QUARTERS,
		.exact = x,
		.is_usable = standing->is_usable,
	};
	if (b->is_usable)
		value_open(b, standing);
}

int64_t price_value_at(const struct price_book *b, int32_t quarter)
{
	int64_t value =
		exact_to_index(b->exact, b->value_pence, b->index[quarter - PROJECTION_QUARTER_MIN],
			       &b->index_of_valuation);

	b->exact->is_overflown |= b->is_overflown;
	return value > 0 ? value : 0;
}

static int64_t capital_premium(bool has_lease, const struct projection_lease *l)
{
	return has_lease && l->class == LEASE_CLASS_FINANCE ? l->premium_pence : 0;
}

/* Price and cost must fit together, so that no later sum of the two is in doubt. */
struct price price_of(const struct price_terms *t, int64_t gross_pence, struct exact *x)
{
	int64_t cost = exact_ppm(x, gross_pence, t->cost_rate_ppm);

	cost = exact_add(x, cost, t->cost_fixed_pence);
	cost = exact_ppm(x, cost, t->cost_mult_ppm);
	(void)exact_add(x, gross_pence, cost);
	return (struct price){gross_pence, cost};
}

static inline struct price_terms terms(const struct price_book *b, int64_t gross_pence,
				       int64_t rate_ppm, int64_t fixed_pence)
{
	return (struct price_terms){
		.gross_pence = gross_pence,
		.floor_pence = INT64_MIN,
		.cost_rate_ppm = rate_ppm,
		.cost_fixed_pence = fixed_pence,
		.cost_mult_ppm = b->scenario->cost_mult_ppm,
	};
}

struct price_terms price_terms_of_plan(const struct price_book *b, int32_t quarter)
{
	const struct projection_plan *p = &b->asset->plan;
	const struct projection_partner *lead = b->lead;
	struct price_terms t;
	int64_t gross, fixed;

	if (p->method == METHOD_LEASE) {
		fixed = p->has_cost_fixed ? p->cost_fixed_pence : lead->lease_cost_fixed_pence;
		return terms(b, capital_premium(p->has_lease, &p->lease), 0, fixed);
	}
	gross = p->has_agreed_price ? p->agreed_price_pence : price_value_at(b, quarter);
	fixed = p->has_cost_fixed ? p->cost_fixed_pence : lead->cost_fixed_pence;
	t = terms(b, gross, lead->cost_rate_ppm, fixed);
	t.is_of_market = !p->has_agreed_price;
	return t;
}

/* "For £1": what a community pays where it pays next to nothing. */
static int64_t at_least_nominal(const struct price_book *b, int64_t pence)
{
	int64_t floor = b->model->params->nominal_floor_pence;

	return pence > floor ? pence : floor;
}

/* An offer wins back part of the gap to the value, where there is one. */
static int64_t offered(const struct price_book *b, int64_t offer_pence, int64_t value_pence)
{
	int128 gap = (int128)value_pence - offer_pence;

	if (!b->is_usable || gap <= 0)
		return offer_pence;
	gap = money_rdiv(gap * b->scenario->uplift_ppm, PPM);
	return exact_add(b->exact, offer_pence, exact_fit(b->exact, gap));
}

static struct price_terms terms_of_purchase(const struct price_book *b,
					    const struct projection_request *r, int64_t value_pence)
{
	const struct projection_partner *lead = b->lead;
	bool is_discounted = !r->has_agreed_price && !r->has_offer;
	struct price_terms t;
	int64_t gross;

	if (r->has_agreed_price) {
		gross = r->agreed_price_pence;
	} else if (r->has_offer) {
		gross = at_least_nominal(b, offered(b, r->offer_pence, value_pence));
	} else if (b->is_usable) {
		gross = exact_ppm(b->exact, value_pence, PPM - lead->default_discount_ppm);
		gross = at_least_nominal(b, gross);
	} else {
		return terms(b, 0, 0, 0); /* NO_PRICE_BASIS: neither price nor cost */
	}
	t = terms(b, gross, lead->transfer_cost_rate_ppm, lead->transfer_cost_fixed_pence);
	if (is_discounted) {
		t.is_of_market = true;
		t.floor_pence = b->model->params->nominal_floor_pence;
	}
	return t;
}

struct price_terms price_terms_of_request(const struct price_book *b,
					  const struct projection_request *r, int32_t quarter,
					  int128 *ret_forgone_pence)
{
	int64_t value;
	struct price_terms t;

	*ret_forgone_pence = 0;
	if (r->kind != KIND_OWNERSHIP)
		return terms(b, capital_premium(r->has_lease, &r->lease), 0,
			     b->lead->lease_cost_fixed_pence);
	value = b->is_usable ? price_value_at(b, quarter) : 0;
	t = terms_of_purchase(b, r, value);
	if (b->is_usable)
		*ret_forgone_pence = (int128)value - t.gross_pence;
	return t;
}

struct price price_of_plan(const struct price_book *b, int32_t quarter)
{
	struct price_terms t = price_terms_of_plan(b, quarter);

	return price_of(&t, t.gross_pence, b->exact);
}

struct price price_of_request(const struct price_book *b, const struct projection_request *r,
			      int32_t quarter, int128 *ret_forgone_pence)
{
	struct price_terms t = price_terms_of_request(b, r, quarter, ret_forgone_pence);

	return price_of(&t, t.gross_pence, b->exact);
}
