/*
 * Loading a list by hand: a form for its file or its lines, the page of an import with every
 * difference, and two buttons. The steps are those of /v1/imports (h_import.c), which end here in
 * the import's page.
 *
 * The form is read as a whole, so it is bounded more narrowly than a file sent by a program.
 */
#include "daemon/flow/flow_file.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/import/h_import.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "p.h"
#include "p_asset_form.h"
#include "page.h"
#include "q.h"

/* Where the statements stand in a batch; lines that a page shows; bytes of a value on it, of
 * the names of columns. */
enum {
	CHOICES = PAGE_FRAME + 1,
	IMPORT = PAGE_FRAME + 1,
	LINES_MAX = 100,
	VALUE_MAX = 300,
	WORDS_MAX = 1 << 20,
	UNREAD_MAX = 64 << 10
};

static enum step_result new_load(struct flow *f)
{
	q_page_import_add(page_batch(f));
	return flow_send(f);
}

/* Whether a list within an object has anything in it. */
static void put_has(struct page *p, json_t *object, const char *flag, const char *list)
{
	page_put_in(p, object, flag,
		    json_boolean(json_array_size(json_object_get(object, list)) > 0));
}

/* Which field of the form a flaw is of: a line of the list is in what was pasted, or the file. */
static const char *field_of(struct str pointer)
{
	static const char *const names[] = {"authority_id", "mapping", "valid_on"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (pointer.len &&
		    str_eq((struct str){pointer.at + 1, pointer.len - 1}, str_of(names[i])))
			return names[i];
	}
	return "rows";
}

static const char *label_of(const char *field)
{
	return strcmp(field, "authority_id") == 0 ? "Whose list it is"
	       : strcmp(field, "mapping") == 0    ? "How its columns are to be read"
	       : strcmp(field, "valid_on") == 0   ? "From when on it is so"
						  : "The list";
}

/* "Line 3: …", of what is wrong within the list. */
static struct str flaw_text(struct flow *f, const struct flaw *w)
{
	struct str line = str_starts(w->pointer, STR("/line/"))
				  ? (struct str){w->pointer.at + 6, w->pointer.len - 6}
				  : STR("");

	return arena_fmt(f->arena, "%s%.*s%s%.*s %.*s", line.len ? "Line " : "", (int)line.len,
			 line.at, line.len ? ": " : "", (int)w->detail.len, w->detail.at,
			 (int)w->cure.len, w->cure.at ? w->cure.at : "");
}

/* What was chosen and typed, in the same fields. A file is chosen again. */
static void put_chosen(struct page *p, json_t *choices)
{
	struct flow *f = p->flow;
	struct str mapping = flow_form(f, "mapping");
	json_t *chosen = json_object(), *one;
	size_t i;

	page_choose(p, json_object_get(choices, "authorities"), flow_form(f, "authority_id"));
	json_array_foreach (json_object_get(choices, "mappings"), i, one)
		page_put_in(p, one, "is_selected",
			    json_boolean(str_eq(mapping, str_of(page_text(one, "name")))));
	if (mapping.len && json_object_setn_new(chosen, mapping.at, mapping.len, json_true()))
		p->err = ERR_NOMEM;
	page_put(p, "chosen", chosen);
	page_put_text(p, "rows", page_lines(f, flow_form(f, "rows")));
	page_put_text(p, "valid_on", flow_form(f, "valid_on"));
}

static void put_new_refusal(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		const char *field = field_of(f->flaws.at[i].pointer);

		page_wrong(p, wrongs, str_of(field), label_of(field),
			   flaw_text(f, &f->flaws.at[i]));
	}
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "has_wrongs", json_boolean(json_array_size(wrongs) > 0));
	page_put(p, "wrongs", wrongs);
}

static enum step_result new_answer(struct flow *f)
{
	struct page p = page_begin(f, "Load a list of land and buildings");
	json_t *choices = page_item(f, CHOICES);

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	page_put(&p, "choices", choices);
	put_has(&p, choices, "has_authorities", "authorities");
	put_has(&p, choices, "has_imports", "imports");
	if (flow_rescued(f)) {
		put_chosen(&p, choices);
		put_new_refusal(&p);
	}
	return page_end(&p, "import_new", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_import_new[] = {
	{"load", new_load},
	{"answer", new_answer},
	{0},
};

/* As a file of its own, since reading it outlives the request. */
static enum step_result add_read(struct flow *f)
{
	struct str rows = page_sent_list(f, "rows");
	struct day valid_on;
	struct blob *file;
	char *bytes;
	int r;

	flow_rescue(f, page_import_new);
	r = import_valid_on(f, flow_form(f, "valid_on"), &valid_on);

	if (r < 0)
		return flow_fail(f, r);
	bytes = malloc(rows.len + 1);
	if (!bytes)
		return flow_fail(f, ERR_NOMEM);
	if (rows.len)
		memcpy(bytes, rows.at, rows.len);
	file = blob_new(bytes, rows.len);
	return file ? import_begin(
			      f, &(struct import_call){.authority_id = flow_form(f, "authority_id"),
						       .mapping = flow_form(f, "mapping"),
						       .valid_on = valid_on,
						       .file = file,
						       .is_page = true})
		    : flow_fail(f, ERR_NOMEM);
}

const struct flow_step page_import_add[] = {
	{"read", add_read},
	{0},
};

static enum step_result import_ask(struct flow *f)
{
	q_item_show_add(page_batch(f),
			&(struct q_item_show){.kind = STR("imp"), .id = f->param[0]});
	return flow_send(f);
}

static bool needs_a_look(const json_t *line)
{
	const char *action = json_string_value(json_object_get(line, "action"));

	return (action && strcmp(action, "SAME") != 0) ||
	       json_array_size(json_object_get(line, "problems"));
}

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

/* Does a column of the list say it? */
static bool is_said(const json_t *mapping, const char *name)
{
	const char *column;
	json_t *field;

	json_object_foreach (json_object_get(mapping, "fields"), column, field) {
		if (json_is_string(field) && strcmp(json_string_value(field), name) == 0)
			return true;
	}
	return false;
}

/* Whose it is, which is so of every line of the list; and what is not said: nothing is no
 * difference. */
static bool says_nothing(const json_t *mapping, const json_t *change)
{
	const char *field = json_string_value(json_object_get(change, "field"));
	const json_t *value = json_object_get(change, "new");
	bool is_of_all = strcmp(field, "cpp_id") == 0 || strcmp(field, "published") == 0;

	return strcmp(field, "authority_id") == 0 || (is_of_all && !is_said(mapping, field)) ||
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

/* Only what somebody should see, and no more than a page bears. */
static void put_lines(struct page *p, json_t *import)
{
	const json_t *all = json_object_get(import, "lines");
	json_t *shown = json_array(), *line;
	bool is_cut = false;
	size_t i;

	json_array_foreach (all, i, line) {
		if (!needs_a_look(line))
			continue;
		is_cut = json_array_size(shown) == LINES_MAX;
		if (is_cut)
			break;
		put_changes(p, json_object_get(import, "mapping"), line);
		put_values(p, line);
		if (json_array_append(shown, line) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "is_cut", json_boolean(is_cut));
	page_put(p, "shown", json_integer(LINES_MAX));
	page_put_in(p, import, "lines", shown);
	put_has(p, import, "has_lines", "lines");
}

static json_int_t count_of(const json_t *import, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(import, "counts"), name));
}

static void put_summary(struct page *p, const json_t *import)
{
	int remarks = (int)count_of(import, "warning");

	page_put_text(p, "summary",
		      arena_fmt(p->flow->arena,
				"%d new, %d changed, %d the same, %d with errors; %d remark%s.",
				(int)count_of(import, "create"), (int)count_of(import, "update"),
				(int)count_of(import, "same"), (int)count_of(import, "error"),
				remarks, remarks == 1 ? "" : "s"));
}

/* How far it is, in words and as a bar; the page is asked for again by itself, with or without
 * script. */
static void put_progress(struct page *p, const json_t *import, const char *what)
{
	const json_t *progress = json_object_get(import, "progress");
	int done = (int)json_integer_value(json_object_get(progress, "done"));
	int of = (int)json_integer_value(json_object_get(progress, "of"));

	page_put_text(p, "stands",
		      arena_fmt(p->flow->arena,
				"This list is being %s: %d of %d lines are done. You can leave "
				"this page; it goes on.",
				what, done, of));
	page_put(p, "is_at_work", json_true());
	if (of > 0)
		page_put(p, "bar", json_pack("{s:i, s:i}", "done", done, "of", of));
	http_reply_field(p->flow->reply, STR("Refresh"), STR("2"));
}

/* The columns that nothing reads, in words. */
static void put_unread(struct page *p, const json_t *mapping)
{
	CLEANUP(buf_done) struct buf out = BUF(UNREAD_MAX);
	const json_t *name, *unread = json_object_get(mapping, "unread");
	size_t i;

	json_array_foreach (unread, i, name)
		buf_fmt(&out, "%s%s", i ? ", " : "", json_string_value(name));
	if (out.len && buf_err(&out) == 0)
		page_put_text(p, "unread", arena_str(p->flow->arena, buf_view(&out)));
}

/* What a field is called on the pages; null where a column is read as none. */
static json_t *field_name(const json_t *field)
{
	return json_is_string(field) ? asset_label(json_string_value(field)) : json_null();
}

/* Each column with what it is read as, and the way to say otherwise. */
static void put_columns(struct page *p, const json_t *import)
{
	CLEANUP(buf_done) struct buf heads = BUF(UNREAD_MAX);
	struct page_filter filter[1] = {{"heads", {NULL, 0}}};
	const json_t *fields = json_object_get(json_object_get(import, "mapping"), "fields");
	json_t *columns = json_array(), *name;
	size_t i;

	json_array_foreach (json_object_get(import, "columns"), i, name) {
		const char *column = json_string_value(name);
		const json_t *field = json_object_get(fields, column ? column : "");

		if (!column || !*column)
			continue;
		buf_fmt(&heads, "%s%s", heads.len ? "\t" : "", column);
		json_array_append_new(columns, json_pack("{s:s, s:o}", "column", column, "read_as",
							 field_name(field)));
	}
	page_put(p, "has_columns", json_boolean(json_array_size(columns)));
	page_put(p, "columns", columns);
	if (!heads.len || buf_err(&heads) < 0)
		return;
	filter->value = arena_str(p->flow->arena, buf_view(&heads));
	page_put_text(p, "say_otherwise",
		      page_address(p->flow->arena, "/imports/mappings", filter, 1));
}

/* A list that does not say who may see its assets shows the new ones to everybody. */
static bool shows_all(const json_t *import, const json_t *mapping)
{
	return !is_said(mapping, "published") && count_of(import, "create") > 0;
}

static void put_state(struct page *p, json_t *import)
{
	struct str state = str_of(json_string_value(json_object_get(import, "state")));
	bool is_open = str_eq(state, STR("PREVIEWED")), is_done = str_eq(state, STR("APPLIED"));
	bool is_nothing = str_eq(state, STR("NOTHING_TO_DO"));

	page_put_in(p, import, "may_apply", json_boolean(is_open));
	page_put_in(p, import, "may_undo", json_boolean(is_done));
	page_put_in(p, import, "has_errors", json_boolean(count_of(import, "error") > 0));
	if (str_eq(state, STR("APPLYING")) || str_eq(state, STR("UNDOING"))) {
		put_progress(p, import, str_eq(state, STR("UNDOING")) ? "undone" : "applied");
		return;
	}
	page_put_text(p, "stands",
		      is_open || is_nothing ? STR("Nothing has changed yet.")
		      : is_done             ? STR("This list has been applied.")
					    : STR("This list was applied and undone."));
}

/* Why it was not applied, or not undone: what was asked for is still open. */
static void put_refusal(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws) && flow_rescued(f); i++) {
		const struct flaw *w = &f->flaws.at[i];

		page_wrong(p, wrongs, w->pointer, NULL, page_flaw(f, w));
	}
	if (flow_rescued(f)) {
		page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
		if (flow_rescued_detail(f).len)
			page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	}
	page_put(p, "has_wrongs", json_boolean(json_array_size(wrongs) > 0));
	page_put(p, "wrongs", wrongs);
}

static enum step_result import_answer(struct flow *f)
{
	struct page p = page_begin(f, "A list and what it changes");
	struct q_item_show_row row;
	json_t *import = NULL;
	int r = q_item_show_one(f->got, IMPORT, &row);

	if (r == 0)
		import = json_loadb(row.body.at, row.body.len, 0, NULL);
	if (!import) {
		json_decref(p.data);
		return flow_fail(f, r < 0 ? r : ERR_NOMEM);
	}
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/imports/new", STR("Load a list"));
	page_put(&p, "import", import);
	put_state(&p, import);
	put_summary(&p, import);
	put_unread(&p, json_object_get(import, "mapping"));
	put_columns(&p, import);
	page_put(&p, "shows_all",
		 json_boolean(shows_all(import, json_object_get(import, "mapping"))));
	put_lines(&p, import);
	put_refusal(&p);
	return page_end(&p, "import", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_import[] = {
	{"ask", import_ask},
	{"answer", import_answer},
	{0},
};

static enum step_result move_begin(struct flow *f)
{
	flow_rescue(f, page_import);
	return import_load(f);
}

const struct flow_step page_import_apply[] = {
	{"load", move_begin},
	{"apply", import_apply},
	{"ended", import_ended},
	{0},
};

const struct flow_step page_import_undo[] = {
	{"load", move_begin},
	{"undo", import_undo},
	{"ended", import_ended},
	{0},
};
