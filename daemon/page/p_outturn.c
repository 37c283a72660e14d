/*
 * What was said of each financial year and what came in of it: a chart of the last years with its
 * tables, a year's runs each with how far off it was, and of a chosen year the disposals behind the
 * figure. The same answer as its API twin's (h_outturn.h).
 */
#include "chart_compare.h"
#include "daemon/forecast/h_outturn.h"
#include "daemon/route/h.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { FILTERS = PAGE_FRAME + 1, PARTNERSHIPS, OUTTURN };
enum { CHART_BYTES = 64 * 1024, CHART_YEARS = 10 };

/* The bars of a year. A kind that no year has is not drawn. */
static const struct kind {
	const char *name;
	bool is_last; /* of the runs the last, else the first; of no run NULL members say so */
	const char *of, *member;
} kind_table[CHART_RUNS_MAX] = {
	{"Came in, net of costs", false, "came_in", "net_pence"},
	{"Budget", false, NULL, "budget_pence"},
	{"Said first, adjusted for communities", false, "runs", "adjusted_net_pence"},
	{"Said last, adjusted for communities", true, "runs", "adjusted_net_pence"},
};

/*
 * The form has one choice for bodies and partnerships, since the figures are of one of the two;
 * their address names which, as that of the API does.
 */
static enum step_result to_chosen(struct flow *f, struct str of)
{
	const char *name = str_starts(of, STR("cpp_")) ? "cpp_id" : "authority_id";
	const struct page_filter filter[] = {{name, of}, {"year", flow_query(f, "year")}};
	return page_redirect(f, page_address(f->arena, "/forecast/outturn", filter, COUNT(filter)));
}

static enum step_result show_load(struct flow *f)
{
	struct str of = flow_query(f, "of");
	struct db_batch *b;
	int r;

	if (!str_is_null(of))
		return to_chosen(f, of);
	b = page_batch(f);
	q_page_filters_add(b);
	q_page_cpps_add(b);
	r = outturn_ask(f);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

/* What a kind says of a year: NULL where it says nothing. */
static const json_t *figure_of(const json_t *year, const struct kind *k)
{
	const json_t *from = k->of ? json_object_get(year, k->of) : year;

	if (json_is_array(from))
		from = json_array_get(from, k->is_last ? json_array_size(from) - 1 : 0);
	return json_object_get(from, k->member);
}

static bool has_any(const json_t *years, const struct kind *k)
{
	const json_t *year;
	size_t i;

	json_array_foreach (years, i, year) {
		if (json_is_integer(figure_of(year, k)))
			return true;
	}
	return false;
}

/* The newest years, drawn from the oldest of them on. */
static void put_chart(struct page *p, const json_t *years, const struct kind *const *kind, size_t n)
{
	CLEANUP(buf_done) struct buf out = BUF(CHART_BYTES);
	struct str label[CHART_YEARS];
	struct compare_bar bar[CHART_YEARS][CHART_RUNS_MAX];
	struct chart_compare chart = {
		.id = STR("outturn"),
		.title = STR("What was said, and what came in, by financial year"),
		.about = STR("Bars of each year, numbered as in the list above. The tables below "
			     "have every figure."),
		.label = label,
		.bar = bar,
		.runs = n,
	};

	chart.years = json_array_size(years) < CHART_YEARS ? json_array_size(years) : CHART_YEARS;
	for (size_t y = 0; y < chart.years; y++) {
		const json_t *year = json_array_get(years, chart.years - 1 - y);

		label[y] = str_of(page_text(year, "year"));
		for (size_t k = 0; k < n; k++) {
			const json_t *value = figure_of(year, kind[k]);

			bar[y][k] = (struct compare_bar){json_integer_value(value),
							 !json_is_integer(value)};
		}
	}
	if (chart.years && n && chart_compare(&out, &chart) == 0)
		page_put_text(p, "chart", buf_view(&out));
}

static void put_kinds(struct page *p, const json_t *years)
{
	const struct kind *kind[CHART_RUNS_MAX];
	json_t *kinds = json_array();
	size_t n = 0;

	for (size_t i = 0; i < COUNT(kind_table); i++) {
		if (!has_any(years, &kind_table[i]))
			continue;
		kind[n++] = &kind_table[i];
		(void)json_array_append_new(kinds, json_pack("{s:s}", "name", kind_table[i].name));
	}
	page_put(p, "kinds", kinds);
	put_chart(p, years, kind, n);
}

/* What the table of a year needs beside its figures. */
static void put_years(struct page *p, json_t *years)
{
	json_t *year, *run;
	size_t i, k;

	json_array_foreach (years, i, year) {
		json_t *runs = json_object_get(year, "runs");

		page_put_in(p, year, "has_runs", json_boolean(json_array_size(runs) > 0));
		page_put_in(p, year, "has_disposals",
			    json_boolean(json_array_size(json_object_get(year, "disposals")) > 0));
		page_put_in(p, year, "number", json_integer((json_int_t)i));
		page_put_in(p, year, "is_open",
			    json_boolean(!json_is_true(json_object_get(year, "is_over"))));
		json_array_foreach (runs, k, run)
			page_put_in(p, run, "is_unnamed",
				    json_boolean(json_is_null(json_object_get(run, "name"))));
	}
	page_put(p, "years", json_incref(years));
}

/* The years in which a community took something over. */
static void put_taken(struct page *p, const json_t *years)
{
	json_t *taken = json_array(), *year;
	size_t i;

	json_array_foreach (years, i, year) {
		const json_t *came_in = json_object_get(year, "came_in");

		if (json_integer_value(json_object_get(came_in, "transfer_count")) > 0)
			(void)json_array_append(taken, year);
	}
	page_put(p, "taken", taken);
}

static void put_addresses(struct page *p)
{
	struct flow *f = p->flow;
	const struct page_filter filter[] = {
		{"authority_id", flow_query(f, "authority_id")},
		{"cpp_id", flow_query(f, "cpp_id")},
		{"year", flow_query(f, "year")},
		{"as", STR("csv")},
	};
	enum { TWIN = COUNT(filter) - 1, PLACES = COUNT(filter) - 2 };

	page_put_text(p, "json_twin",
		      page_address(f->arena, "/v1/projections/outturn", filter, TWIN));
	page_put_text(p, "csv", page_address(f->arena, "/forecast/outturn", filter, COUNT(filter)));
	page_put_text(p, "all_years", page_address(f->arena, "/forecast/outturn", filter, PLACES));
	for (size_t i = 0; i < TWIN; i++) {
		if (!filter[i].value.len)
			continue; /* not even an empty text, which a template takes for one */
		page_put_text(p, filter[i].name, filter[i].value);
	}
}

static void put_partnerships(struct page *p)
{
	json_t *partnerships = page_item(p->flow, PARTNERSHIPS);

	page_choose(p, partnerships, flow_query(p->flow, "cpp_id"));
	page_put(p, "partnerships", partnerships);
}

static enum step_result show_answer(struct flow *f)
{
	json_auto_t *answer = NULL;
	json_t *filter, *years;
	struct page p;
	int r = outturn_take(f, OUTTURN, &answer);

	if (r < 0)
		return flow_fail(f, r);
	if (str_eq(flow_query(f, "as"), STR("csv")))
		return outturn_csv(f, answer);
	p = page_begin(f, "What was said, and what came in");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	filter = page_item(f, FILTERS);
	page_choose(&p, json_object_get(filter, "authorities"), flow_query(f, "authority_id"));
	page_put(&p, "filter", filter);
	put_partnerships(&p);
	page_put(&p, "is_of_one",
		 json_boolean(flow_query(f, "authority_id").len || flow_query(f, "cpp_id").len));
	years = json_object_get(answer, "items");
	put_years(&p, years);
	put_taken(&p, years);
	put_kinds(&p, years);
	put_addresses(&p);
	page_put(&p, "reads_money", json_boolean(principal_may(f->who, PERM_MONEY_READ)));
	return page_end(&p, "outturn", PAGE_FORECAST, 200);
}

const struct flow_step page_outturn[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};
