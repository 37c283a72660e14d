/*
 * See p_years.h. Bars and bands are drawn twice, for wide and narrow screens, and each has its
 * figures in a table beside it (pages/years.mustache, pages/spread.mustache).
 */
#include "p_years.h"

#include "chart_draw.h"
#include "chart_fan.h"

enum { CHART_MAX = 64 * 1024 };

/* "2027-28"; what has come in already and what lies beyond the years have names of their own. */
static void put_label(struct page *p, json_t *item)
{
	const char *year =
		json_string_value(json_object_get(json_object_get(item, "group"), "year"));
	struct str word = str_of(year ? year : "");

	page_put_in(p, item, "is_said", json_true());
	if (str_starts(word, STR("ACTUAL:")))
		page_put_in(p, item, "label", json_sprintf("%s, come in so far", word.at + 7));
	else if (str_eq(word, STR("BEYOND")))
		page_put_in(p, item, "label", json_string("Later"));
	else
		page_put_in(p, item, "label", json_stringn(word.at, word.len));
}

int64_t years_net(const json_t *item, const char *track)
{
	return json_integer_value(json_object_get(json_object_get(item, track), "net_pence"));
}

bool years_is_year(const json_t *item)
{
	const char *year =
		json_string_value(json_object_get(json_object_get(item, "group"), "year"));

	return year && year[0] >= '0' && year[0] <= '9';
}

/* What the chart says, for those who do not see it: the table beside it has the figures. */
static void about(struct buf *out, const json_t *totals)
{
	buf_str(out, STR("Two bars a year. All years together: baseline "));
	if (json_is_null(json_object_get(json_object_get(totals, "baseline"), "net_pence")))
		buf_str(out, STR("not shown"));
	else
		chart_amount(out, years_net(totals, "baseline"));
	buf_str(out, STR(", adjusted for communities "));
	chart_amount(out, years_net(totals, "adjusted"));
	buf_str(out, STR(". The table below has every figure."));
}

/* What is too large for a number is text. */
static bool is_text(const json_t *item, const char *track)
{
	return json_is_string(json_object_get(json_object_get(item, track), "net_pence"));
}

static bool is_nothing(const json_t *item)
{
	return years_is_year(item) && !json_is_true(json_object_get(item, "suppressed")) &&
	       years_net(item, "baseline") == 0 && years_net(item, "adjusted") == 0 &&
	       !is_text(item, "baseline") && !is_text(item, "adjusted");
}

/* Years at the end in which nothing is expected or budgeted say nothing. */
static void drop_empty_end(json_t *items)
{
	size_t n = json_array_size(items);

	while (n && is_nothing(json_array_get(items, n - 1)) &&
	       !json_object_get(json_array_get(items, n - 1), "budget_pence"))
		json_array_remove(items, --n);
}

/* A picture of nothing but years that are held back says less than the table. */
static bool is_any_shown(const struct chart *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (!c->year[i].is_held_back)
			return true;
	}
	return false;
}

static void put_charts(struct page *p, const json_t *items, const json_t *totals)
{
	static const char *const name[] = {
		[CHART_WIDE] = "chart_wide", [CHART_NARROW] = "chart_narrow"};
	CLEANUP(buf_done) struct buf words = BUF(1000);
	struct chart_year year[CHART_YEARS_MAX];
	struct chart c = {.id = STR("receipts"),
			  .title = STR("Net capital receipts by financial year"),
			  .year = year};
	json_t *item;
	size_t i;

	about(&words, totals);
	c.about = buf_view(&words);
	json_array_foreach (items, i, item) {
		if (c.count == CHART_YEARS_MAX || !years_is_year(item))
			continue;
		year[c.count++] = (struct chart_year){
			.label = str_of(json_string_value(json_object_get(item, "label"))),
			.baseline_pence = years_net(item, "baseline"),
			.adjusted_pence = years_net(item, "adjusted"),
			.is_held_back = json_is_true(json_object_get(item, "suppressed")),
			.has_no_baseline = json_is_null(
				json_object_get(json_object_get(item, "baseline"), "net_pence")),
		};
	}
	for (size_t form = 0; form < COUNT(name) && is_any_shown(&c); form++) {
		CLEANUP(buf_done) struct buf out = BUF(CHART_MAX);
		int r = chart_bars(&out, &c, (enum chart_form)form);

		if (r == ERR_RANGE)
			return; /* too large to draw: the table has it */
		if (r < 0 && !p->err)
			p->err = r;
		page_put_text(p, name[form], buf_view(&out));
	}
}

static int64_t percentile_of(const json_t *item, const char *name)
{
	const json_t *adjusted = json_object_get(json_object_get(item, "percentiles"), "adjusted");

	return json_integer_value(json_object_get(adjusted, name));
}

/* The same years as a fan, where there are percentiles. */
static void put_fans(struct page *p, const json_t *items)
{
	static const char *const name[] = {
		[CHART_WIDE] = "fan_wide", [CHART_NARROW] = "fan_narrow"};
	struct fan_year year[CHART_YEARS_MAX];
	struct chart_fan c = {
		.id = STR("fan"),
		.title = STR("Adjusted net receipts by financial year, as far as they are sure"),
		.about =
			STR("A band for each year in which eight of ten simulated futures end, the "
			    "middle one of them, and the expected sum. The table below has every "
			    "figure."),
		.year = year};
	json_t *item;
	size_t i;

	json_array_foreach (items, i, item) {
		if (c.count == CHART_YEARS_MAX || !years_is_year(item))
			continue;
		year[c.count++] = (struct fan_year){
			.label = str_of(json_string_value(json_object_get(item, "label"))),
			.p10_pence = percentile_of(item, "p10_pence"),
			.p50_pence = percentile_of(item, "p50_pence"),
			.p90_pence = percentile_of(item, "p90_pence"),
			.expected_pence = years_net(item, "adjusted"),
			.has_band = json_is_object(json_object_get(item, "percentiles")),
		};
	}
	for (size_t form = 0; form < COUNT(name); form++) {
		CLEANUP(buf_done) struct buf out = BUF(CHART_MAX);
		int r = chart_fan(&out, &c, (enum chart_form)form);

		if (r == ERR_INVALID || r == ERR_RANGE)
			return; /* no year has a band, or they are too large to draw */
		if (r < 0 && !p->err)
			p->err = r;
		page_put_text(p, name[form], buf_view(&out));
	}
}

/* Assets that no simulated future has, since they may bring more than is simulated. */
static void put_left_out(struct page *p, const json_t *ids)
{
	json_t *assets = json_array();
	const json_t *id;
	size_t i;

	json_array_foreach (ids, i, id)
		(void)json_array_append_new(assets,
					    json_pack("{s:s}", "id", json_string_value(id)));
	if (json_array_size(assets))
		page_put_in(p, json_array_get(assets, json_array_size(assets) - 1), "is_last",
			    json_true());
	page_put(p, "left_out", assets);
}

/* Percentiles, where there are any; and whether they include less than the sums do. */
static void put_percentiles(struct page *p, const json_t *answer)
{
	const json_t *totals = json_object_get(answer, "totals");
	const json_t *simulated = json_object_get(answer, "simulated");
	bool has = json_is_object(json_object_get(totals, "percentiles"));
	bool is_left_out = strcmp(page_text(answer, "percentiles_absent"), "LEFT_OUT") == 0;
	json_int_t position = json_integer_value(json_object_get(simulated, "position"));

	page_put(p, "has_percentiles", json_boolean(has));
	page_put(p, "has_spread", json_boolean(has || is_left_out));
	page_put(p, "is_not_simulated",
		 json_boolean(strcmp(page_text(answer, "percentiles_absent"), "NOT_SIMULATED") ==
			      0));
	put_left_out(p, json_object_get(simulated, "left_out"));
	page_put(p, "paths_count", json_incref(json_object_get(answer, "paths")));
	page_put(p, "is_behind",
		 json_boolean(has &&
			      position < json_integer_value(json_object_get(answer, "position"))));
}

void years_put(struct page *p, json_t *answer)
{
	json_t *items = json_object_get(answer, "items"), *item;
	json_t *totals = json_object_get(answer, "totals");
	size_t i;

	drop_empty_end(items);
	json_array_foreach (items, i, item) {
		put_label(p, item);
		page_put_in(p, item, "expected_pence", json_integer(years_net(item, "adjusted")));
		page_put_in(p, item, "is_in_spread", json_boolean(years_is_year(item)));
	}
	page_put_in(p, totals, "expected_pence", json_integer(years_net(totals, "adjusted")));
	put_charts(p, items, totals);
	put_fans(p, items);
	page_put(p, "years", json_incref(items));
	page_put(p, "totals", json_incref(totals));
	put_percentiles(p, answer);
}
