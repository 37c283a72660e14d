/*
 * The lines of a list and what is wrong with them: counted by kind, put in order (first what
 * somebody has to say yes to), a page of them at a time; and as a file those that cannot be loaded,
 * to be mended and loaded again.
 */
#include <inttypes.h>

#include "daemon/db/db.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "libassets/import/csv_layout.h"
#include "libassets/import/csv_write.h"
#include "p_asset_form.h"
#include "p_import.h"
#include "q.h"

/* Lines that a page shows, and that a file of refused lines has; bytes of a value on a page, of the
 * names of columns, of such a file. */
enum {
	LINES_MAX = 100,
	FILE_LINES_MAX = 5000,
	VALUE_MAX = 300,
	WORDS_MAX = 1 << 20,
	FILE_BYTES_MAX = 128 << 20
};

/* As much of it as the page bears; a cut may fall into a character. */
static json_t *beginning_of(struct str s)
{
	if (s.len > VALUE_MAX)
		s.len = VALUE_MAX;
	while (s.len && !str_is_utf8(s))
		s.len--;
	return json_stringn(s.at ? s.at : "", s.len);
}

/* A value as people read it: no quotes around a text, nothing for what is not there. */
static json_t *text_of(const json_t *value)
{
	char *text = json_is_string(value) || json_is_null(value) || !value
			     ? NULL
			     : json_dumps(value,
					  JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));
	struct str s = text ? str_of(text)
			    : (struct str){json_string_value(value), json_string_length(value)};
	json_t *made;

	made = beginning_of(s);
	free(text);
	return made;
}

/* The same of a field, in the words of the form that asks for it where one does. */
static json_t *words_of(const char *field, const struct form_row *row, const json_t *value)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);

	if (!row || !value || json_is_null(value))
		return text_of(value);
	if (strcmp(field, "class") == 0)
		dress_code(&words, STR("class"), str_of(json_string_value(value)));
	else
		form_value(&words, row, value);
	return buf_err(&words) < 0 ? text_of(value) : beginning_of(buf_view(&words));
}

/* Whose it is, which is so of every line of the list; and what is not said: nothing is no
 * difference. */
static bool says_nothing(const json_t *mapping, const json_t *change)
{
	const char *field = json_string_value(json_object_get(change, "field"));
	const json_t *value = json_object_get(change, "new");
	bool is_of_all = strcmp(field, "cpp_id") == 0 || strcmp(field, "published") == 0;

	return strcmp(field, "authority_id") == 0 ||
	       (is_of_all && !import_is_said(mapping, field)) ||
	       (strcmp(field, "owners") == 0 && json_array_size(value) <= 1) ||
	       (json_is_integer(value) && json_integer_value(value) == 0);
}

/* What a field is called, what was there and what will be. */
static void put_change(struct page *p, json_t *change)
{
	const char *field = json_string_value(json_object_get(change, "field"));
	const struct form_row *row = asset_row(field);
	const json_t *old = json_object_get(change, "old");

	page_put_in(p, change, "label", asset_label(field));
	page_put_in(p, change, "has_old", json_boolean(old && !json_is_null(old)));
	page_put_in(p, change, "old_text", words_of(field, row, old));
	page_put_in(p, change, "new_text", words_of(field, row, json_object_get(change, "new")));
}

/*
 * Of a new asset the fields that say something; of one that is there what was and what will be;
 * nothing of a line that cannot be loaded.
 */
static void put_changes(struct page *p, const json_t *mapping, json_t *line)
{
	const char *action = json_string_value(json_object_get(line, "action"));
	bool is_new = action && strcmp(action, "CREATE") == 0;
	bool is_wrong = action && strcmp(action, "ERROR") == 0;
	json_t *shown = json_array(), *change;
	size_t i;

	json_array_foreach (json_object_get(line, "changes"), i, change) {
		if (is_wrong || (is_new && says_nothing(mapping, change)))
			continue;
		put_change(p, change);
		if (json_array_append(shown, change) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put_in(p, line, "changes", shown);
}

/* What stood there, beside what is wrong with it; nothing where the whole line is meant. */
static void put_values(struct page *p, json_t *line)
{
	json_t *problems = json_object_get(line, "problems"), *problem;
	size_t i;

	json_array_foreach (problems, i, problem) {
		json_t *text = text_of(json_object_get(problem, "value"));

		page_put_in(p, problem, "has_value", json_boolean(json_string_length(text) > 0));
		page_put_in(p, problem, "value_text", text);
	}
}

/* A filter of the query; empty without. */
static struct str wish(struct flow *f, const char *name)
{
	struct str s = flow_query(f, name);

	return str_is_null(s) ? STR("") : s;
}

static int64_t whole_wish(struct flow *f, const char *name)
{
	int64_t value;

	return str_to_i64(wish(f, name), &value) < 0 || value < 0 ? 0 : value;
}

void import_lines_ask(struct flow *f, struct db_batch *b)
{
	q_page_import_lines_add(b, &(struct q_page_import_lines){
					   .id = f->param[0],
					   .shown = wish(f, "show"),
					   .code = wish(f, "code"),
					   .col = wish(f, "column"),
					   .after = whole_wish(f, "after"),
					   .take = LINES_MAX + 1,
				   });
}

/* This page with these filters. */
static struct str address(struct flow *f, struct str show, struct str code, struct str column,
			  struct str after)
{
	struct page_filter filter[] = {
		{"show", show}, {"code", code}, {"column", column}, {"after", after}};

	return page_address(f->arena, arena_fmt(f->arena, "/imports/%s", f->param[0].at).at, filter,
			    COUNT(filter));
}

/* Each with the way to the lines that have it. */
static void put_kinds(struct page *p, json_t *kinds)
{
	json_t *kind;
	size_t i;

	json_array_foreach (kinds, i, kind) {
		struct str code = str_of(page_text(kind, "code"));
		struct str href =
			address(p->flow, STR(""), code, str_of(page_text(kind, "column")), STR(""));

		page_put_in(p, kind, "href", json_string(href.at));
		page_put_in(p, kind, "is_now", json_boolean(str_eq(code, wish(p->flow, "code"))));
	}
	page_put(p, "has_kinds", json_boolean(json_array_size(kinds) > 0));
	page_put(p, "kinds", json_incref(kinds));
}

/* What is to be said yes to, with how many lines it is of and the way to them. */
static void put_decisions(struct page *p, const json_t *decisions)
{
	static const struct {
		const char *name, *show;
	} what[] = {{"asked", "ASKED"}, {"owned", "OWNED"}, {"twice", "TWICE"}, {"named", "NAMED"}};
	bool has_any = false;

	for (size_t i = 0; i < COUNT(what); i++) {
		json_int_t n = json_integer_value(json_object_get(decisions, what[i].name));
		struct str href = address(p->flow, str_of(what[i].show), STR(""), STR(""), STR(""));

		if (!n)
			continue;
		has_any = true;
		page_put(p, arena_fmt(p->flow->arena, "decide_%s", what[i].name).at,
			 json_pack("{s:I, s:s, s:b}", "number", n, "href", href.at ? href.at : "",
				   "is_one", n == 1));
	}
	page_put(p, "has_decisions", json_boolean(has_any));
}

static void add_way(struct page *p, json_t *ways, const char *label, struct str show, int number)
{
	struct flow *f = p->flow;
	bool is_now = !wish(f, "code").len && str_eq(wish(f, "show"), show);
	struct str href = address(f, show, STR(""), STR(""), STR(""));

	if (json_array_append_new(ways,
				  json_pack("{s:s, s:s, s:b, s:o}", "label", label, "href",
					    href.at ? href.at : "", "is_now", is_now, "number",
					    number ? json_integer(number) : json_null())) < 0 &&
	    !p->err)
		p->err = ERR_NOMEM;
}

/* Some lines alone, or all that need a look. */
static void put_ways(struct page *p, const json_t *import)
{
	json_t *ways = json_array();
	int errors = import_count(import, "error");

	add_way(p, ways, "All that need a look", STR(""), 0);
	if (errors)
		add_way(p, ways, "With errors", STR("ERRORS"), errors);
	add_way(p, ways, "With remarks", STR("REMARKS"), 0);
	page_put(p, "ways", ways);
}

/* The lines, but for the one too many, which says that there are more, and the way to those. */
static void put_lines(struct page *p, const json_t *import, json_t *lines)
{
	struct flow *f = p->flow;
	bool is_cut = json_array_size(lines) > LINES_MAX;
	json_t *line;
	size_t i;

	while (json_array_size(lines) > LINES_MAX)
		(void)json_array_remove(lines, json_array_size(lines) - 1);
	json_array_foreach (lines, i, line) {
		put_changes(p, json_object_get(import, "mapping"), line);
		put_values(p, line);
	}
	page_put(p, "has_lines", json_boolean(json_array_size(lines) > 0));
	if (is_cut) {
		json_int_t key = json_integer_value(
			json_object_get(json_array_get(lines, LINES_MAX - 1), "key"));

		page_put_text(p, "next",
			      address(f, wish(f, "show"), wish(f, "code"), wish(f, "column"),
				      arena_fmt(f->arena, "%" JSON_INTEGER_FORMAT, key)));
	}
	page_put(p, "is_further", json_boolean(whole_wish(f, "after") > 0));
	page_put(p, "lines", json_incref(lines));
}

/* The files of what cannot be loaded: one, unless it is very many lines. */
static void put_files(struct page *p, const json_t *import)
{
	int errors = import_count(import, "error"), parts;
	json_t *files = json_array();

	/* Of an edit there is no list to mend. */
	if (strcmp(page_text(import, "kind"), "ASSETS") != 0)
		errors = 0;
	parts = (errors + FILE_LINES_MAX - 1) / FILE_LINES_MAX;
	for (int i = 0; i < parts; i++) {
		struct str href = arena_fmt(p->flow->arena, "/imports/%s/refused?part=%d",
					    p->flow->param[0].at, i + 1);
		int left = errors - i * FILE_LINES_MAX;

		if (json_array_append_new(files,
					  json_pack("{s:s, s:i, s:b}", "href",
						    href.at ? href.at : "", "number",
						    left < FILE_LINES_MAX ? left : FILE_LINES_MAX,
						    "is_one", left == 1)) < 0 &&
		    !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "has_files", json_boolean(parts > 0));
	page_put(p, "files", files);
}

void import_lines_put(struct page *p, int at, const json_t *import)
{
	json_auto_t *found = page_item(p->flow, at);

	put_decisions(p, json_object_get(found, "decisions"));
	put_kinds(p, json_object_get(found, "kinds"));
	put_ways(p, import);
	put_lines(p, import, json_object_get(found, "lines"));
	put_files(p, import);
	page_put(p, "found", json_incref(json_object_get(found, "found")));
}

static enum step_result refused_ask(struct flow *f)
{
	int64_t part = whole_wish(f, "part");

	if (part < 1)
		part = 1;
	if (part > INT32_MAX / FILE_LINES_MAX)
		return flow_fail(f, ERR_QUERY);
	q_import_refused_add(flow_batch(f), &(struct q_import_refused){
						    .id = f->param[0],
						    .skipped = (int32_t)(part - 1) * FILE_LINES_MAX,
						    .take = FILE_LINES_MAX,
					    });
	return flow_send(f);
}

static struct str text_at(const json_t *list, size_t i)
{
	const json_t *text = json_array_get(list, i);

	return json_is_string(text)
		       ? (struct str){json_string_value(text), json_string_length(text)}
		       : STR("");
}

/* Is it among the columns that are read? What stands behind the last is. */
static bool is_kept(const json_t *columns, const json_t *fields, size_t column)
{
	const char *name = text_at(columns, column).at;

	return column >= json_array_size(columns) ||
	       json_is_string(json_object_get(fields, name ? name : ""));
}

/* Why it was not loaded stands first: a line may have more cells than the list has columns. */
static void put_refused(struct buf *out, const json_t *columns, const json_t *fields,
			const json_t *line)
{
	const json_t *cells = json_object_get(line, "cells");
	const char *why = page_text(line, "why");

	csv_write_guarded(out, str_of(why));
	for (size_t c = 0; c < json_array_size(cells); c++) {
		if (!is_kept(columns, fields, c))
			continue;
		buf_char(out, ',');
		csv_write_guarded(out, text_at(cells, c));
	}
	buf_str(out, STR("\r\n"));
}

static int put_file(struct buf *out, const struct q_import_refused_row *row)
{
	json_auto_t *columns = json_loadb(row->columns.at, row->columns.len, 0, NULL);
	json_auto_t *fields = json_loadb(row->fields.at, row->fields.len, 0, NULL);
	json_auto_t *lines = json_loadb(row->lines.at, row->lines.len, 0, NULL);
	json_t *line;
	size_t i;

	if (!columns || !fields || !lines)
		return ERR_NOMEM;
	/* A spreadsheet takes a file without this mark for one of its own country's. */
	buf_str(out, STR("\xEF\xBB\xBF" CSV_WHY_HEADING));
	for (size_t c = 0; c < json_array_size(columns); c++) {
		if (!is_kept(columns, fields, c))
			continue;
		buf_char(out, ',');
		csv_write_guarded(out, text_at(columns, c));
	}
	buf_str(out, STR("\r\n"));
	json_array_foreach (lines, i, line)
		put_refused(out, columns, fields, line);
	return buf_err(out);
}

static enum step_result refused_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(FILE_BYTES_MAX);
	struct q_import_refused_row row;
	int r = q_import_refused_one(f->got, 0, &row);

	if (r == 0)
		r = put_file(&out, &row);
	if (r < 0)
		return flow_fail(f, r);
	http_reply_field(f->reply, STR("Content-Disposition"),
			 STR("attachment; filename=\"not-loaded.csv\""));
	return flow_answer_as(f, 200, STR("text/csv; charset=utf-8; header=present"),
			      buf_view(&out));
}

const struct flow_step page_import_refused[] = {
	{"ask", refused_ask},
	{"answer", refused_answer},
	{0},
};
