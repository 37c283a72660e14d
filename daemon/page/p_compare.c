/*
 * Two to four forecasts beside each other, by year: frozen runs, scenarios among them, and the
 * live one; each with its difference to the first. And the form by which a scenario is made.
 *
 * Of a run are shown the figures that it keeps, of the live forecast the projector's answer, so
 * whoever may not read a figure there does not read it here.
 */
#include <stdlib.h>

#include "chart_compare.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/forecast/h_projection.h"
#include "daemon/projector/projector.h"
#include "daemon/route/h.h"
#include "libassets/projection/projection_print.h"
#include "p.h"
#include "p_scenario.h"
#include "q.h"

/* Statements of the page's batch behind the frame's: what is chosen from, then the runs. */
enum { CHOICES = PAGE_FRAME + 1, RUNS };
enum { CHART_BYTES = 128 * 1024, LABELS_MAX = 240 };

static const char *const place_name[CHART_RUNS_MAX] = {"run", "second", "third", "fourth"};
static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};
static const struct {
	const char *caption, *track; /* track NULL: the adjustment */
} table_row[] = {
	{"Adjusted for communities", "adjusted"},
	{"Baseline", "baseline"},
	{"Adjustment", NULL},
};

struct compare {
	struct str id[CHART_RUNS_MAX]; /* "live" or a run's, as chosen, without gaps */
	size_t count;
	json_t *answer[CHART_RUNS_MAX]; /* only while the page is made */
};

/* Of the address; of a form that comes back, what stood there when it was begun. */
static struct str choice(struct flow *f, const char *name)
{
	struct str value = flow_rescued(f) ? flow_form(f, name) : flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static struct str whose(struct flow *f)
{
	struct str chosen = choice(f, "authority_id");

	return str_is_null(chosen) ? h_whose_receipts(f) : chosen;
}

static bool is_live(struct str id)
{
	return str_eq(id, STR("live"));
}

static enum projection_scenario scenario_of(struct flow *f)
{
	enum projection_scenario s;

	return projection_scenario_parse(choice(f, "scenario"), &s) == 0 ? s : SCENARIO_LIKELY;
}

/* What was chosen, each once; nothing: the live forecast alone. */
static void choose(struct flow *f, struct compare *c)
{
	for (size_t i = 0; i < COUNT(place_name); i++) {
		struct str id = choice(f, place_name[i]);
		bool is_new = !str_is_null(id);

		for (size_t k = 0; k < c->count; k++)
			is_new &= !str_eq(id, c->id[k]);
		if (is_new)
			c->id[c->count++] = id;
	}
	if (c->count == 0)
		c->id[c->count++] = STR("live");
}

static enum step_result compare_ask(struct flow *f)
{
	struct compare *c = f->state = ARENA_NEW(f->arena, struct compare);
	struct projector_question q = {
		.kind = ASK_RECEIPTS,
		.group = GROUP_YEAR,
		.scenario = scenario_of(f),
		.filter = {.authority_id = whose(f)},
		.reader = h_reader(f),
	};
	bool needs_live = false;

	if (!c)
		return flow_fail(f, ERR_NOMEM);
	choose(f, c);
	for (size_t i = 0; i < c->count; i++)
		needs_live |= is_live(c->id[i]);
	if (!needs_live)
		return STEP_NEXT;
	return h_ask(f, &q, PROJECTOR_ANSWER_MS);
}

static enum step_result compare_load(struct flow *f)
{
	const struct compare *c = f->state;
	struct str authority = whose(f), filter = STR("");
	int r = flow_send_err(f);
	struct db_batch *b;

	if (r < 0)
		return flow_fail(f, r == ERR_DEADLINE ? ERR_NOT_READY : r);
	if (authority.at)
		filter = arena_fmt(f->arena, "authority_id=%s", authority.at);
	b = page_batch(f);
	q_page_compare_add(b, &(struct q_page_compare){
				      .chosen = db_text_array(f->arena, c->id, c->count),
				      .asset_id = scenario_asset(f),
			      });
	for (size_t i = 0; i < c->count; i++) {
		if (!is_live(c->id[i]))
			q_run_receipts_add(b, &(struct q_run_receipts){
						      .run_id = c->id[i],
						      .scenario = str_of(projection_scenario_word(
							      scenario_of(f))),
						      .grouping_by = STR("YEAR"),
						      .filter = filter,
					      });
	}
	return flow_send(f);
}

/* The answers in the order of what was chosen; the caller frees them, also after an error. */
static int take_answers(struct flow *f, struct compare *c)
{
	int statement = RUNS, r = 0;

	for (size_t i = 0; i < c->count && r == 0; i++) {
		struct q_run_receipts_row row = {.body = f->got_mail};

		if (!is_live(c->id[i]))
			r = q_run_receipts_one(f->got, statement++, &row);
		if (r == 0)
			c->answer[i] = json_loadb(row.body.at, row.body.len, 0, NULL);
		if (r == 0 && !c->answer[i])
			r = ERR_NOMEM;
	}
	return r;
}

/* --- figures -------------------------------------------------------------------------------- */

static const char *year_of(const json_t *item)
{
	return page_text(json_object_get(item, "group"), "year");
}

static bool is_past(const char *year)
{
	return str_starts(str_of(year), STR("ACTUAL:"));
}

/* What has come in already comes first, as time has it. */
static int by_time(const void *a, const void *b)
{
	const char *year = *(const char *const *)a, *other = *(const char *const *)b;

	if (is_past(year) != is_past(other))
		return is_past(year) ? -1 : 1;
	return strcmp(year, other);
}

/* Every year that any of them has, in order; borrowed from the answers. */
static size_t labels_of(const struct compare *c, const char *label[LABELS_MAX])
{
	size_t n = 0, kept = 0;
	json_t *item;
	size_t i;

	for (size_t k = 0; k < c->count; k++) {
		json_array_foreach (json_object_get(c->answer[k], "items"), i, item) {
			if (n < LABELS_MAX)
				label[n++] = year_of(item);
		}
	}
	qsort(label, n, sizeof(*label), by_time);
	for (size_t k = 0; k < n; k++) {
		if (!kept || strcmp(label[kept - 1], label[k]) != 0)
			label[kept++] = label[k];
	}
	return kept;
}

/* A year that a forecast does not have is nothing; false: the figure is held back, or too great. */
static bool amount_of(const json_t *item, const char *track, int64_t *ret_pence)
{
	const json_t *value = receipts_net(item, track);

	*ret_pence = json_integer_value(value);
	return !item || json_is_integer(value);
}

/* A figure with its column's name, which stands beside it on a phone. */
static json_t *cell(json_t *words, bool is_known, int64_t pence)
{
	return is_known ? json_pack("{s:b, s:o, s:I}", "is_said", 1, "words", words, "amount_pence",
				    (json_int_t)pence)
			: json_pack("{s:b, s:o, s:b}", "is_said", 1, "words", words, "is_held_back",
				    true);
}

/* A row: of each forecast the amount, and of all but the first how far it is from that one. */
static json_t *row_of(const struct compare *c, const char *year, const char *track)
{
	json_t *cells = json_array();
	int64_t first = 0, pence, away;
	bool has_first = false;

	for (size_t i = 0; i < c->count; i++) {
		bool has = amount_of(receipts_of_year(c->answer[i], year), track, &pence);

		(void)json_array_append_new(cells,
					    cell(json_sprintf("Forecast %zu", i + 1), has, pence));
		if (i == 0) {
			first = pence;
			has_first = has;
			continue;
		}
		has = has && has_first && !__builtin_sub_overflow(pence, first, &away);
		(void)json_array_append_new(
			cells,
			cell(json_sprintf("Difference of %zu to 1", i + 1), has, has ? away : 0));
	}
	return cells;
}

/* "2027-28"; what has come in already and what lies beyond the years have names of their own. */
static json_t *label_json(const char *year)
{
	if (is_past(year))
		return json_sprintf("%s, come in so far", year + 7);
	return json_string(strcmp(year, "BEYOND") == 0 ? "Later" : year);
}

static bool is_nothing(const struct compare *c, const char *year)
{
	int64_t pence;

	for (size_t i = 0; i < c->count; i++) {
		for (size_t t = 0; t < COUNT(table_row); t++) {
			if (!amount_of(receipts_of_year(c->answer[i], year), table_row[t].track,
				       &pence) ||
			    pence)
				return false;
		}
	}
	return true;
}

static json_t *table_of(const struct compare *c, size_t t, const char *const *label, size_t n)
{
	json_t *rows = json_array();

	for (size_t y = 0; y < n; y++)
		(void)json_array_append_new(rows,
					    json_pack("{s:b, s:o, s:o}", "is_said", 1, "label",
						      label_json(label[y]), "cells",
						      row_of(c, label[y], table_row[t].track)));
	return json_pack("{s:i, s:s, s:o, s:o}", "number", (int)t, "caption", table_row[t].caption,
			 "rows", rows, "totals", row_of(c, NULL, table_row[t].track));
}

static void put_chart(struct page *p, const struct compare *c, const char *const *label, size_t n)
{
	CLEANUP(buf_done) struct buf out = BUF(CHART_BYTES);
	struct compare_bar bar[CHART_ROWS_MAX][CHART_RUNS_MAX];
	struct str name[CHART_ROWS_MAX];
	struct chart_compare chart = {
		.id = STR("compare"),
		.title = STR("Adjusted net receipts by financial year"),
		.about = STR(
			"A bar for each forecast under each year, numbered as in the list above. "
			"The tables below have every figure."),
		.label = name,
		.bar = bar,
		.runs = c->count,
	};

	for (size_t y = 0; y < n && chart.years < CHART_ROWS_MAX; y++) {
		if (label[y][0] < '0' || label[y][0] > '9')
			continue;
		name[chart.years] = str_of(label[y]);
		for (size_t i = 0; i < c->count; i++) {
			struct compare_bar *b = &bar[chart.years][i];

			b->is_held_back = !amount_of(receipts_of_year(c->answer[i], label[y]),
						     "adjusted", &b->pence);
		}
		chart.years++;
	}
	if (chart.years && chart_compare(&out, &chart) < 0)
		return; /* amounts that no chart shows: the tables do */
	page_put_text(p, "chart", buf_view(&out));
}

static void put_figures(struct page *p, const struct compare *c)
{
	const char *label[LABELS_MAX];
	size_t n = labels_of(c, label), shown = 0;
	json_t *tables = json_array();

	for (size_t y = 0; y < n; y++) {
		if (!is_nothing(c, label[y]))
			label[shown++] = label[y];
	}
	for (size_t t = 0; t < COUNT(table_row); t++)
		(void)json_array_append_new(tables, table_of(c, t, label, shown));
	page_put(p, "has_figures", json_boolean(shown > 0));
	page_put(p, "tables", tables);
	if (shown)
		put_chart(p, c, label, shown);
}

/* --- what is chosen from --------------------------------------------------------------------- */

static const json_t *run_named(const json_t *runs, struct str id)
{
	json_t *run;
	size_t i;

	json_array_foreach (runs, i, run) {
		if (str_eq(str_of(page_text(run, "id")), id))
			return run;
	}
	return NULL;
}

/* The forecasts that are shown: number, name, since when, and whether it may be made again. */
static void put_shown(struct page *p, const struct compare *c, const json_t *runs)
{
	json_t *shown = json_array();

	for (size_t i = 0; i < c->count; i++) {
		const json_t *run = run_named(runs, c->id[i]);
		json_t *one = json_pack(
			"{s:i, s:s, s:s, s:b, s:O, s:O}", "number", (int)i + 1, "place",
			place_name[i], "name", run ? page_text(run, "name") : "The live forecast",
			"is_first", i == 0, "as_of_on", json_object_get(c->answer[i], "as_of"),
			"run_position", json_object_get(c->answer[i], "position"));

		if (run)
			(void)json_object_set(one, "id", json_object_get(run, "id"));
		(void)json_array_append_new(shown, one);
	}
	page_put(p, "shown", shown);
}

/* A choice for each of the four places, with what stands there now. */
static void put_places(struct page *p, const struct compare *c, const json_t *runs)
{
	static const char *const words[CHART_RUNS_MAX] = {"First", "Second", "Third", "Fourth"};
	json_t *places = json_array();

	for (size_t i = 0; i < COUNT(words); i++) {
		json_t *options = json_deep_copy(runs);
		json_t *place;

		(void)json_array_insert_new(
			options, 0,
			json_pack("{s:s, s:s}", "id", "live", "name", "The live forecast"));
		if (i < c->count)
			page_choose(p, options, c->id[i]);
		place = json_pack("{s:s, s:s, s:b, s:o}", "name", place_name[i], "label", words[i],
				  "may_be_none", i > 0, "options", options);
		(void)json_array_append_new(places, place);
	}
	page_put(p, "places", places);
}

static void put_choices(struct page *p, struct compare *c, json_t *choices)
{
	struct flow *f = p->flow;
	struct str scenario = choice(f, "scenario");
	json_t *words = page_choices(STR("scenario"), scenario_code, COUNT(scenario_code));
	json_t *asset = json_object_get(choices, "asset");
	bool may = principal_may(f->who, PERM_RUN_WRITE);

	page_choose(p, words, scenario.at ? scenario : STR("LIKELY"));
	page_put(p, "scenarios", words);
	page_put_text(p, "chosen_scenario", scenario.at ? scenario : STR("LIKELY"));
	page_put_text(p, "chosen_authority", choice(f, "authority_id"));
	page_choose(p, json_object_get(choices, "authorities"), whose(f));
	page_put(p, "is_of_one", json_boolean(whose(f).len > 0));
	page_put_of(p, p->data, "authorities", choices);
	put_shown(p, c, json_object_get(choices, "runs"));
	put_places(p, c, json_object_get(choices, "runs"));
	page_put(p, "may_suppose", json_boolean(may));
	page_put(p, "asset", json_is_object(asset) && may ? json_incref(asset) : json_null());
	scenario_put(p, may && json_is_object(asset) ? asset : NULL);
	page_put(p, "has_asset_requests",
		 json_boolean(json_array_size(json_object_get(asset, "requests")) > 0));
}

static enum step_result compare_answer(struct flow *f)
{
	struct compare *c = f->state;
	json_auto_t *choices = NULL;
	int r = take_answers(f, c);
	struct page p;

	if (r == 0) {
		p = page_begin(f, "Forecasts beside each other");
		page_crumb(&p, "/", STR("Home"));
		page_crumb(&p, "/forecast", STR("Forecast"));
		choices = page_item(f, CHOICES);
		put_figures(&p, c);
		put_choices(&p, c, choices);
	}
	for (size_t i = 0; i < c->count; i++)
		json_decref(c->answer[i]);
	if (r < 0)
		return flow_fail(f, r);
	return page_end(&p, "compare", PAGE_FORECAST, flow_rescued_status(f));
}

const struct flow_step page_compare[] = {
	{"ask", compare_ask},
	{"load", compare_load},
	{"answer", compare_answer},
	{0},
};
