/*
 * The rule of calibration (MODEL.md 3): the model's own probability of a stage counts as ten cases,
 * to which those that have ended are added. Always from the default and all outcomes, so that
 * applying a suggestion twice changes nothing. Nothing here is stored: a person sends `params` on,
 * or does not.
 */
#include "daemon/route/h.h"
#include "h_parameter.h"
#include "libassets/base/money.h"
#include "q.h"

enum { PRIOR_CASES = 10, KEY_MAX = 64 };

/* Which table of the parameters a kind of outcome calibrates. */
static const struct {
	const char *kind, *table;
} kind_table[] = {
	{"MARKET", "market_stage"},
	{"REQUEST", "request_state"},
};

void calibration_ask(struct flow *f)
{
	q_calibration_add(flow_batch(f));
}

/* p = rdiv(p0 * n0 + k * 10^6, n0 + n) */
static int64_t suggested(int64_t usual, int64_t finished, int64_t succeeded)
{
	return (int64_t)money_rdiv((int128)usual * PRIOR_CASES + (int128)succeeded * PPM,
				   PRIOR_CASES + finished);
}

/* "/market_stage/MARKETING/p": which row of kind_table, and the stage; false of other paths. */
static bool is_probability(const char *path, size_t *ret_kind, char code[KEY_MAX])
{
	for (size_t i = 0; i < COUNT(kind_table); i++) {
		struct str rest,
			table = str_cut((struct str){path + 1, strlen(path + 1)}, '/', &rest);
		struct str name = str_cut(rest, '/', &rest);

		if (!str_eq(table, str_of(kind_table[i].table)) || !str_eq(rest, STR("p")) ||
		    name.len >= KEY_MAX)
			continue;
		(void)snprintf(code, KEY_MAX, "%.*s", (int)name.len, name.at);
		*ret_kind = i;
		return true;
	}
	return false;
}

/* The counts as {"MARKET/MARKETING": [finished, succeeded]}. */
static int counts_of(struct flow *f, int statement, json_t **ret_counts)
{
	int n = q_calibration_count(f->got, statement);
	json_t *counts = *ret_counts = json_object();

	for (int i = 0; i < n; i++) {
		struct q_calibration_row row;
		int r = q_calibration_row(f->got, statement, i, &row);
		struct str key;

		if (r < 0)
			return r;
		key = arena_fmt(f->arena, "%.*s/%.*s", (int)row.kind.len, row.kind.at,
				(int)row.code.len, row.code.at);
		if (!key.at || json_object_set_new(counts, key.at,
						   json_pack("[I, I]", (json_int_t)row.finished,
							     (json_int_t)row.succeeded)) < 0)
			return ERR_NOMEM;
	}
	return counts ? 0 : ERR_NOMEM;
}

/* The set that stands with one probability otherwise. */
static int lay(json_t *params, const char *table, const char *code, int64_t ppm)
{
	json_t *stages = json_object_get(params, table), *stage;

	if (!json_is_object(stages)) {
		stages = json_object();
		if (json_object_set_new(params, table, stages) < 0)
			return ERR_NOMEM;
	}
	stage = json_object_get(stages, code);
	if (!json_is_object(stage)) {
		stage = json_object();
		if (json_object_set_new(stages, code, stage) < 0)
			return ERR_NOMEM;
	}
	return json_object_set_new(stage, "p", json_integer(ppm)) < 0 ? ERR_NOMEM : 0;
}

static int put_row(struct flow *f, const json_t *row, const json_t *counts, json_t *items,
		   json_t *params)
{
	const char *path = json_string_value(json_object_get(row, "path"));
	int64_t usual = json_integer_value(json_object_get(row, "default"));
	char code[KEY_MAX];
	const json_t *count;
	json_t *item;
	int64_t ppm;
	size_t kind;

	if (!path || !is_probability(path, &kind, code))
		return 0;
	count = json_object_get(counts,
				arena_fmt(f->arena, "%s/%s", kind_table[kind].kind, code).at);
	item = json_pack("{s:s, s:s, s:s, s:O, s:O, s:b, s:n, s:n, s:n}", "path", path, "kind",
			 kind_table[kind].kind, "code", code, "current_ppm",
			 json_object_get(row, "value"), "default_ppm",
			 json_object_get(row, "default"), "held_back", !count, "finished",
			 "succeeded", "suggested_ppm");
	if (json_array_append_new(items, item) < 0)
		return ERR_NOMEM;
	/* A stage of one's own has no default to begin from. */
	if (!count || !json_is_integer(json_object_get(row, "default")))
		return 0;
	ppm = suggested(usual, json_integer_value(json_array_get(count, 0)),
			json_integer_value(json_array_get(count, 1)));
	if (json_object_set(item, "finished", json_array_get(count, 0)) < 0 ||
	    json_object_set(item, "succeeded", json_array_get(count, 1)) < 0 ||
	    json_object_set_new(item, "suggested_ppm", json_integer(ppm)) < 0)
		return ERR_NOMEM;
	return lay(params, kind_table[kind].table, code, ppm);
}

int calibration_put(struct flow *f, int counts, json_t *answer)
{
	json_t *items = json_array(), *params = json_deep_copy(json_object_get(answer, "params"));
	json_auto_t *had = NULL;
	json_t *row;
	size_t i;
	int r = items && params ? counts_of(f, counts, &had) : ERR_NOMEM;

	json_array_foreach (json_object_get(answer, "parameters"), i, row) {
		if (r == 0)
			r = put_row(f, row, had, items, params);
	}
	if (r < 0) {
		json_decref(items);
		json_decref(params);
		return r;
	}
	return json_object_set_new(
		       answer, "calibration",
		       json_pack("{s:i, s:s, s:o, s:o}", "prior_cases", PRIOR_CASES, "rule",
				 "The default counts as ten cases; all cases that have ended are "
				 "added. Fewer than 3 cases suggest nothing. Recalibrate yearly, "
				 "never for one asset.",
				 "items", items, "params", params)) < 0
		       ? ERR_NOMEM
		       : 0;
}
