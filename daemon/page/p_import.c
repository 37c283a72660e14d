/*
 * The page of a list that was loaded: every difference, what somebody has to say yes to, and two
 * buttons. The steps are those of /v1/imports (h_import_move.c).
 */
#include "p_import.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/import/h_import.h"
#include "libassets/base/err.h"
#include "p_asset_form.h"
#include "page.h"
#include "q.h"

/* Where the statements stand in the batch; bytes of the names of columns. */
enum { IMPORT = PAGE_FRAME + 1, LINES, UNREAD_MAX = 64 << 10 };

void import_put_has(struct page *p, json_t *object, const char *flag, const char *list)
{
	page_put_in(p, object, flag,
		    json_boolean(json_array_size(json_object_get(object, list)) > 0));
}

bool import_is_said(const json_t *mapping, const char *name)
{
	const char *column;
	json_t *field;

	json_object_foreach (json_object_get(mapping, "fields"), column, field) {
		if (json_is_string(field) && strcmp(json_string_value(field), name) == 0)
			return true;
	}
	return false;
}

static enum step_result import_ask(struct flow *f)
{
	q_item_show_add(page_batch(f),
			&(struct q_item_show){.kind = STR("imp"), .id = f->param[0]});
	import_lines_ask(f, flow_batch(f));
	return flow_send(f);
}

int import_count(const json_t *import, const char *name)
{
	return (int)json_integer_value(json_object_get(json_object_get(import, "counts"), name));
}

static void put_summary(struct page *p, const json_t *import)
{
	int remarks = import_count(import, "warning");

	page_put_text(p, "summary",
		      arena_fmt(p->flow->arena,
				"%d new, %d changed, %d the same, %d with errors; %d remark%s.",
				import_count(import, "create"), import_count(import, "update"),
				import_count(import, "same"), import_count(import, "error"),
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
	return !import_is_said(mapping, "published") && import_count(import, "create") > 0;
}

static void put_state(struct page *p, json_t *import)
{
	struct str state = str_of(json_string_value(json_object_get(import, "state")));
	bool is_open = str_eq(state, STR("PREVIEWED")), is_done = str_eq(state, STR("APPLIED"));
	bool is_nothing = str_eq(state, STR("NOTHING_TO_DO"));

	page_put_in(p, import, "may_apply", json_boolean(is_open));
	page_put_in(p, import, "may_undo", json_boolean(is_done));
	page_put_in(p, import, "has_errors", json_boolean(import_count(import, "error") > 0));
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
	import_lines_put(&p, LINES, import);
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
