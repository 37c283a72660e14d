/*
 * The forecast of receipts by year: the same answer of the projector as its API twin's, as a
 * chart with its table and words. Who may not read the money behind a figure sees what the
 * projector lets everybody see.
 */
#include "chart.h"
#include "dress.h"
#include "h_projection.h"
#include "libassets/parameter_list.h"
#include "libassets/projection_print.h"
#include "p.h"
#include "page.h"
#include "process.h"
#include "projector.h"
#include "q.h"
#include "worker.h"

/* Statements of the page's batch behind the frame's. */
enum { FILTERS = PAGE_FRAME + 1 };
enum { ANSWER_MS = 4000, CHART_MAX = 64 * 1024 };

static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};

/* A choice that was left at "all" says nothing. */
static struct str choice(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static int scenario_of(struct str word, enum projection_scenario *ret_scenario)
{
	for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
		if (str_eq(word, str_of(projection_scenario_word(s)))) {
			*ret_scenario = s;
			return 0;
		}
	}
	return ERR_QUERY;
}

static enum step_result forecast_ask(struct flow *f)
{
	struct str scenario = choice(f, "scenario");
	struct projector_question q = {
		.kind = ASK_RECEIPTS,
		.group = GROUP_YEAR,
		.scenario = SCENARIO_LIKELY,
		.filter = {.authority_id = choice(f, "authority_id")},
		.reader = h_reader(f),
	};
	struct flow_ticket *ticket;
	int r = scenario.at ? scenario_of(scenario, &q.scenario) : 0;

	if (r < 0) {
		flow_detail(f, STR("There is no such scenario."));
		return flow_fail(f, r);
	}
	ticket = flow_ticket_new(f, ANSWER_MS);
	if (!ticket)
		return flow_fail(f, ERR_NOMEM);
	projector_ask(f->worker->process->projector, &q, ticket);
	return STEP_WAIT;
}

/* The answer stays in f->got_mail while the page asks for the rest. */
static enum step_result forecast_load(struct flow *f)
{
	int r = flow_send_err(f);

	if (r < 0)
		return flow_fail(f, r == ERR_DEADLINE ? ERR_NOT_READY : r);
	q_page_filters_add(page_batch(f));
	return flow_send(f);
}

/* "2027-28"; what has come in already and what lies beyond the years have names of their own. */
static void put_label(struct page *p, json_t *item)
{
	const char *year =
		json_string_value(json_object_get(json_object_get(item, "group"), "year"));
	struct str word = str_of(year ? year : "");

	if (str_starts(word, STR("ACTUAL:")))
		page_put_in(p, item, "label", json_sprintf("%s, come in so far", word.at + 7));
	else if (str_eq(word, STR("BEYOND")))
		page_put_in(p, item, "label", json_string("Later"));
	else
		page_put_in(p, item, "label", json_stringn(word.at, word.len));
}

static int64_t net_of(const json_t *item, const char *track)
{
	return json_integer_value(json_object_get(json_object_get(item, track), "net_pence"));
}

static bool is_year(const json_t *item)
{
	const char *year =
		json_string_value(json_object_get(json_object_get(item, "group"), "year"));

	return year && year[0] >= '0' && year[0] <= '9';
}

/* What the chart says, for those who do not see it: the table beside it has the figures. */
static void about(struct buf *out, const json_t *totals)
{
	buf_str(out, STR("Two bars a year. All years together: baseline "));
	chart_amount(out, net_of(totals, "baseline"));
	buf_str(out, STR(", adjusted for communities "));
	chart_amount(out, net_of(totals, "adjusted"));
	buf_str(out, STR(". The table below has every figure."));
}

static bool is_nothing(const json_t *item)
{
	return is_year(item) && !json_is_true(json_object_get(item, "suppressed")) &&
	       net_of(item, "baseline") == 0 && net_of(item, "adjusted") == 0;
}

/* Years at the end in which nothing is expected say nothing. */
static void drop_empty_end(json_t *items)
{
	size_t n = json_array_size(items);

	while (n && is_nothing(json_array_get(items, n - 1)))
		json_array_remove(items, --n);
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
		if (c.count == CHART_YEARS_MAX || !is_year(item))
			continue;
		year[c.count++] = (struct chart_year){
			.label = str_of(json_string_value(json_object_get(item, "label"))),
			.baseline_pence = net_of(item, "baseline"),
			.adjusted_pence = net_of(item, "adjusted"),
			.is_held_back = json_is_true(json_object_get(item, "suppressed")),
		};
	}
	for (size_t form = 0; form < COUNT(name) && c.count; form++) {
		CLEANUP(buf_done) struct buf out = BUF(CHART_MAX);
		int r = chart_bars(&out, &c, (enum chart_form)form);

		if (r < 0 && !p->err)
			p->err = r;
		page_put_text(p, name[form], buf_view(&out));
	}
}

static void put_filters(struct page *p)
{
	struct flow *f = p->flow;
	struct str scenario = choice(f, "scenario");
	json_t *filter = page_item(f, FILTERS);

	page_put(p, "filter", filter);
	page_choose(p, json_object_get(filter, "authorities"), choice(f, "authority_id"));
	page_put_in(p, filter, "scenarios",
		    page_choices(STR("scenario"), scenario_code, COUNT(scenario_code)));
	page_choose(p, json_object_get(filter, "scenarios"),
		    scenario.at ? scenario : STR("LIKELY"));
}

/* As files: years across, and bodies down where there are several. */
static void put_files(struct page *p)
{
	static const char *const format[] = {"xlsx", "csv"};
	struct flow *f = p->flow;
	struct str authority = choice(f, "authority_id");

	for (size_t i = 0; i < COUNT(format); i++) {
		const struct page_filter filter[] = {
			{"format", str_of(format[i])},
			{"group_by", authority.at ? STR("YEAR") : STR("YEAR,AUTHORITY")},
			{"authority_id", authority},
			{"scenario", choice(f, "scenario")},
		};

		page_put_text(p, format[i],
			      page_address(f->arena, "/downloads/forecast", filter, COUNT(filter)));
	}
}

static void put_twin(struct page *p)
{
	struct flow *f = p->flow;
	const struct page_filter filter[] = {
		{"group_by", STR("YEAR")},
		{"authority_id", choice(f, "authority_id")},
		{"scenario", choice(f, "scenario")},
	};

	page_put_text(p, "json_twin",
		      page_address(f->arena, "/v1/projections/receipts", filter, COUNT(filter)));
	put_files(p);
}

/* Percentiles, where there are any; and whether they include less than the sums do. */
static void put_percentiles(struct page *p, const json_t *answer)
{
	const json_t *totals = json_object_get(answer, "totals");
	const json_t *simulated = json_object_get(answer, "simulated");
	bool has = json_is_object(json_object_get(totals, "percentiles"));
	json_int_t position = json_integer_value(json_object_get(simulated, "position"));

	page_put(p, "has_percentiles", json_boolean(has));
	page_put(p, "paths", json_incref(json_object_get(answer, "paths")));
	page_put(p, "is_behind",
		 json_boolean(has &&
			      position < json_integer_value(json_object_get(answer, "position"))));
}

static enum step_result forecast_answer(struct flow *f)
{
	json_auto_t *answer = json_loadb(f->got_mail.at, f->got_mail.len, 0, NULL);
	json_t *items = json_object_get(answer, "items"), *item;
	struct page p = page_begin(f, "Forecast of capital receipts");
	size_t i;

	page_crumb(&p, "/", STR("Home"));
	drop_empty_end(items);
	json_array_foreach (items, i, item)
		put_label(&p, item);
	put_charts(&p, items, json_object_get(answer, "totals"));
	page_put(&p, "years", json_incref(items));
	page_put(&p, "totals", json_incref(json_object_get(answer, "totals")));
	page_put(&p, "forecast_position", json_incref(json_object_get(answer, "position")));
	page_put(&p, "as_of_on", json_incref(json_object_get(answer, "as_of")));
	page_put(&p, "parameters_version",
		 json_incref(json_object_get(answer, "parameters_version")));
	page_put(&p, "model_version", json_incref(json_object_get(answer, "model_version")));
	put_percentiles(&p, answer);
	page_put_text(&p, "meaning", STR(PARAMETER_MEANING));
	put_filters(&p);
	put_twin(&p);
	return page_end(&p, "forecast", PAGE_FORECAST, 200);
}

const struct flow_step page_forecast[] = {
	{"ask", forecast_ask},
	{"load", forecast_load},
	{"answer", forecast_answer},
	{0},
};
