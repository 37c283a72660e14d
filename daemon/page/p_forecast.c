/*
 * The forecast of receipts by year: the same answer of the projector as its API twin's, as a
 * chart with its table and words. Who may not read the money behind a figure sees what the
 * projector lets everybody see.
 */
#include "daemon/forecast/budget_beside.h"
#include "daemon/forecast/h_projection.h"
#include "daemon/projector/projector.h"
#include "dress.h"
#include "libassets/projection/parameter_list.h"
#include "libassets/projection/projection_print.h"
#include "p.h"
#include "p_years.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { FILTERS = PAGE_FRAME + 1, BUDGET };
/* Years that stand across, beside each other on paper. */
enum { BODY_YEARS = 6 };

/* What is kept between the steps. */
struct forecast_flow {
	struct str years; /* the answer by year, as JSON */
	bool has_bodies;  /* f->got_mail has that by year and public body */
};

static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};

/* A choice that was left at "all" says nothing. */
static struct str choice(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static enum step_result ask(struct flow *f, bool is_by_body)
{
	struct str scenario = choice(f, "scenario");
	struct projector_question q = {
		.kind = ASK_RECEIPTS,
		.group = GROUP_YEAR,
		.second = GROUP_AUTHORITY,
		.is_by_two = is_by_body,
		.scenario = SCENARIO_LIKELY,
		.filter = {.authority_id = choice(f, "authority_id")},
		.reader = h_reader(f),
	};

	if (scenario.at && projection_scenario_parse(scenario, &q.scenario) < 0) {
		flow_detail(f, STR("There is no such scenario."));
		return flow_fail(f, ERR_QUERY);
	}
	return h_ask(f, &q, PROJECTOR_ANSWER_MS);
}

static enum step_result forecast_ask(struct flow *f)
{
	return ask(f, false);
}

static int asked(struct flow *f)
{
	int r = flow_send_err(f);

	return r == ERR_DEADLINE ? ERR_NOT_READY : r;
}

/* The years once more by public body, where the page is not of one. */
static enum step_result forecast_ask_bodies(struct flow *f)
{
	struct forecast_flow *s = f->state = ARENA_NEW(f->arena, struct forecast_flow);
	int r = s ? asked(f) : ERR_NOMEM;

	if (r == 0) {
		s->years = arena_str(f->arena, f->got_mail);
		r = s->years.at ? 0 : ERR_NOMEM;
	}
	if (r < 0)
		return flow_fail(f, r);
	return choice(f, "authority_id").at ? STEP_NEXT : ask(f, true);
}

/* The answer by body stays in f->got_mail while the page asks for the rest. */
static enum step_result forecast_load(struct flow *f)
{
	struct forecast_flow *s = f->state;
	int r = choice(f, "authority_id").at ? 0 : asked(f);

	/* More bodies than an answer has figures: each is a choice of the form. */
	s->has_bodies = r == 0 && !choice(f, "authority_id").at;
	if (r < 0 && r != ERR_LIMIT)
		return flow_fail(f, r);
	q_page_filters_add(page_batch(f));
	(void)budget_beside(f, choice(f, "authority_id"), s->years);
	return flow_send(f);
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

/* Who reads the money of some bodies sees how sure their receipts are, on the page of each. */
static void put_own_spread(struct page *p)
{
	const json_t *bodies = json_object_get(json_object_get(p->data, "filter"), "authorities");
	const json_t *one;
	json_t *own = json_array();
	size_t i;

	json_array_foreach (bodies, i, one) {
		const char *id = page_text(one, "id");

		if (principal_may_at(p->flow->who, PERM_MONEY_READ, str_of(id)))
			(void)json_array_append_new(
				own, json_pack("{s:s+, s:O}", "href", "/forecast?authority_id=", id,
					       "name", json_object_get(one, "name")));
	}
	if (json_array_size(own))
		page_put_in(p, json_array_get(own, json_array_size(own) - 1), "is_last",
			    json_true());
	page_put(p, "has_own_spread",
		 json_boolean(json_array_size(own) &&
			      json_is_false(json_object_get(p->data, "has_percentiles")) &&
			      !choice(p->flow, "authority_id").at &&
			      !principal_may_at(p->flow->who, PERM_MONEY_READ, STR(""))));
	page_put(p, "own_spread", own);
}

/* The row of a body, made when it is first met. */
static json_t *body_row(struct page *p, json_t *rows, const char *id, json_t *years)
{
	json_t *row, *cells, *year;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (strcmp(page_text(row, "id"), id) == 0)
			return row;
	}
	row = json_pack("{s:s, s:[]}", "id", id, "cells");
	cells = json_object_get(row, "cells");
	json_array_foreach (years, i, year)
		(void)json_array_append_new(cells, json_pack("{s:O}", "year", year));
	if (json_array_append_new(rows, row) < 0 && !p->err)
		p->err = ERR_NOMEM;
	return row;
}

static void put_cell(struct page *p, json_t *row, size_t column, const json_t *item)
{
	json_t *cell = json_array_get(json_object_get(row, "cells"), column);

	if (json_is_true(json_object_get(item, "suppressed")))
		page_put_in(p, cell, "is_held_back", json_true());
	else
		page_put_in(p, cell, "amount_pence", json_integer(years_net(item, "adjusted")));
}

/* Which of the first years a label is; BODY_YEARS: none of them. */
static size_t column_of(const json_t *years, const json_t *item)
{
	const char *year = page_text(json_object_get(item, "group"), "year");
	const json_t *one;
	size_t i;

	json_array_foreach (years, i, one) {
		if (strcmp(json_string_value(one), year) == 0)
			return i;
	}
	return BODY_YEARS;
}

static const char *name_of(const json_t *bodies, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach (bodies, i, one) {
		if (strcmp(page_text(one, "id"), id) == 0)
			return page_text(one, "name");
	}
	return id;
}

static void sort_bodies(struct page *p, json_t *rows)
{
	const json_t *bodies = json_object_get(json_object_get(p->data, "filter"), "authorities");
	json_t *row, *sorted = json_array();
	size_t i;

	json_array_foreach (rows, i, row) {
		const char *name = name_of(bodies, page_text(row, "id"));
		size_t at = json_array_size(sorted);

		page_put_in(p, row, "name", json_string(name));
		while (at && strcmp(page_text(json_array_get(sorted, at - 1), "name"), name) > 0)
			at--;
		if (json_array_insert(sorted, at, row) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "has_bodies", json_boolean(json_array_size(sorted) > 1));
	page_put(p, "bodies", sorted);
}

/* Public bodies down, the next years across, where there is more than one body. */
static void put_bodies(struct page *p)
{
	const struct forecast_flow *s = p->flow->state;
	const json_t *shown = json_object_get(p->data, "years"), *item;
	json_auto_t *answer = NULL, *rows = json_array();
	json_t *years = json_array();
	size_t i;

	if (s->has_bodies)
		answer = json_loadb(p->flow->got_mail.at, p->flow->got_mail.len, 0, NULL);
	json_array_foreach (shown, i, item) {
		if (years_is_year(item) && json_array_size(years) < BODY_YEARS)
			(void)json_array_append(years, json_object_get(item, "label"));
	}
	json_array_foreach (json_object_get(answer, "items"), i, item) {
		const char *id = page_text(json_object_get(item, "group"), "authority_id");
		size_t column = column_of(years, item);

		if (*id && column < json_array_size(years))
			put_cell(p, body_row(p, rows, id, years), column, item);
	}
	page_put(p, "body_years", years);
	sort_bodies(p, rows);
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

/* The answer by year; of one authority with its budget, for who reads its money. Yours. */
static json_t *with_budget(struct page *p)
{
	struct str authority_id = choice(p->flow, "authority_id");
	const struct forecast_flow *s = p->flow->state;
	CLEANUP(buf_done) struct buf with = BUF(2 * s->years.len + 4096);
	bool may = principal_may(p->flow->who, PERM_MONEY_READ);
	bool has = may && authority_id.len &&
		   budget_put_beside(p->flow, BUDGET, authority_id, s->years, &with);
	struct str text = has ? buf_view(&with) : s->years;

	page_put(p, "has_budget", json_boolean(has));
	if (authority_id.len && principal_may_at(p->flow->who, PERM_MONEY_READ, authority_id))
		page_put_text(p, "budget_of", authority_id);
	return json_loadb(text.at, text.len, 0, NULL);
}

static void put_rules(struct page *p, json_t *to, const char *day, const char *version,
		      const json_t *rules)
{
	page_put_in(p, to, day, json_incref(json_object_get(rules, "as_of")));
	page_put_in(p, to, version, json_incref(json_object_get(rules, "parameters_version")));
}

/* What everybody is told stays when rules change or a day passes: of when its oldest and newest
 * parts are. */
static void put_told(struct page *p, const json_t *answer)
{
	const json_t *told = json_object_get(answer, "told");
	const json_t *first = json_object_get(told, "first"), *last = json_object_get(told, "last");
	json_t *shown;

	if (!json_is_object(told))
		return;
	shown = json_object();
	page_put(p, "told", shown);
	put_rules(p, shown, "first_on", "first_version", first);
	put_rules(p, shown, "last_on", "last_version", last);
	page_put_in(p, shown, "is_one", json_boolean(json_equal(first, last)));
}

static enum step_result forecast_answer(struct flow *f)
{
	struct page p = page_begin(f, "Forecast of capital receipts");
	json_auto_t *answer = with_budget(&p);

	page_crumb(&p, "/", STR("Home"));
	years_put(&p, answer);
	page_put(&p, "forecast_position", json_incref(json_object_get(answer, "position")));
	page_put(&p, "as_of_on", json_incref(json_object_get(answer, "as_of")));
	put_told(&p, answer);
	page_put(&p, "parameters_version",
		 json_incref(json_object_get(answer, "parameters_version")));
	page_put(&p, "model_version", json_incref(json_object_get(answer, "model_version")));
	put_filters(&p);
	put_own_spread(&p);
	put_bodies(&p);
	put_twin(&p);
	return page_end(&p, "forecast", PAGE_FORECAST, 200);
}

const struct flow_step page_forecast[] = {
	{"ask", forecast_ask},
	{"ask bodies", forecast_ask_bodies},
	{"load", forecast_load},
	{"answer", forecast_answer},
	{0},
};
