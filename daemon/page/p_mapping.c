/*
 * How lists of other layouts are read: the saved mappings, each with its columns and a button that
 * takes it away, and a form that makes one. Its rows are filled with the names of a list's columns,
 * pasted; without script. The steps are those of /v1/import-mappings (h_mapping.c).
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/import/h_mapping.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "libassets/import/csv_text.h"
#include "libassets/import/csv_value.h"
#include "libassets/import/mapping.h"
#include "libassets/register/asset.h"
#include "p.h"
#include "p_asset_form.h"
#include "page.h"
#include "q.h"

/* Where the statements stand in a batch; mappings shown; rows of an empty form, and spare ones. */
enum {
	CHOICES = PAGE_FRAME + 1,
	LIST,
	KINDS,
	SHOWN_MAX = 200,
	MAPPING_TEXT_MAX = 1024,
	ROWS_EMPTY = 8,
	ROWS_SPARE = 2
};

/* What new assets get where the list has no such column. */
static const char *const preset_table[] = {"class", "tenure", "lifecycle"};

static enum step_result show_load(struct flow *f)
{
	q_page_import_add(page_batch(f));
	q_item_list_add(flow_batch(f), &(struct q_item_list){.kind = STR("map"),
							     .filter = STR("{}"),
							     .sort = STR("name"),
							     .take = SHOWN_MAX});
	q_page_filters_add(flow_batch(f));
	return flow_send(f);
}

/* All that a column can be. NULL without memory. */
static json_t *targets(void)
{
	json_t *list = json_array();

	for (int t = 0; list && t < CSV_TARGET_COUNT; t++) {
		const char *name = csv_target_name((enum csv_target)t);

		if (json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "id", name, "name",
							  asset_label(name), "is_said", 1)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* What was typed into a row: "header" or "field" and its number. */
static struct str typed(struct flow *f, const char *what, size_t row)
{
	struct str name = arena_fmt(f->arena, "%s_%zu", what, row);

	return name.at ? str_trim(flow_form(f, name.at)) : name;
}

static void put_row(struct page *p, json_t *rows, struct str header, struct str field)
{
	json_t *choices = targets();
	json_int_t n = (json_int_t)json_array_size(rows);
	json_t *row = json_pack("{s:I, s:I, s:s%}", "number", n, "ordinal", n + 1, "header",
				header.at ? header.at : "", header.len);

	page_choose(p, choices, field);
	page_put_in(p, row, "choices", choices);
	if (json_array_append_new(rows, row) < 0 && !p->err)
		p->err = ERR_NOMEM;
}

/* What such a heading commonly means, by the names of targets(); empty: nothing is known of it. */
static struct str proposed(struct str head)
{
	enum csv_target target;

	return csv_heading_means(head, &target) ? str_of(csv_target_name(target))
						: (struct str){NULL, 0};
}

/* The rows of a form that was refused as they were; else the columns whose names were pasted. */
static void put_rows(struct page *p)
{
	struct flow *f = p->flow;
	struct str rest = csv_trim(flow_query(f, "heads"));
	char separator = csv_separator(rest, (struct str){NULL, 0}, NULL);
	json_t *rows = json_array();
	size_t least = ROWS_EMPTY;

	for (size_t i = 0; flow_rescued(f) && i < MAPPING_COLUMNS_MAX; i++) {
		if (typed(f, "header", i).len)
			put_row(p, rows, typed(f, "header", i), typed(f, "field", i));
	}
	while (rest.len && json_array_size(rows) < MAPPING_COLUMNS_MAX) {
		struct str head = csv_trim(str_cut(rest, separator, &rest));

		if (head.len > 1 && head.at[0] == '"' && head.at[head.len - 1] == '"')
			head = (struct str){head.at + 1, head.len - 2};
		if (head.len)
			put_row(p, rows, head, proposed(head));
	}
	if (json_array_size(rows) + ROWS_SPARE > least)
		least = json_array_size(rows) + ROWS_SPARE;
	while (json_array_size(rows) < least && json_array_size(rows) < MAPPING_COLUMNS_MAX)
		put_row(p, rows, (struct str){NULL, 0}, (struct str){NULL, 0});
	page_put(p, "rows", rows);
}

/* What a field is called, as words of ours. */
static void put_label(struct page *p, json_t *one)
{
	page_put_in(p, one, "label", asset_label(page_text(one, "field")));
	page_put_in(p, one, "is_said", json_true());
}

/* Of each saved mapping the names of programs as words. */
static void put_words(struct page *p, const json_t *items)
{
	json_t *item, *one;
	size_t i, k;

	json_array_foreach (items, i, item) {
		json_array_foreach (json_object_get(item, "columns"), k, one)
			put_label(p, one);
		json_array_foreach (json_object_get(item, "presets"), k, one) {
			CLEANUP(buf_done) struct buf words = BUF(MAPPING_TEXT_MAX);

			put_label(p, one);
			dress_code(&words, str_of(page_text(one, "field")),
				   str_of(page_text(one, "value")));
			page_put_in(p, one, "value_words",
				    json_stringn(words.at ? words.at : "", words.len));
		}
	}
}

/* The choices of presets, in their order; what a refused form had is chosen. */
static void put_presets(struct page *p)
{
	json_auto_t *kinds = page_item(p->flow, KINDS);
	json_t *presets = json_array();

	for (size_t i = 0; i < COUNT(preset_table); i++) {
		const char *field = preset_table[i];
		json_t *one = json_pack("{s:s}", "field", field);
		json_t *choices = strcmp(field, "class") == 0
					  ? json_incref(json_object_get(kinds, "classes"))
					  : form_choices(p, &asset_shape, field);

		put_label(p, one);
		page_choose(p, choices, flow_form(p->flow, field));
		page_put_in(p, one, "choices", choices);
		(void)json_array_append_new(presets, one);
	}
	page_put(p, "presets_asked", presets);
}

static enum step_result show_answer(struct flow *f)
{
	struct page p = page_begin(f, "How lists of other layouts are read");
	json_t *choices = page_item(f, CHOICES), *items = page_items(f, LIST);
	json_t *authorities = json_object_get(choices, "authorities");

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/imports/new", STR("Load a list"));
	page_choose(&p, authorities, flow_form(f, "authority_id"));
	page_put(&p, "has_authorities", json_boolean(json_array_size(authorities) > 0));
	page_put(&p, "has_items", json_boolean(json_array_size(items) > 0));
	page_put(&p, "authorities", authorities ? json_incref(authorities) : NULL);
	put_words(&p, items);
	page_put(&p, "items", items);
	json_decref(choices);
	put_rows(&p);
	page_put_wrongs(&p);
	page_put_text(&p, "typed_name", flow_form(f, "name"));
	put_presets(&p);
	return page_end(&p, "import_mappings", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_mappings[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* The form's fields as the body that a program would send; a column without a field is left out. */
static int form_body(struct flow *f)
{
	struct str authority = flow_form(f, "authority_id"), name = str_trim(flow_form(f, "name"));
	json_t *columns = json_array(), *set = json_array();

	for (size_t i = 0; i < MAPPING_COLUMNS_MAX; i++) {
		struct str header = typed(f, "header", i), field = typed(f, "field", i);

		if (header.len && field.len)
			json_array_append_new(columns,
					      json_pack("{s:s%, s:s%}", "header", header.at,
							header.len, "field", field.at, field.len));
	}
	for (size_t i = 0; i < COUNT(preset_table); i++) {
		struct str value = str_trim(flow_form(f, preset_table[i]));

		if (value.len)
			json_array_append_new(set,
					      json_pack("{s:s, s:s%}", "field", preset_table[i],
							"value", value.at, value.len));
	}
	f->body = json_pack("{s:s%, s:s%, s:o, s:o}", "authority_id",
			    authority.at ? authority.at : "", authority.len, "name",
			    name.at ? name.at : "", name.len, "columns", columns, "presets", set);
	return f->body ? 0 : ERR_NOMEM;
}

static enum step_result add_store(struct flow *f)
{
	int r = form_body(f);

	flow_rescue(f, page_mappings);
	return r < 0 ? flow_fail(f, r) : mapping_add_store(f);
}

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, STR("/imports/mappings"));
}

const struct flow_step page_mapping_add[] = {
	{"store", add_store},
	{"answer", go_back},
	{0},
};

const struct flow_step page_mapping_remove[] = {
	{"load", mapping_remove_load},
	{"store", mapping_remove_store},
	{"answer", go_back},
	{0},
};
