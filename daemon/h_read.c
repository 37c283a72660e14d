/*
 * See h_read.h. To add a kind: a view item_… in sql/views, a row in the tables below, rows in
 * routes.c. A list's filters are columns of its view, or q, near and updated_since.
 */
#include "h_read.h"

#include <math.h>
#include <stdlib.h>

#include "h.h"
#include "libassets/grid.h"
#include "list.h"
#include "q.h"
#include "router.h"

enum { FILTER_MAX = 64 * 1024 };

/* id: which parameter of the path; owner: 0 or 1 more than that of the asset it hangs on. */
static const struct show_row {
	const char *path;
	const char *kind;
	int id;
	int owner;
} show_table[] = {
	{"/v1/authorities/{id}", "aut", 0, 0},
	{"/v1/cpps/{id}", "cpp", 0, 0},
	{"/v1/localities/{id}", "loc", 0, 0},
	{"/v1/assets/{id}", "ast", 0, 0},
	{"/v1/assets/{id}/valuations/{valuation_id}", "val", 1, 1},
	{"/v1/assets/{id}/disposal-plan", "pln", 0, 0},
	{"/v1/assets/{id}/disposals/{disposal_id}", "dsp", 1, 1},
	{"/v1/community-bodies/{id}", "cbo", 0, 0},
	{"/v1/requests/{id}", "atr", 0, 0},
	{"/v1/projections/runs/{id}", "run", 0, 0},
	{"/v1/webhooks/{id}", "whk", 0, 0},
};

/* parent: the column that the path's parameter fills, NULL when there is none. */
static const struct list_row {
	const char *path;
	const char *kind;
	const char *parent;
	const char *filters; /* comma-separated */
} list_table[] = {
	{"/v1/authorities", "aut", NULL, "kind,code"},
	{"/v1/cpps", "cpp", NULL, "code"},
	{"/v1/localities", "loc", NULL, "cpp_id,code,kind"},
	{"/v1/assets", "ast", NULL,
	 "authority_id,cpp_id,locality_id,class,lifecycle,tenure,decile,reference,uprn,published,q,"
	 "near,"
	 "updated_since"},
	{"/v1/assets/{id}/valuations", "val", "asset_id", "basis"},
	{"/v1/assets/{id}/disposals", "dsp", "asset_id", ""},
	{"/v1/assets/{id}/requests", "atr", "asset_id", "state,kind,is_open"},
	{"/v1/community-bodies", "cbo", NULL, "legal_form,q"},
	{"/v1/webhooks", "whk", NULL, "state"},
	{"/v1/requests", "atr", NULL,
	 "authority_id,asset_id,community_body_id,kind,state,is_open,reference,updated_since"},
};

static const struct show_row *show_row_of(const struct flow *f)
{
	for (size_t i = 0; i < COUNT(show_table); i++) {
		if (strcmp(show_table[i].path, f->route->path) == 0)
			return &show_table[i];
	}
	return NULL;
}

static const struct list_row *list_row_of(const struct flow *f)
{
	for (size_t i = 0; i < COUNT(list_table); i++) {
		if (strcmp(list_table[i].path, f->route->path) == 0)
			return &list_table[i];
	}
	return NULL;
}

static enum step_result show_load(struct flow *f)
{
	const struct show_row *row = show_row_of(f);

	if (!row)
		return flow_fail(f, ERR_BUG);
	if (row->owner)
		q_item_part_show_add(flow_batch(f), &(struct q_item_part_show){
							    .kind = str_of(row->kind),
							    .id = f->param[row->id],
							    .asset_id = f->param[row->owner - 1],
						    });
	else
		q_item_show_add(flow_batch(f), &(struct q_item_show){.kind = str_of(row->kind),
								     .id = f->param[row->id]});
	return flow_send(f);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_item_show_row row;
	int r = q_item_show_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag(f, row.version, arena_str(f->arena, row.view).at))
		return STEP_DONE;
	return flow_answer(f, 200, row.body);
}

const struct flow_step flow_item_show[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* YYYY-MM-DDTHH:MM:SS with Z or an offset; PostgreSQL says the rest. */
static bool is_moment(struct str s)
{
	struct day day;

	return s.len >= 20 && s.len <= 35 && day_parse((struct str){s.at, 10}, &day) == 0 &&
	       s.at[10] == 'T' && s.at[13] == ':' && s.at[16] == ':' &&
	       (s.at[s.len - 1] == 'Z' || s.at[s.len - 6] == '+' || s.at[s.len - 6] == '-');
}

static int moment_of(struct flow *f, const char *name, struct str *ret_moment)
{
	*ret_moment = flow_query(f, name);
	if (str_is_null(*ret_moment) || is_moment(*ret_moment))
		return 0;
	flaw_add(&f->flaws, arena_fmt(f->arena, "?%s", name), STR("NOT_A_MOMENT"),
		 STR("This is not a moment."), STR("Write it as 2026-11-21T10:00:00Z."));
	return ERR_QUERY;
}

static enum step_result at_load(struct flow *f)
{
	struct str on = flow_query(f, "valid_on");
	struct str at;
	struct day day;
	int r = moment_of(f, "known_at", &at);

	if (r < 0)
		return flow_fail(f, r);
	if (str_is_null(on)) {
		on = shape_day_text(f->today, f->arena);
	} else if (day_parse(on, &day) < 0) {
		flaw_add(&f->flaws, STR("?valid_on"), STR("NOT_A_DATE"),
			 STR("There is no such day."), STR("Write a day as YYYY-MM-DD."));
		return flow_fail(f, ERR_QUERY);
	}
	q_asset_as_at_add(
		flow_batch(f),
		&(struct q_asset_as_at){.id = f->param[0], .valid_on = on, .known_at = at});
	return flow_send(f);
}

static enum step_result at_answer(struct flow *f)
{
	struct q_asset_as_at_row row;
	int r = q_asset_as_at_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, row.body);
}

static const struct flow_step asset_at[] = {
	{"load as at", at_load},
	{"answer", at_answer},
	{0},
};

static enum step_result asset_show_choose(struct flow *f)
{
	bool is_at =
		!str_is_null(flow_query(f, "valid_on")) || !str_is_null(flow_query(f, "known_at"));

	return flow_become(f, is_at ? asset_at : flow_item_show);
}

const struct flow_step flow_asset_show[] = {
	{"choose", asset_show_choose},
	{0},
};

/* A number with decimals, such as -4.25. */
static bool decimal(struct str s, struct arena *a, double *ret_value)
{
	const char *text = arena_str(a, s).at;
	char *end = NULL;

	*ret_value = text && s.len ? strtod(text, &end) : 0.0;
	return end && *end == '\0' && isfinite(*ret_value);
}

/* near=LAT,LON,METRES as a circle on the National Grid. */
static int add_near(struct flow *f, struct str value, struct buf *out)
{
	struct str rest, lat = str_cut(value, ',', &rest), lon = str_cut(rest, ',', &rest);
	double at[3];
	struct grid_point p;

	if (decimal(lat, f->arena, &at[0]) && decimal(lon, f->arena, &at[1]) &&
	    decimal(rest, f->arena, &at[2]) && fabs(at[0]) <= 90.0 && fabs(at[1]) <= 180.0 &&
	    at[2] >= 1.0 && at[2] <= 200000.0 &&
	    grid_of_degrees(
		    (struct grid_degrees){llround(at[0] * GRID_E7), llround(at[1] * GRID_E7)},
		    &p) == 0) {
		buf_fmt(out, "{\"easting\":%d,\"northing\":%d,\"metres\":%d}", p.easting,
			p.northing, (int)at[2]);
		return 0;
	}
	flaw_add(&f->flaws, STR("?near"), STR("BAD_FORM"),
		 STR("This is no place on the National Grid."),
		 STR("Send near=LATITUDE,LONGITUDE,METRES, such as near=55.95,-3.19,500."));
	return ERR_QUERY;
}

static int add_filter(struct flow *f, struct str name, struct str value, struct buf *out)
{
	struct str moment;

	if (str_eq(name, STR("near")))
		return add_near(f, value, out);
	if (str_eq(name, STR("updated_since")) && moment_of(f, "updated_since", &moment) < 0)
		return ERR_QUERY;
	buf_char(out, '[');
	if (str_eq(name, STR("q"))) {
		buf_json(out, str_trim(value));
	} else {
		for (struct str rest = value; !str_is_null(rest);) {
			buf_json(out, str_cut(rest, ',', &rest));
			buf_char(out, str_is_null(rest) ? ' ' : ',');
		}
	}
	buf_char(out, ']');
	return 0;
}

/* {"authority_id":["aut_…"], …} of the path and the query. */
static int filter_of(struct flow *f, const struct list_row *row, struct str *ret_filter)
{
	CLEANUP(buf_done) struct buf out = BUF(FILTER_MAX);
	struct str rest = str_of(row->filters);
	int r;

	buf_char(&out, '{');
	if (row->parent) {
		buf_fmt(&out, "\"%s\":[", row->parent);
		buf_json(&out, f->param[0]);
		buf_char(&out, ']');
	}
	while (rest.len) {
		struct str name = str_cut(rest, ',', &rest);
		struct str value = flow_query(f, arena_str(f->arena, name).at);

		if (!value.len)
			continue;
		if (out.len > 1)
			buf_char(&out, ',');
		buf_json(&out, name);
		buf_char(&out, ':');
		r = add_filter(f, name, value, &out);
		if (r < 0)
			return r;
	}
	buf_char(&out, '}');
	*ret_filter = arena_str(f->arena, buf_view(&out));
	return buf_err(&out);
}

static enum step_result list_load(struct flow *f)
{
	const struct list_row *row = list_row_of(f);
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	struct str filter;
	int r;

	if (!l || !row)
		return flow_fail(f, l ? ERR_BUG : ERR_NOMEM);
	r = list_read(f, NULL, l);
	if (r == 0)
		r = filter_of(f, row, &filter);
	if (r < 0)
		return flow_fail(f, r);
	q_item_list_add(flow_batch(f), &(struct q_item_list){.kind = str_of(row->kind),
							     .filter = filter,
							     .after = l->key[0],
							     .take = l->rows});
	if (row->parent)
		q_asset_owner_show_add(flow_batch(f),
				       &(struct q_asset_owner_show){.id = f->param[0]});
	return flow_send(f);
}

static enum step_result list_show(struct flow *f)
{
	const struct list_row *row = list_row_of(f);
	struct q_asset_owner_show_row parent = {.gone = false};
	int r = row && row->parent ? q_asset_owner_show_one(f->got, 1, &parent) : 0;

	if (r == 0 && parent.gone)
		r = ERR_GONE;
	return r < 0 ? flow_fail(f, r) : list_answer(f, f->state, 0);
}

const struct flow_step flow_item_list[] = {
	{"load", list_load},
	{"answer", list_show},
	{0},
};
