/*
 * Lists of every kind: one set of steps, one table of what each address can be asked for. The
 * filters of a list are columns of its view in sql/views, alone (one of the values) or with gt,
 * gte, lt, lte in brackets behind them; or q, near and updated_since. What a list takes stands in
 * routes.c too, a test compares the two.
 *
 * On the worker's thread. A filter is passed to the statement as JSON, so that one statement does
 * for every kind and choice of filters; a further one is a word in the table, one in routes.c, and
 * a case in add_filter() when it is not a column. What finds no room fails the request: a
 * filter that is dropped would make the list longer.
 */
#include <math.h>
#include <stdlib.h>

#include "h.h"
#include "h_read.h"
#include "libassets/grid.h"
#include "list.h"
#include "q.h"
#include "router.h"

/* Bytes of the filter as JSON; words of a search; fields that one may choose. */
enum { FILTER_MAX = 64 * 1024, WORDS_MAX = 16, FIELDS_MAX = 60 };

#define WHEN_SORTS "id,-id,created_at,-created_at,updated_at,-updated_at"

/* clang-format off */
/* parent: the column that the path's parameter fills, NULL when there is none. */
static const struct list_row {
	const char *path;
	const char *kind;
	const char *parent;
	const char *filters; /* comma-separated */
	const char *sorts;   /* the same, the first by default */
} list_table[] = {
	{"/v1/authorities", "aut", NULL, "kind,code," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/cpps", "cpp", NULL, "code," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/localities", "loc", NULL, "cpp_id,code,kind," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/assets", "ast", NULL,
	 "authority_id,cpp_id,locality_id,class,lifecycle,tenure,decile,reference,uprn,published,q,"
	 "near,updated_since," LIST_WHEN,
	 WHEN_SORTS ",name,-name"},
	{"/v1/assets/{id}/valuations", "val", "asset_id",
	 "basis," LIST_BETWEEN("valued_on") "," LIST_WHEN, WHEN_SORTS ",valued_on,-valued_on"},
	{"/v1/assets/{id}/disposals", "dsp", "asset_id", "", "id"},
	{"/v1/assets/{id}/requests", "atr", "asset_id", "state,kind,is_open," LIST_WHEN,
	 WHEN_SORTS ",state_on,-state_on"},
	{"/v1/community-bodies", "cbo", NULL, "legal_form,q," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/webhooks", "whk", NULL, "state", "id"},
	{"/v1/calendars", "cal", NULL, "state", "id,-id"},
	{"/v1/requests", "atr", NULL,
	 "authority_id,asset_id,community_body_id,kind,state,is_open,reference,updated_since,"
	 LIST_BETWEEN("received_on") "," LIST_BETWEEN("validated_on") "," LIST_WHEN,
	 WHEN_SORTS ",state_on,-state_on"},
};
/* clang-format on */

static const struct list_row *list_row_of(const struct flow *f)
{
	for (size_t i = 0; i < COUNT(list_table); i++) {
		if (strcmp(list_table[i].path, f->route->path) == 0)
			return &list_table[i];
	}
	return NULL;
}

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

static int add_words(struct flow *f, struct str words, struct buf *out)
{
	size_t n = 0;

	for (struct str rest = words; !str_is_null(rest);)
		n += str_cut(rest, ' ', &rest).len > 0;
	buf_char(out, '[');
	buf_json(out, str_trim(words));
	buf_char(out, ']');
	if (n <= WORDS_MAX)
		return 0;
	flaw_add(&f->flaws, STR("?q"), STR("TOO_LONG"), STR("These are more than 16 words."),
		 STR("Send the words that matter most."));
	return ERR_QUERY;
}

/* updated_at[gte] takes a moment, received_on[lt] a day. */
static int add_bound(struct flow *f, struct str name, struct buf *out)
{
	bool is_day = strstr(name.at, "_on[") != NULL;
	struct str value;
	int r = is_day ? h_day(f, name.at, &value) : h_moment(f, name.at, &value);

	buf_char(out, '[');
	buf_json(out, value);
	buf_char(out, ']');
	return r;
}

/* name: with a NUL behind it. */
static int add_filter(struct flow *f, struct str name, struct str value, struct buf *out)
{
	if (str_eq(name, STR("near")))
		return add_near(f, value, out);
	if (str_eq(name, STR("q")))
		return add_words(f, value, out);
	if (str_eq(name, STR("updated_since")) || memchr(name.at, '[', name.len))
		return add_bound(f, name, out);
	buf_char(out, '[');
	for (struct str rest = value; !str_is_null(rest);) {
		buf_json(out, str_cut(rest, ',', &rest));
		buf_char(out, str_is_null(rest) ? ' ' : ',');
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
		struct str name = arena_str(f->arena, str_cut(rest, ',', &rest)), value;

		/* Without it the list would be the longer one that nobody asked for. */
		if (str_is_null(name))
			return ERR_NOMEM;
		value = flow_query(f, name.at);
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
	if (buf_err(&out) < 0)
		return buf_err(&out);
	*ret_filter = arena_str(f->arena, buf_view(&out));
	return str_is_null(*ret_filter) ? ERR_NOMEM : 0;
}

/* fields=name,uprn as a text[]; absent when it was not given. */
static int fields_of(struct flow *f, struct str *ret_fields)
{
	struct str field[FIELDS_MAX], rest = flow_query(f, "fields");
	size_t n = 0;

	*ret_fields = (struct str){NULL, 0};
	if (str_is_null(rest))
		return 0;
	while (!str_is_null(rest) && n < FIELDS_MAX) {
		field[n] = str_cut(rest, ',', &rest);
		n += field[n].len > 0;
	}
	*ret_fields = db_text_array(f->arena, field, n);
	if (n && str_is_null(rest))
		return str_is_null(*ret_fields) ? ERR_NOMEM : 0;
	flaw_add(&f->flaws, STR("?fields"), STR("BAD_FORM"),
		 STR("This names no fields of an item."),
		 STR("Send names with commas between, such as fields=name,uprn."));
	return ERR_QUERY;
}

static enum step_result list_load(struct flow *f)
{
	const struct list_row *row = list_row_of(f);
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	struct str filter, fields, after = {NULL, 0};
	int r;

	if (!l || !row)
		return flow_fail(f, l ? ERR_BUG : ERR_NOMEM);
	r = list_read(f, row->sorts, l);
	if (r == 0)
		r = filter_of(f, row, &filter);
	if (r == 0)
		r = fields_of(f, &fields);
	if (r == 0 && !l->is_first) {
		after = db_text_array(f->arena, l->key, 2);
		r = str_is_null(after) ? ERR_NOMEM : 0;
	}
	if (r < 0)
		return flow_fail(f, r);
	q_item_list_add(flow_batch(f), &(struct q_item_list){.kind = str_of(row->kind),
							     .filter = filter,
							     .sort = l->sort,
							     .after = after,
							     .fields = fields,
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
