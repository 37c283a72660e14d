/*
 * The leaves are those that projection.c sums (projection_branch.h), before they are weighed.
 */
#include "projection_outcome.h"

#include "libassets/base/day.h"
#include "libassets/clock/quarter.h"
#include "projection_branch.h"
#include "projection_print.h"

/* Which branches of which scenario are being written. */
struct outcomes {
	struct buf *out;
	const struct price_book *book;
	const char *scenario, *track;
	bool *is_first;
};

static void put_price(struct buf *out, const struct branch *b, const struct price_book *book,
		      int32_t quarter)
{
	struct price price;
	int128 forgone;

	book->exact->is_overflown = false;
	price = b->request ? price_of_request(book, b->request, quarter, &forgone)
			   : price_of_plan(book, quarter);
	if (book->exact->is_overflown)
		buf_str(out, STR("\"gross_pence\":null,\"cost_pence\":null}"));
	else
		buf_fmt(out, "\"gross_pence\":%lld,\"cost_pence\":%lld}",
			(long long)price.gross_pence, (long long)price.cost_pence);
}

static void put_branch(const struct outcomes *o, const struct branch *b)
{
	struct branch_leaf leaf[PROJECTION_STEPS_MAX];
	uint32_t n = branch_spread(b, o->book->model, leaf);
	char on[DAY_TEXT], quarter[QUARTER_TEXT];

	if (!n)
		return;
	day_format(b->base, on);
	buf_fmt(o->out, "%s{\"scenario\":\"%s\",\"track\":\"%s\",\"branch\":\"%s\",\"request\":",
		*o->is_first ? "" : ",", o->scenario, o->track, b->request ? "REQUEST" : "MARKET");
	*o->is_first = false;
	if (b->request)
		buf_i64(o->out, b->request->id);
	else
		buf_str(o->out, STR("null"));
	buf_fmt(o->out, ",\"probability_ppb\":%lld,\"on\":\"%s\",\"leaves\":[", (long long)b->ppb,
		on);
	for (uint32_t i = 0; i < n; i++) {
		quarter_format(leaf[i].quarter, quarter);
		buf_fmt(o->out, "%s{\"quarter\":\"%s\",\"probability_ppb\":%lld,", i ? "," : "",
			quarter, (long long)leaf[i].ppb);
		put_price(o->out, b, o->book, leaf[i].quarter);
	}
	buf_str(o->out, STR("]}"));
}

static void put_market(const struct outcomes *o, const struct tree *t, struct day base, int64_t ppb)
{
	struct branch b;

	if (!t->is_priced)
		return;
	b = branch_of_market(t, o->book, base, ppb);
	put_branch(o, &b);
}

static void put_scenario(struct outcomes *o, const struct tree *t)
{
	struct tree_odds odds;

	tree_odds(t, o->book->scenario, o->book->asset, &odds);
	o->track = "BASELINE";
	put_market(o, t, t->plan_day, odds.baseline_ppb);
	o->track = "ADJUSTED";
	put_market(o, t, t->requests ? t->market_day : t->plan_day, odds.market_ppb);
	for (uint32_t i = 0; i < t->requests; i++) {
		struct branch b = branch_of_request(t, i, o->book, odds.request_ppb[i]);

		put_branch(o, &b);
	}
}

void projection_print_outcomes(struct buf *out, const struct projection_model *m,
			       const struct projection_asset *a, bool has_error)
{
	struct tree t;
	bool is_first = true;

	buf_char(out, '[');
	if (!a->completed && !has_error)
		tree_grow(&t, m, a);
	for (enum projection_scenario s = 0; s < SCENARIOS && !a->completed && !has_error; s++) {
		struct exact x = {false};
		struct price_book book;
		struct outcomes o = {
			.out = out,
			.book = &book,
			.scenario = projection_scenario_word(s),
			.is_first = &is_first,
		};

		price_book_open(&book, m, a, &t.value, s, &x);
		put_scenario(&o, &t);
	}
	buf_char(out, ']');
}
