/*
 * Flags and the best-value route: plain questions to the inputs, one after another.
 *
 * Each flag is the projection.def row of its name; whether it also makes an exception is there.
 * A further flag: its row, and its question in the function of the group it belongs to.
 */
#include "projection_flags.h"

#include "projection_price.h"

static const bool exceptions[FLAGS] = {
#define FLAG(word, is_exception) [FLAG_##word] = (is_exception),
#include "projection.def"
#undef FLAG
};

static const bool market_bases[BASES] = {
#define BASIS(word, factor, largest, is_market) [BASIS_##word] = (is_market),
#include "projection.def"
#undef BASIS
};

bool projection_flag_is_exception(enum projection_flag f)
{
	return exceptions[f];
}

static uint32_t flag_if(bool is_so, enum projection_flag f)
{
	return is_so ? UINT32_C(1) << f : 0;
}

/* One flag does not hide another, but a value that is not usable is neither stale nor zero. */
static uint32_t valuation_flags(const struct projection_model *m, const struct projection_asset *a,
				const struct price_standing *s)
{
	const struct projection_valuation *v = &a->valuation;
	bool has_factor;

	if (!a->has_valuation)
		return flag_if(true, FLAG_MISSING_VALUATION);
	has_factor = m->params->basis_factor_ppm[v->basis] != 0;
	return flag_if(!has_factor, FLAG_BASIS_NOT_MARKET) |
	       flag_if(s->is_expired, FLAG_EXPIRED_VALUATION) |
	       flag_if(s->is_usable && s->is_stale, FLAG_STALE_VALUATION) |
	       flag_if(day_cmp(v->date, m->as_of) > 0, FLAG_FUTURE_VALUATION) |
	       flag_if(has_factor && !market_bases[v->basis], FLAG_PROXY_BASIS) |
	       flag_if(s->is_usable && v->amount_pence == 0, FLAG_ZERO_VALUE) |
	       flag_if(s->is_usable && v->amount_pence < 0, FLAG_NEGATIVE_VALUE);
}

static uint32_t plan_flags(const struct projection_model *m, const struct projection_asset *a,
			   const struct tree *t)
{
	if (!t->has_plan)
		return 0;
	return flag_if(day_cmp(a->plan.date, m->as_of) < 0, FLAG_OVERDUE_PLAN) |
	       flag_if(!t->is_priced, FLAG_UNPROJECTABLE_MARKET) |
	       flag_if(t->is_delayed, FLAG_DISPOSAL_DELAYED_BY_REQUEST);
}

static uint32_t request_flags(const struct tree *t)
{
	uint32_t flags = flag_if(t->requests > 1, FLAG_COMPETING_REQUESTS);

	for (uint32_t i = 0; i < t->requests; i++) {
		const struct projection_request *r = t->request[i].request;
		bool is_priced = r->kind != KIND_OWNERSHIP || r->has_agreed_price || r->has_offer;

		flags |= flag_if(t->request[i].is_overdue, FLAG_OVERDUE_REQUEST) |
			 flag_if(!is_priced && !t->value.is_usable, FLAG_NO_PRICE_BASIS);
	}
	return flags;
}

uint32_t projection_flags(const struct projection_model *m, const struct projection_asset *a,
			  const struct tree *t)
{
	if (a->completed)
		return flag_if(a->completed->is_transfer && !a->completed->has_baseline,
			       FLAG_NO_FROZEN_BASELINE);
	return valuation_flags(m, a, &t->value) | plan_flags(m, a, t) | request_flags(t);
}

static const struct projection_request *first_purchase(const struct tree *t)
{
	for (uint32_t i = 0; i < t->requests; i++) {
		if (t->request[i].request->kind == KIND_OWNERSHIP)
			return t->request[i].request;
	}
	return NULL;
}

/* The price against the valuer's own figure, before any factor. */
static int64_t purchase_price(const struct projection_model *m, const struct projection_asset *a,
			      const struct projection_request *r, int64_t value_pence)
{
	int64_t floor = m->params->nominal_floor_pence, price;
	struct exact unused = {false};

	if (r->has_agreed_price)
		return r->agreed_price_pence;
	if (r->has_offer)
		price = r->offer_pence;
	else
		price = exact_ppm(&unused, value_pence,
				  PPM - m->partner[a->lead].default_discount_ppm);
	return price > floor ? price : floor;
}

/* In the order of the law: is it ours to ask, is there a value, is it below, by how much. */
enum projection_best_value projection_best_value(const struct projection_model *m,
						 const struct projection_asset *a,
						 const struct tree *t)
{
	const struct projection_request *r = a->completed ? NULL : first_purchase(t);
	int64_t value, price;

	if (!r)
		return BEST_VALUE_NOT_APPLICABLE;
	if (!m->partner[a->lead].is_local_authority)
		return BEST_VALUE_SPFM;
	if (!t->value.is_usable)
		return BEST_VALUE_NO_VALUATION;
	value = a->valuation.amount_pence > 0 ? a->valuation.amount_pence : 0;
	price = purchase_price(m, a, r, value);
	if (price >= value)
		return BEST_VALUE_NOT_BELOW_BEST;
	if (value < m->params->ltbc_threshold_pence)
		return BEST_VALUE_EXEMPT_THRESHOLD;
	if (((int128)value - price) * PPM < (int128)value * m->params->ltbc_marginal_ppm)
		return BEST_VALUE_EXEMPT_MARGIN;
	return BEST_VALUE_APPRAISAL_REQUIRED;
}
