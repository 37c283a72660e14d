/*
 * Inputs as JSON text. What is not there is left out, since a register of 150,000 is kept in this
 * form with every run. Of a request whose state has no effect nothing is known any more, and
 * nothing written.
 */
#include "projection_input_print.h"

#include "projection_input.h"

static const char *const basis_words[] = {
#define BASIS(word, factor, largest, is_market) #word,
#include "projection.def"
#undef BASIS
};

static const char *const method_words[] = {
#define METHOD(word) #word,
#include "projection.def"
#undef METHOD
};

static const char *const kind_words[] = {
#define KIND(word) #word,
#include "projection.def"
#undef KIND
};

static const char *const lease_class_words[] = {
#define LEASE_CLASS(word) #word,
#include "projection.def"
#undef LEASE_CLASS
};

static void put_key(struct buf *out, const char *key)
{
	char last = out->len ? out->at[out->len - 1] : '\0';

	buf_fmt(out, last == '{' ? "\"%s\":" : ",\"%s\":", key);
}

static void put_number(struct buf *out, const char *key, int64_t number)
{
	put_key(out, key);
	buf_i64(out, number);
}

static void put_given(struct buf *out, const char *key, bool is_given, int64_t number)
{
	if (is_given)
		put_number(out, key, number);
}

static void put_text(struct buf *out, const char *key, struct str text)
{
	put_key(out, key);
	buf_json(out, text);
}

static void put_word(struct buf *out, const char *key, const char *word)
{
	put_text(out, key, str_of(word));
}

/* Nothing for a day that is none. */
static void put_day(struct buf *out, const char *key, struct day day)
{
	char text[DAY_TEXT];

	if (day_is_none(day))
		return;
	day_format(day, text);
	put_word(out, key, text);
}

static void put_lease(struct buf *out, const struct projection_lease *lease)
{
	put_key(out, "lease");
	buf_char(out, '{');
	put_number(out, "rent_pa", lease->rent_pa_pence);
	put_number(out, "premium", lease->premium_pence);
	put_number(out, "term_months", lease->term_months);
	put_number(out, "rent_free_months", lease->rent_free_months);
	put_word(out, "class", lease_class_words[lease->class]);
	buf_char(out, '}');
}

static void put_owners(struct buf *out, const struct projection_words *w,
		       const struct projection_asset *a)
{
	put_key(out, "owners");
	for (uint32_t i = 0; i < a->owners; i++) {
		buf_str(out, i ? STR(",{") : STR("[{"));
		put_text(out, "partner", w->partner->at[a->owner[i].partner]);
		put_number(out, "units", a->owner[i].units);
		buf_char(out, '}');
	}
	buf_str(out, a->owners ? STR("]") : STR("[]"));
}

static void put_valuation(struct buf *out, const struct projection_valuation *v)
{
	put_key(out, "valuation");
	buf_char(out, '{');
	put_day(out, "date", v->date);
	put_number(out, "amount", v->amount_pence);
	put_word(out, "basis", basis_words[v->basis]);
	buf_char(out, '}');
}

static void put_plan(struct buf *out, const struct projection_words *w,
		     const struct projection_plan *p)
{
	put_key(out, "plan");
	buf_char(out, '{');
	put_word(out, "method", method_words[p->method]);
	put_text(out, "stage", w->params->stage[p->stage].name);
	put_day(out, "date", p->date);
	put_given(out, "agreed_price", p->has_agreed_price, p->agreed_price_pence);
	put_given(out, "p_ppm", p->has_p, p->p_ppm);
	put_given(out, "cost_fixed", p->has_cost_fixed, p->cost_fixed_pence);
	if (p->has_lease)
		put_lease(out, &p->lease);
	buf_char(out, '}');
}

static void put_request(struct buf *out, const struct projection_words *w,
			const struct projection_request *r)
{
	buf_char(out, '{');
	put_number(out, "id", r->id);
	put_text(out, "state", w->params->state[r->state].name);
	put_day(out, "state_date", r->state_date);
	put_word(out, "kind", kind_words[r->kind]);
	put_given(out, "offer", r->has_offer, r->offer_pence);
	put_given(out, "agreed_price", r->has_agreed_price, r->agreed_price_pence);
	put_given(out, "market_rent_pa", r->has_market_rent, r->market_rent_pa_pence);
	put_given(out, "p_ppm", r->has_p, r->p_ppm);
	put_key(out, "prohibits");
	buf_str(out, r->prohibits ? STR("true") : STR("false"));
	put_day(out, "expected_date", r->expected_date);
	put_day(out, "release_date", r->release_date);
	put_given(out, "nfb_pence", r->nfb_pence != 0, r->nfb_pence);
	if (r->has_lease)
		put_lease(out, &r->lease);
	buf_char(out, '}');
}

static void put_requests(struct buf *out, const struct projection_words *w,
			 const struct projection_asset *a)
{
	put_key(out, "requests");
	for (uint32_t i = 0; i < a->requests; i++) {
		buf_char(out, i ? ',' : '[');
		put_request(out, w, &a->request[i]);
	}
	buf_char(out, ']');
}

static void put_frozen(struct buf *out, const struct projection_completed *c)
{
	put_key(out, "baseline");
	buf_char(out, '{');
	for (uint32_t i = 0; i < c->baseline_quarters; i++) {
		char label[QUARTER_TEXT];

		quarter_format(c->baseline[i].quarter, label);
		put_key(out, label);
		buf_char(out, '{');
		put_number(out, "GM", c->baseline[i].gm_pence);
		put_number(out, "CM", c->baseline[i].cm_pence);
		put_number(out, "RENT", c->baseline[i].rent_pence);
		buf_char(out, '}');
	}
	buf_char(out, '}');
}

static void put_completed(struct buf *out, const struct projection_completed *c)
{
	put_key(out, "completed");
	buf_char(out, '{');
	put_word(out, "kind", c->is_transfer ? "T" : "M");
	put_day(out, "date", c->date);
	put_number(out, "gross", c->gross_pence);
	put_number(out, "cost", c->cost_pence);
	if (c->has_baseline)
		put_frozen(out, c);
	buf_char(out, '}');
}

void projection_input_print(struct buf *out, const struct projection_words *w,
			    const struct projection_asset *a, struct str asset_id)
{
	buf_char(out, '{');
	put_number(out, "id", a->id);
	if (!str_is_null(asset_id))
		put_text(out, "asset", asset_id);
	put_text(out, "lead", w->partner->at[a->lead]);
	put_text(out, "cpp", w->cpp->at[a->cpp]);
	put_text(out, "locality", w->locality->at[a->locality]);
	put_text(out, "class", w->class->at[a->class]);
	put_number(out, "decile", a->decile);
	put_owners(out, w, a);
	if (a->has_valuation)
		put_valuation(out, &a->valuation);
	if (a->plan.method != METHOD_NONE)
		put_plan(out, w, &a->plan);
	if (a->requests)
		put_requests(out, w, a);
	if (a->completed)
		put_completed(out, a->completed);
	buf_char(out, '}');
}
