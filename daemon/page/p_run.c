/*
 * One frozen forecast: what names it, its years as chart, fan and tables, and every group that it
 * keeps with its percentiles; of a public body, partnership, locality or kind of asset its years
 * too. A dimension of many groups is walked
 * fifty at a time. From here lead the bridge, the comparison, what came in, and the files.
 *
 * What is shown is what the run keeps for who may read it, as GET /v1/projections/receipts?run= has
 * it; of the run that closed a year an authority reads its own share alone.
 */
#include "p_run.h"

#include "daemon/forecast/h_projection.h"
#include "daemon/forecast/parameter_words.h"
#include "dress.h"
#include "libassets/projection/parameter_list.h"
#include "p.h"
#include "p_forecast_then.h"
#include "p_promise.h"
#include "p_years.h"
#include "page.h"
#include "q.h"

/* Statement of the page's batch behind the frame's. */
enum { RUN = PAGE_FRAME + 1, PROMISE };
/* Groups of a dimension beyond which no run goes. */
enum { GROUPS_MAX = 10000000 };

static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};

/* The dimensions in the order they are shown; those without a filter keep no years. */
static const struct run_dimension {
	const char *group, *filter, *title, *of;
} dimension_table[] = {
	{"AUTHORITY", "authority_id", "By public body", "Public body"},
	{"CPP", "cpp_id", "By partnership", "Partnership"},
	{"LOCALITY", "locality_id", "By locality", "Locality"},
	{"CLASS", "class", "By kind of land or building", "Kind"},
	{"DECILE", NULL, "By deprivation decile", "Decile"},
};

static bool is_scenario(struct str word)
{
	for (size_t i = 0; i < COUNT(scenario_code); i++) {
		if (str_eq(word, str_of(scenario_code[i])))
			return true;
	}
	return false;
}

static const struct run_dimension *dimension_of(struct str group)
{
	for (size_t i = 0; i < COUNT(dimension_table); i++) {
		if (str_eq(group, str_of(dimension_table[i].group)))
			return &dimension_table[i];
	}
	return NULL;
}

/* From where on which dimension is shown, where a link led further on. */
static int walk(struct flow *f, struct run_flow *s)
{
	struct str group = flow_query(f, "group"), place = flow_query(f, "place");
	int64_t n = 0;

	if (!group.len)
		return 0;
	s->walked = dimension_of(group);
	if (!s->walked || s->filter || (place.len && str_to_i64(place, &n) < 0) || n < 0 ||
	    n > GROUPS_MAX) {
		flow_detail(f, STR("There is no such part of a frozen forecast."));
		return ERR_QUERY;
	}
	s->place = (int32_t)n;
	return 0;
}

/* At most one filter: a run keeps no others. */
int run_choose(struct flow *f, struct run_flow *s)
{
	s->scenario = flow_query(f, "scenario");
	if (!s->scenario.len)
		s->scenario = str_of(scenario_code[0]);
	if (!is_scenario(s->scenario)) {
		flow_detail(f, STR("There is no such scenario."));
		return ERR_QUERY;
	}
	for (size_t i = 0; i < COUNT(dimension_table); i++) {
		const struct run_dimension *d = &dimension_table[i];
		struct str key = d->filter ? flow_query(f, d->filter) : STR("");

		if (!key.len)
			continue;
		if (s->filter) {
			flow_detail(f, STR("A frozen forecast keeps its years for one filter: a "
					   "public body, a partnership, a locality or a kind."));
			return ERR_QUERY;
		}
		s->filter = d;
		s->key = key;
	}
	return walk(f, s);
}

struct str run_filter(struct flow *f, const struct run_flow *s)
{
	if (!s->filter)
		return STR("");
	return arena_fmt(f->arena, "%s=%.*s", s->filter->filter, (int)s->key.len, s->key.at);
}

static enum step_result ask(struct flow *f)
{
	const struct run_flow *s = f->state;
	struct str filter = run_filter(f, s);
	struct db_batch *b;

	if (!filter.at)
		return flow_fail(f, ERR_NOMEM);
	b = page_batch(f);
	q_page_run_add(b, &(struct q_page_run){
				  .run_id = s->id,
				  .scenario = s->scenario,
				  .filter = filter,
				  .grouping_by = s->walked ? str_of(s->walked->group)
							   : (struct str){NULL, 0},
				  .place = s->place,
			  });
	q_page_run_promises_add(b, &(struct q_page_run_promises){.id = s->id});
	return flow_send(f);
}

static enum step_result run_load(struct flow *f)
{
	struct run_flow *s = f->state = ARENA_NEW(f->arena, struct run_flow);
	int r = s ? run_choose(f, s) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	s->id = f->param[0];
	return ask(f);
}

static bool is_walked(const struct flow *f)
{
	const struct run_flow *s = f->state;

	return s->walked != NULL;
}

/* --- what leads on ----------------------------------------------------------------------------
 */

static void put_address(struct page *p, const char *name, const char *path,
			const struct page_filter *filter, size_t n)
{
	page_put_text(p, name, page_address(p->flow->arena, path, filter, n));
}

static void put_links(struct page *p)
{
	const struct run_flow *s = p->flow->state;
	bool is_body = s->filter == &dimension_table[0];
	struct str body = is_body ? s->key : STR("");
	const struct page_filter bridge[] = {
		{"from", s->id}, {"to", STR("live")}, {"authority_id", body}};
	const struct page_filter compare[] = {
		{"run", s->id}, {"second", STR("live")}, {"authority_id", body}};
	const struct page_filter outturn[] = {{"authority_id", body}};
	struct page_filter file[] = {
		{"run", s->id},
		{"scenario", s->scenario},
		{"group_by", s->filter ? STR("YEAR") : STR("YEAR,AUTHORITY")},
		{s->filter ? s->filter->filter : "authority_id", s->key},
		{"format", STR("xlsx")},
	};
	size_t n = COUNT(file) - 1;

	put_address(p, "bridge", "/forecast/bridge", bridge, COUNT(bridge));
	put_address(p, "compare", "/forecast/compare", compare, COUNT(compare));
	put_address(p, "outturn", "/forecast/outturn", outturn, COUNT(outturn));
	put_address(p, "xlsx", "/downloads/forecast", file, COUNT(file));
	file[n].value = STR("csv");
	put_address(p, "csv", "/downloads/forecast", file, COUNT(file));
	file[2].value = STR("YEAR");
	put_address(p, "json_twin", "/v1/projections/receipts", file, n);
}

/* --- groups -----------------------------------------------------------------------------------
 */

/* What has no name is called by its code, in words. */
static json_t *key_label(const char *key, const char *name)
{
	CLEANUP(buf_done) struct buf words = BUF(400);

	if (*name || !*key)
		return json_string(*name ? name : "None");
	dress_code(&words, STR("class"), str_of(key));
	return json_stringn(buf_view(&words).at, buf_view(&words).len);
}

/* What a key is called, and where its years are. */
static void put_key(struct page *p, json_t *item, const struct run_dimension *d)
{
	const struct run_flow *s = p->flow->state;
	const char *key = page_text(item, "key"), *name = page_text(item, "name");
	bool is_decile = !d->filter;
	const struct page_filter filter[] = {
		{d->filter ? d->filter : "class", str_of(key)},
		{"scenario", flow_query(p->flow, "scenario")},
	};

	if (is_decile && strcmp(key, "0") == 0)
		page_put_in(p, item, "label", json_string("No decile"));
	else if (is_decile)
		page_put_in(p, item, "label", json_sprintf("Decile %s", key));
	else
		page_put_in(p, item, "label", key_label(key, name));
	if (d->filter && *key) {
		struct str path = arena_fmt(p->flow->arena, "/forecast/runs/%s", s->id.at);

		if (path.at)
			path = page_address(p->flow->arena, path.at, filter, COUNT(filter));
		page_put_in(p, item, "href", json_stringn(path.at, path.len));
	}
	page_put_in(p, item, "has_percentiles",
		    json_boolean(json_is_object(json_object_get(item, "percentiles"))));
}

/* Where the dimension goes on. */
static void put_next(struct page *p, json_t *group, const struct run_dimension *d, json_int_t place)
{
	const struct run_flow *s = p->flow->state;
	struct arena *a = p->flow->arena;
	struct str path = arena_fmt(a, "/forecast/runs/%s", s->id.at);
	const struct page_filter filter[] = {
		{"scenario", flow_query(p->flow, "scenario")},
		{"group", str_of(d->group)},
		{"place", arena_fmt(a, "%lld", (long long)place)},
	};

	if (path.at)
		path = page_address(a, path.at, filter, COUNT(filter));
	page_put_in(p, group, "next", json_stringn(path.at, path.len));
}

static void put_group(struct page *p, json_t *group, const struct run_dimension *d)
{
	const struct run_flow *s = p->flow->state;
	json_t *items = json_object_get(group, "items"), *item;
	const struct page_filter file[] = {
		{"run", s->id},
		{"scenario", s->scenario},
		{"group_by", str_of(d->group)},
		{"format", STR("xlsx")},
	};
	struct str href = page_address(p->flow->arena, "/downloads/forecast", file, COUNT(file));
	json_int_t count = json_integer_value(json_object_get(group, "count"));
	json_int_t end = s->place + (json_int_t)json_array_size(items);
	bool has_percentiles = false;
	size_t i;

	json_array_foreach (items, i, item) {
		put_key(p, item, d);
		has_percentiles |= json_is_true(json_object_get(item, "has_percentiles"));
	}
	page_put_in(p, group, "id", json_string(d->group));
	page_put_in(p, group, "title", json_string(d->title));
	page_put_in(p, group, "of", json_string(d->of));
	page_put_in(p, group, "file", json_stringn(href.at, href.len));
	page_put_in(p, group, "is_spread", json_boolean(has_percentiles));
	if (s->walked || end < count)
		page_put_in(p, group, "walk",
			    json_pack("{s:I, s:I, s:I}", "first_count", (json_int_t)s->place + 1,
				      "last_count", end, "all_count", count));
	if (end < count)
		put_next(p, group, d, end);
}

/* Each dimension that the run has keys of; one without, such as no locality at all, says nothing.
 */
static void put_groups(struct page *p, const json_t *groups)
{
	json_t *shown = json_array(), *group;
	size_t i;

	for (size_t d = 0; d < COUNT(dimension_table); d++) {
		json_array_foreach (groups, i, group) {
			if (dimension_of(str_of(page_text(group, "group"))) !=
				    &dimension_table[d] ||
			    !json_array_size(json_object_get(group, "items")))
				continue;
			put_group(p, group, &dimension_table[d]);
			(void)json_array_append(shown, group);
		}
	}
	page_put(p, "groups", shown);
}

/* --- the page ---------------------------------------------------------------------------------
 */

/* What a scenario has otherwise, and by which parameters. */
static void put_supposed(struct page *p, json_t *answer)
{
	page_put_of(p, p->data, "overlay_assets", answer);
	page_put(p, "set_otherwise",
		 parameter_list(json_object_get(json_object_get(answer, "run"), "parameters_set")));
}

/* What the form that chooses the case leaves as it is. */
static void put_kept(struct page *p)
{
	const struct run_flow *s = p->flow->state;
	const struct page_filter kept[] = {
		{s->filter ? s->filter->filter : "", s->key},
		{"valid_on", flow_query(p->flow, "valid_on")},
		{"known_on", flow_query(p->flow, "known_on")},
	};

	page_put(p, "kept", page_kept(kept, COUNT(kept)));
}

/* The day that was asked for, and that of the run which is shown for it. */
static void put_then(struct page *p)
{
	const struct run_flow *s = p->flow->state;

	if (!s->at.is_given)
		return;
	forecast_then_put(p, &s->at);
	page_put(p, "then",
		 json_pack(
			 "{s:s%, s:s%, s:o}", "of_on", s->of_on.at, s->of_on.len, "known_on",
			 s->known_on.at, s->known_on.len, "self",
			 json_string(arena_fmt(p->flow->arena, "/forecast/runs/%s", s->id.at).at)));
}

static void put_name(struct page *p, const json_t *answer)
{
	const struct run_flow *s = p->flow->state;
	json_t *run = json_object_get(answer, "run");
	const char *filtered = page_text(answer, "filtered");
	json_t *choices = page_choices(STR("scenario"), scenario_code, COUNT(scenario_code));

	page_put_in(p, run, "run_tag", json_incref(json_object_get(run, "tag")));
	page_put_in(p, run, "run_position", json_incref(json_object_get(run, "position")));
	page_put(p, "run", json_incref(run));
	for (const char *const *k =
		     (const char *const[]){"frozen_at", "is_year_end", "body_name", "maker", NULL};
	     *k; k++)
		page_put_of(p, p->data, *k, answer);
	if (s->filter)
		page_put(p, "filtered",
			 json_sprintf("%s: %s", s->filter->of, *filtered ? filtered : s->key.at));
	page_put(p, "is_walked", json_boolean(s->walked != NULL));
	if ((s->filter && !s->is_own) || s->walked)
		page_put_text(p, "whole", arena_fmt(p->flow->arena, "/forecast/runs/%s", s->id.at));
	page_choose(p, choices, s->scenario);
	page_put(p, "scenarios", choices);
	put_kept(p);
}

static const char *title_of(struct flow *f, const json_t *answer)
{
	const char *name = page_text(json_object_get(answer, "run"), "name");
	struct str title =
		arena_fmt(f->arena, "Frozen forecast: %s", *name ? name : "without a name");

	return title.at ? title.at : "Frozen forecast";
}

static bool says_totals(const struct q_page_run_row *row)
{
	json_auto_t *answer = json_loadb(row->body.at, row->body.len, 0, NULL);
	const json_t *totals = json_object_get(json_object_get(answer, "receipts"), "totals");

	return row->has_figures && !json_is_true(json_object_get(totals, "suppressed"));
}

/* The whole is held back from who reads one body's money: then that body's, once. */
static bool is_held_back(struct flow *f, const struct q_page_run_row *row)
{
	struct run_flow *s = f->state;
	struct projector_reader reader = h_reader(f);

	if (s->filter || s->walked || reader.is_everywhere || !reader.authorities ||
	    says_totals(row))
		return false;
	s->whole = arena_str(f->arena, row->body);
	s->filter = &dimension_table[0];
	s->key = reader.authority_id[0];
	s->is_own = true;
	return true;
}

static enum step_result run_answer(struct flow *f)
{
	struct q_page_run_row row;
	const struct run_flow *s = f->state;
	json_auto_t *answer = NULL, *whole = NULL;
	int r = q_page_run_one(f->got, RUN, &row);
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	answer = json_loadb(row.body.at, row.body.len, 0, NULL);
	if (!answer)
		return flow_fail(f, ERR_NOMEM);
	p = page_begin(f, title_of(f, answer));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	page_crumb(&p, "/forecast/runs", STR("Frozen forecasts"));
	put_then(&p);
	put_name(&p, answer);
	put_supposed(&p, answer);
	page_put(&p, "has_figures", json_boolean(row.has_figures));
	if (row.has_figures && !is_walked(f))
		years_put(&p, json_object_get(answer, "receipts"));
	if (s->whole.at)
		whole = json_loadb(s->whole.at, s->whole.len, 0, NULL);
	put_groups(&p, json_object_get(whole ? whole : answer, "groups"));
	put_links(&p);
	return page_end(&p, "run", PAGE_FORECAST, 200);
}

static const struct flow_step answer_steps[] = {
	{"answer", run_answer},
	{0},
};

static enum step_result run_look(struct flow *f)
{
	struct q_page_run_row row;
	int r = q_page_run_one(f->got, RUN, &row);

	if (r == ERR_NOT_FOUND)
		return promise_answer(f, PROMISE);
	if (r < 0)
		return flow_fail(f, r);
	(void)flow_become(f, answer_steps);
	return is_held_back(f, &row) ? ask(f) : STEP_NEXT;
}

static const struct flow_step look_steps[] = {
	{"look", run_look},
	{0},
};

enum step_result run_show(struct flow *f)
{
	(void)flow_become(f, look_steps);
	return ask(f);
}

const struct flow_step page_run[] = {
	{"load", run_load},
	{"look", run_look},
	{0},
};
