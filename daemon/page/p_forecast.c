/*
 * The forecast of receipts by year: the same answer of the projector as its API twin's, as a
 * chart with its table and words. Who may not read the money behind a figure sees what the
 * projector lets everybody see. A day leads to what was frozen (p_forecast_then.c).
 */
#include "daemon/forecast/budget_beside.h"
#include "daemon/forecast/h_projection.h"
#include "daemon/projector/projector.h"
#include "dress.h"
#include "libassets/projection/parameter_list.h"
#include "libassets/projection/projection_print.h"
#include "p.h"
#include "p_forecast_groups.h"
#include "p_forecast_then.h"
#include "p_years.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { FILTERS = PAGE_FRAME + 1, NAMES, BUDGET };

/* What is kept between the steps. */
struct forecast_flow {
	const struct forecast_dimension *by; /* what the rows are of; NULL: there are none */
	struct str years;                    /* the answer by year, as JSON */
	bool has_rows;                       /* f->got_mail has that by year and dimension */
};

static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};

/* A choice that was left at "all" says nothing. */
static struct str choice(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

/* By year; by: and by that, NULL: by nothing else. */
static enum step_result ask(struct flow *f, const struct forecast_dimension *by)
{
	struct str scenario = choice(f, "scenario");
	struct projector_question q = {
		.kind = ASK_RECEIPTS,
		.group = GROUP_YEAR,
		.second = by ? by->group : GROUP_YEAR,
		.is_by_two = by != NULL,
		.scenario = SCENARIO_LIKELY,
		.filter = forecast_filter(f),
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
	struct forecast_flow *s = f->state = ARENA_NEW(f->arena, struct forecast_flow);
	struct as_at at;
	int r = s ? as_at_read_page(f, &at) : ERR_NOMEM;

	if (r == 0 && at.is_given)
		return forecast_then(f, &at);
	if (r == 0)
		r = forecast_grouping(f, &s->by);
	return r < 0 ? flow_fail(f, r) : ask(f, NULL);
}

static int asked(struct flow *f)
{
	int r = flow_send_err(f);

	return r == ERR_DEADLINE ? ERR_NOT_READY : r;
}

/* The years once more by what the rows are of. */
static enum step_result forecast_ask_rows(struct flow *f)
{
	struct forecast_flow *s = f->state;
	int r = asked(f);

	if (r == 0) {
		s->years = arena_str(f->arena, f->got_mail);
		r = s->years.at ? 0 : ERR_NOMEM;
	}
	if (r < 0)
		return flow_fail(f, r);
	return s->by ? ask(f, s->by) : STEP_NEXT;
}

/* A budget is of a whole body. */
static struct str of_budget(struct flow *f)
{
	return forecast_is_narrowed(f) ? (struct str){NULL, 0} : choice(f, "authority_id");
}

/* The answer by year and dimension. */
static struct str rows_of(struct flow *f)
{
	const struct forecast_flow *s = f->state;

	return s->has_rows ? f->got_mail : (struct str){NULL, 0};
}

/* That answer stays in f->got_mail while the page asks for the rest. */
static enum step_result forecast_load(struct flow *f)
{
	struct forecast_flow *s = f->state;
	int r = s->by ? asked(f) : 0;

	/* More of them than an answer has figures: the files have no rows either. */
	s->has_rows = r == 0 && s->by;
	if (r < 0 && r != ERR_LIMIT)
		return flow_fail(f, r);
	q_page_filters_add(page_batch(f));
	forecast_ask_names(f, s->by, rows_of(f));
	(void)budget_beside(f, of_budget(f), s->years);
	return flow_send(f);
}

static void put_filters(struct page *p)
{
	struct flow *f = p->flow;
	struct str scenario = choice(f, "scenario");
	json_t *filter = page_item(f, FILTERS);
	json_auto_t *names = page_item(f, NAMES);

	page_put(p, "filter", filter);
	page_put(p, "is_of_one", json_boolean(choice(f, "authority_id").len > 0));
	page_choose_named(
		p, json_object_get(filter, "authorities"), choice(f, "authority_id"),
		str_of(page_text(names, arena_str(f->arena, choice(f, "authority_id")).at)));
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
			      !forecast_is_narrowed(p->flow) &&
			      !principal_may_at(p->flow->who, PERM_MONEY_READ, STR(""))));
	page_put(p, "own_spread", own);
}

/* As files: years across, and down what the rows are of. */
static void put_files(struct page *p)
{
	static const char *const format[] = {"xlsx", "csv"};
	struct flow *f = p->flow;
	const struct forecast_flow *s = f->state;
	struct page_filter filter[3 + FORECAST_FILTERS] = {
		{"format", STR("")},
		{"group_by",
		 s->by ? arena_fmt(f->arena, "YEAR,%s", projector_group_word(s->by->group))
		       : STR("YEAR")},
		{"scenario", choice(f, "scenario")},
	};

	forecast_filters(f, filter + 3);
	for (size_t i = 0; i < COUNT(format); i++) {
		filter[0].value = str_of(format[i]);
		page_put_text(p, format[i],
			      page_address(f->arena, "/downloads/forecast", filter, COUNT(filter)));
	}
}

static void put_twin(struct page *p)
{
	struct flow *f = p->flow;
	struct page_filter filter[2 + FORECAST_FILTERS] = {
		{"group_by", STR("YEAR")},
		{"scenario", choice(f, "scenario")},
	};

	forecast_filters(f, filter + 2);
	page_put_text(p, "json_twin",
		      page_address(f->arena, "/v1/projections/receipts", filter, COUNT(filter)));
	put_files(p);
}

/* The answer by year; of one authority with its budget, for who reads its money. Yours. */
static json_t *with_budget(struct page *p)
{
	struct str authority_id = of_budget(p->flow);
	const struct forecast_flow *s = p->flow->state;
	CLEANUP(buf_done) struct buf with = BUF(2 * s->years.len + 4096);
	bool may = principal_may(p->flow->who, PERM_MONEY_READ);
	bool has = may && authority_id.len &&
		   budget_put_beside(p->flow, BUDGET, authority_id, s->years, &with);
	struct str text = has ? buf_view(&with) : s->years;

	page_put(p, "may_freeze", json_boolean(principal_may(p->flow->who, PERM_RUN_WRITE)));
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
	const struct forecast_flow *s = f->state;
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
	forecast_then_put(&p, &(struct as_at){0});
	page_put(&p, "reads_money", json_boolean(principal_may(f->who, PERM_MONEY_READ)));
	put_own_spread(&p);
	forecast_put_groups(&p, s->by, rows_of(f), NAMES);
	put_twin(&p);
	return page_end(&p, "forecast", PAGE_FORECAST, 200);
}

const struct flow_step page_forecast[] = {
	{"ask", forecast_ask},
	{"ask rows", forecast_ask_rows},
	{"load", forecast_load},
	{"answer", forecast_answer},
	{0},
};
