/*
 * See p_forecast_groups.h. The answer comes by ids, in no order that people read; names are asked
 * of the database, whose policies say what the reader may know of.
 */
#include "p_forecast_groups.h"

#include <stdlib.h>

#include "daemon/flow/flow_query.h"
#include "dress.h"
#include "p_years.h"
#include "q.h"

/* Years that stand across, beside each other on paper; rows of a page, the files have all. */
enum { GROUP_YEARS = 6, GROUP_ROWS = 200 };

static const struct forecast_dimension dimension_table[] = {
	{GROUP_AUTHORITY, "authority_id", .label = "Public body", .title = "By public body",
	 .is_narrowed = true},
	{GROUP_CPP, "cpp_id", .label = "Partnership", .title = "By partnership",
	 .is_narrowed = true},
	{GROUP_LOCALITY, "locality_id", .label = "Locality", .title = "By locality",
	 .is_narrowed = true},
	{GROUP_CLASS, "class", .label = "Kind", .title = "By kind of land or building",
	 .is_narrowed = true},
	{GROUP_DECILE, "decile", .label = "Decile", .title = "By deprivation decile"},
	{GROUP_STAGE, "stage", .label = "Stage", .title = "By stage of what is planned"},
};
_Static_assert(FORECAST_FILTERS == COUNT(dimension_table) - 2, "all but deciles and stages");

/* A choice that was left at "all" says nothing. */
static struct str choice(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

int forecast_grouping(struct flow *f, const struct forecast_dimension **ret_dimension)
{
	struct str word = choice(f, "group_by");

	*ret_dimension = NULL;
	if (!word.at) {
		if (!choice(f, "authority_id").at)
			*ret_dimension = &dimension_table[0];
		return 0;
	}
	for (size_t i = 0; i < COUNT(dimension_table); i++) {
		const struct forecast_dimension *d = &dimension_table[i];

		if (!str_eq(word, str_of(projector_group_word(d->group))))
			continue;
		if (!d->is_narrowed || !choice(f, d->filter).at)
			*ret_dimension = d;
		return 0;
	}
	if (str_eq(word, STR("NONE")))
		return 0;
	flow_detail(f, STR("There is no such grouping."));
	return ERR_QUERY;
}

struct projector_filter forecast_filter(struct flow *f)
{
	return (struct projector_filter){
		.authority_id = choice(f, "authority_id"),
		.cpp_id = choice(f, "cpp_id"),
		.locality_id = choice(f, "locality_id"),
		.class = choice(f, "class"),
	};
}

void forecast_filters(struct flow *f, struct page_filter *filter)
{
	for (size_t i = 0; i < FORECAST_FILTERS; i++)
		filter[i] = (struct page_filter){dimension_table[i].filter,
						 choice(f, dimension_table[i].filter)};
}

bool forecast_is_narrowed(struct flow *f)
{
	for (size_t i = 1; i < FORECAST_FILTERS; i++) {
		if (choice(f, dimension_table[i].filter).at)
			return true;
	}
	return false;
}

/* --- names ------------------------------------------------------------------------------------ */

/* Deciles are numbers, 0: none is known. Yours. */
static json_t *key_of(const json_t *item, const struct forecast_dimension *d)
{
	const json_t *key = json_object_get(json_object_get(item, "group"), d->filter);

	if (json_is_integer(key))
		return json_sprintf("%d", (int)json_integer_value(key));
	return json_string(json_is_string(key) ? json_string_value(key) : "");
}

static json_t *keys_of(const struct forecast_dimension *d, struct str answer)
{
	json_auto_t *parsed = answer.at ? json_loadb(answer.at, answer.len, 0, NULL) : NULL;
	json_t *keys = json_object(), *item;
	size_t i;

	json_array_foreach (json_object_get(parsed, "items"), i, item) {
		json_auto_t *key = key_of(item, d);

		(void)json_object_set_new(keys, json_string_value(key), json_true());
	}
	return keys;
}

void forecast_ask_names(struct flow *f, const struct forecast_dimension *d, struct str answer)
{
	json_auto_t *keys = keys_of(d, answer);
	size_t n = 0, most = json_object_size(keys) + FORECAST_FILTERS;
	struct str *id = ARENA_ARRAY(f->arena, most, struct str);
	struct page_filter filter[FORECAST_FILTERS];
	const char *key;
	json_t *value;

	forecast_filters(f, filter);
	json_object_foreach (keys, key, value) {
		if (id)
			id[n++] = arena_str(f->arena, str_of(key));
	}
	for (size_t i = 0; i < FORECAST_FILTERS; i++) {
		if (id && filter[i].value.at)
			id[n++] = filter[i].value;
	}
	q_page_names_add(flow_batch(f),
			 &(struct q_page_names){.ids = db_text_array(f->arena, id, n)});
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Where the same is shown of one key alone. */
static struct str href_of(struct page *p, const struct forecast_dimension *d, const char *key)
{
	struct page_filter filter[FORECAST_FILTERS + 1];

	forecast_filters(p->flow, filter);
	for (size_t i = 0; i < FORECAST_FILTERS; i++) {
		if (strcmp(filter[i].name, d->filter) == 0)
			filter[i].value = str_of(key);
	}
	filter[FORECAST_FILTERS] = (struct page_filter){"scenario", choice(p->flow, "scenario")};
	return page_address(p->flow->arena, "/forecast", filter, COUNT(filter));
}

/* What a key is called; a kind without a label by its code, in words. Yours. */
static json_t *called(const struct forecast_dimension *d, const char *key, const json_t *names)
{
	CLEANUP(buf_done) struct buf words = BUF(400);
	const char *name = page_text(names, key);

	if (*name)
		return json_string(name);
	if (!*key || strcmp(key, "0") == 0)
		return json_string(d->group == GROUP_STAGE ? "Nothing is planned" : "None");
	if (d->group == GROUP_CLASS || d->group == GROUP_STAGE)
		dress_code(&words, str_of(d->filter), str_of(key));
	else
		buf_fmt(&words, "%s%s", d->group == GROUP_DECILE ? "Decile " : "", key);
	return json_stringn(words.at, words.len);
}

static json_t *row_new(struct page *p, const struct forecast_dimension *d, const char *key,
		       const json_t *names, const json_t *years)
{
	json_t *row = json_pack("{s:[]}", "cells"), *year;
	size_t i;

	json_array_foreach (years, i, year)
		(void)json_array_append_new(json_object_get(row, "cells"),
					    json_pack("{s:O}", "year", year));
	if (d->is_narrowed && *key) {
		struct str href = href_of(p, d, key);

		page_put_in(p, row, "href", json_stringn(href.at, href.len));
	}
	page_put_in(p, row, "name", called(d, key, names));
	page_put_in(p, row, "is_said",
		    json_boolean(d->group == GROUP_CLASS || d->group == GROUP_STAGE));
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

/* Which of the first years a label is; their number: none of them. */
static size_t column_of(const json_t *years, const json_t *item)
{
	const char *year = page_text(json_object_get(item, "group"), "year");
	const json_t *one;
	size_t i;

	json_array_foreach (years, i, one) {
		if (strcmp(json_string_value(one), year) == 0)
			break;
	}
	return i;
}

/* "Decile 10" comes behind "Decile 9". */
static int by_name(const void *a, const void *b)
{
	const char *x = page_text(*(const json_t *const *)a, "name");
	const char *y = page_text(*(const json_t *const *)b, "name");
	size_t n = strlen(x), m = strlen(y);

	if (n != m && strncmp(x, "Decile ", 7) == 0 && strncmp(y, "Decile ", 7) == 0)
		return n < m ? -1 : 1;
	return strcmp(x, y);
}

/* The rows in the order of their names, as many as a page has. Yours. */
static json_t *sorted(struct page *p, json_t *rows)
{
	size_t count = json_object_size(rows), n = 0;
	json_t **at = ARENA_ARRAY(p->flow->arena, count + 1, json_t *), *row;
	json_t *list = json_array();
	const char *key;

	json_object_foreach (rows, key, row) {
		if (at)
			at[n++] = row;
	}
	if (n < count && !p->err)
		p->err = ERR_NOMEM;
	if (n)
		qsort(at, n, sizeof(json_t *), by_name);
	for (size_t i = 0; i < n && i < GROUP_ROWS; i++)
		(void)json_array_append(list, at[i]);
	return list;
}

/* The first years of those that the page shows. Yours. */
static json_t *first_years(const json_t *shown)
{
	json_t *years = json_array(), *item;
	size_t i;

	json_array_foreach (shown, i, item) {
		if (years_is_year(item) && json_array_size(years) < GROUP_YEARS)
			(void)json_array_append(years, json_object_get(item, "label"));
	}
	return years;
}

static void put_rows(struct page *p, const struct forecast_dimension *d, struct str answer,
		     const json_t *names)
{
	json_auto_t *parsed = answer.at ? json_loadb(answer.at, answer.len, 0, NULL) : NULL;
	json_auto_t *rows = json_object();
	json_t *years = first_years(json_object_get(p->data, "years")), *item, *list;
	size_t i;

	json_array_foreach (json_object_get(parsed, "items"), i, item) {
		json_auto_t *name = key_of(item, d);
		const char *key = json_string_value(name);
		size_t column = column_of(years, item);
		json_t *row = json_object_get(rows, key);

		if (column == json_array_size(years))
			continue;
		if (!row) {
			row = row_new(p, d, key, names, years);
			(void)json_object_set_new(rows, key, row);
		}
		put_cell(p, row, column, item);
	}
	list = sorted(p, rows);
	/* One body alone is the whole once more. */
	page_put(p, "has_groups",
		 json_boolean(json_array_size(list) > (d->group == GROUP_AUTHORITY ? 1 : 0)));
	page_put(p, "leaves_out",
		 json_boolean(json_is_true(json_object_get(parsed, "groups_left_out"))));
	page_put(p, "is_unread", json_boolean(d->group == GROUP_STAGE && !json_object_size(rows)));
	page_put(p, "is_cut", json_boolean(json_object_size(rows) > GROUP_ROWS));
	page_put(p, "group_years", years);
	page_put(p, "groups", list);
}

/* --- choices ---------------------------------------------------------------------------------- */

/* What the form has no field for goes with it all the same. */
static void put_narrowed(struct page *p, const json_t *names)
{
	json_t *list = json_array();

	for (size_t i = 1; i < FORECAST_FILTERS; i++) {
		const struct forecast_dimension *d = &dimension_table[i];
		struct str value = choice(p->flow, d->filter);

		if (value.at)
			(void)json_array_append_new(
				list, json_pack("{s:s, s:s, s:s%, s:o, s:b}", "filter", d->filter,
						"of", d->label, "value", value.at, value.len,
						"name", called(d, value.at, names), "is_said",
						d->group == GROUP_CLASS));
	}
	page_put(p, "narrowed", list);
}

static void put_choices(struct page *p, const struct forecast_dimension *d)
{
	json_t *choices = json_pack("[{s:s, s:s, s:b, s:b}]", "id", "NONE", "name", "By year alone",
				    "is_said", true, "is_selected", !d);

	for (size_t i = 0; i < COUNT(dimension_table); i++) {
		const struct forecast_dimension *one = &dimension_table[i];

		if (one->group == GROUP_STAGE && !principal_may(p->flow->who, PERM_MONEY_READ))
			continue; /* nobody else is shown a figure of it */
		(void)json_array_append_new(choices, json_pack("{s:s, s:s, s:b, s:b}", "id",
							       projector_group_word(one->group),
							       "name", one->title, "is_said", true,
							       "is_selected", one == d));
	}
	page_put(p, "groupings", choices);
	if (d)
		page_put(p, "grouping",
			 json_pack("{s:s, s:s, s:b}", "name", d->title, "label", d->label,
				   "is_said", true));
}

void forecast_put_groups(struct page *p, const struct forecast_dimension *d, struct str answer,
			 int names)
{
	json_auto_t *called = page_item(p->flow, names);

	put_choices(p, d);
	put_narrowed(p, called);
	if (d)
		put_rows(p, d, answer, called);
}
