/*
 * Imports: a preview is carried out (apply), and taken back (undo). Both do what stands in the
 * preview's lines, in one transaction, and refuse when the register has moved meanwhile
 * (sql/functions/0050_import.sql).
 *
 * A long list takes longer than anybody waits. So the write goes on apart from its request, which
 * is answered when it is done, or after a while with 202 and how far it is. How far, and that it is
 * at work at all, the database says of the transaction itself: nothing is kept that a crash could
 * leave behind, and a transaction that ends with its daemon leaves the import as it was. Whoever
 * asks again gets the outcome. Who was promised it (202) and comes back is told why it has not come
 * about: a row of its own says what was promised, and how that failed.
 */
#include "daemon/db/db.h"
#include "daemon/flow/flow_apart.h"
#include "daemon/page/page.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_import.h"
#include "import_job.h"
#include "libassets/base/err.h"
#include "q.h"

/* Bytes of a sentence; how long a program, and a person, waits at most for the outcome. */
enum { IDS_MAX = IMPORT_RECORDS_MAX, DETAIL_MAX = 4096, WAIT_MS = 10000, PAGE_WAIT_MS = 2000 };

/* What is done to an import. */
struct move {
	struct str from, at_work, to; /* its states before, while and after it */
	struct str name;              /* as a promise has it */
};

static const struct flow_step flow_import_late[3], flow_import_done[3], flow_import_promised[3];

static bool is_page(const struct flow *f)
{
	return f->route->flags & ROUTE_PAGE;
}

enum step_result import_load(struct flow *f)
{
	q_import_size_add(flow_batch(f),
			  &(struct q_import_size){.id = f->param[0], .is_page = is_page(f)});
	return flow_send(f);
}

static struct str ids(struct flow *f, const char *prefix, size_t n)
{
	struct str *id = ARENA_ARRAY(f->arena, n ? n : 1, struct str);

	for (size_t i = 0; id && i < n; i++)
		id[i] = h_id(f, prefix);
	return db_text_array(f->arena, id, id ? n : 0);
}

/* The first of what has been changed since, in words: which asset, what of it, by whom and when. */
static struct str moved_words(struct flow *f, const json_t *moved)
{
	const json_t *first = json_array_get(moved, 0), *fields = json_object_get(first, "fields"),
		     *field;
	const char *reference = json_string_value(json_object_get(first, "reference"));
	CLEANUP(buf_done) struct buf out = BUF(DETAIL_MAX);
	size_t i;

	buf_fmt(&out,
		"Line %d, %s%s%s%s: ", (int)json_integer_value(json_object_get(first, "line")),
		json_string_value(json_object_get(first, "name")), reference ? " (" : "",
		reference ? reference : "", reference ? ")" : "");
	json_array_foreach (fields, i, field)
		buf_fmt(&out, "%s%s", i ? ", " : "", json_string_value(field));
	buf_fmt(&out, "%s%s by %s at %s.", json_array_size(fields) ? ", " : "",
		json_string_value(json_object_get(first, "type")),
		json_string_value(json_object_get(first, "actor")),
		json_string_value(json_object_get(first, "at")));
	if (json_array_size(moved) > 1)
		buf_str(&out, STR(" It is not the only one: see changed_since."));
	return buf_err(&out) < 0 ? (struct str){NULL, 0} : arena_str(f->arena, buf_view(&out));
}

/* What has been changed since the preview, or since it was applied, keeps it from going on. */
static int check_moved(struct flow *f, const struct q_import_size_row *row)
{
	json_auto_t *moved = NULL;
	struct str words;

	if (str_is_null(row->moved))
		return 0;
	moved = json_loadb(row->moved.at, row->moved.len, 0, NULL);
	words = moved ? moved_words(f, moved) : (struct str){NULL, 0};
	if (words.at)
		flow_detail(f, words);
	flow_problem(f, "changed_since", row->moved);
	return str_eq(row->state, STR("APPLIED")) ? ERR_IMPORT_CHANGED : ERR_IMPORT_STALE;
}

static const struct move apply_move = {STR_INIT("PREVIEWED"), STR_INIT("APPLYING"),
				       STR_INIT("APPLIED"), STR_INIT("APPLY")};
static const struct move undo_move = {STR_INIT("APPLIED"), STR_INIT("UNDOING"), STR_INIT("UNDONE"),
				      STR_INIT("UNDO")};

/* The steps' own. */
struct move_flow {
	const struct move *move;
	bool has_unread;      /* columns that nothing reads */
	struct str decisions; /* JSON: of how many lines a person has to say yes to what */
	bool is_begun;        /* by this very request, and goes on */
};

/* The import's size, if this principal may move it. *ret_late: somebody is at it already. */
static int movable(struct flow *f, const struct move *move, size_t *ret_changing, bool *ret_late)
{
	struct move_flow *m = f->state = ARENA_NEW(f->arena, struct move_flow);
	struct q_import_size_row row;
	int r = m ? q_import_size_one(f->got, 0, &row) : ERR_NOMEM;

	if (r < 0)
		return r;
	m->move = move;
	m->has_unread = row.has_unread;
	m->decisions = row.decisions;
	if (!principal_may_at(f->who, PERM_IMPORT_WRITE, row.authority_id))
		return ERR_FORBIDDEN;
	if (row.changing > IDS_MAX)
		return ERR_LIMIT;
	*ret_changing = (size_t)row.changing;
	*ret_late = str_eq(row.state, move->at_work);
	if (!*ret_late &&
	    (str_eq(row.state, apply_move.at_work) || str_eq(row.state, undo_move.at_work)))
		return ERR_IMPORT_STATE;
	return str_eq(row.state, move->from) ? check_moved(f, &row) : 0;
}

/* To where it is seen: the import's page, or its item. */
static enum step_result answer_late(struct flow *f)
{
	struct str to = arena_fmt(f->arena, "/imports/%s", f->param[0].at);

	if (!is_page(f))
		return flow_become(f, flow_import_late);
	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

static void note(struct db_batch *b, const struct move *move, struct str id, struct str request,
		 const struct err_info *why)
{
	q_import_failed_add(b, &(struct q_import_failed){.id = id,
							 .move = move->name,
							 .request = request,
							 .problem = str_of(why->slug),
							 .title = str_of(why->title)});
}

static void note_apply(struct db_batch *b, struct str id, struct str request,
		       const struct err_info *why)
{
	note(b, &apply_move, id, request, why);
}

static void note_undo(struct db_batch *b, struct str id, struct str request,
		      const struct err_info *why)
{
	note(b, &undo_move, id, request, why);
}

static enum step_result send_apart(struct flow *f)
{
	const struct move_flow *m = f->state;

	flow_apart_keep(f, m->move == &apply_move ? note_apply : note_undo, f->param[0]);
	return flow_store_apart(f, "imp", f->param[0],
				is_page(f) ? PAGE_WAIT_MS : flow_wait_ms(f, WAIT_MS));
}

/* What only a person can decide: the tick of the form, its count, what is at stake and what to do.
 */
static const struct decision {
	const char *tick, *count;
	struct str detail, cure;
} decisions[] = {
	{"take_asked", "asked",
	 STR_INIT("Lines change what is said of land that a community has asked for."),
	 STR_INIT("Look at them, and tick that they are to change it.")},
	{"take_owned", "owned",
	 STR_INIT("Lines are taken as owned, though the list does not say so in words known here."),
	 STR_INIT("Look at them, and tick that all of it is owned; or say it in the list.")},
	{"take_twice", "twice",
	 STR_INIT("Lines whose reference the list has before would become entries of their own."),
	 STR_INIT("Look at them, and tick that each is one; or take them out of the list.")},
	{"take_named", "named", STR_INIT("Lines without a name were given one."),
	 STR_INIT("Look at them, and tick that the names may stand; or name them in the list.")},
};

/*
 * What stands in columns that nothing reads is lost, and what the list does not say is made up: a
 * person has to say yes to that. A program reads it in the preview.
 */
static int check_said(struct flow *f)
{
	const struct move_flow *m = f->state;
	json_auto_t *count = NULL;

	if (!is_page(f))
		return 0;
	if (m->has_unread && !flow_form(f, "leave_out").len)
		h_flaw(f, "leave_out", "REQUIRED",
		       STR("Nothing reads some columns of this list, and what stands in them would "
			   "be lost."),
		       STR("Tick that it is loaded without them, or say what they are."));
	count = json_loadb(m->decisions.at ? m->decisions.at : "", m->decisions.len, 0, NULL);
	if (!count)
		return ERR_NOMEM;
	for (size_t i = 0; i < COUNT(decisions); i++) {
		const struct decision *d = &decisions[i];

		if (json_integer_value(json_object_get(count, d->count)) &&
		    !flow_form(f, d->tick).len)
			h_flaw(f, d->tick, "REQUIRED", d->detail, d->cure);
	}
	return flaws_err(&f->flaws);
}

enum step_result import_apply(struct flow *f)
{
	struct str skip = is_page(f) ? flow_form(f, "skip_errors") : flow_query(f, "skip_errors");
	bool is_late = false;
	size_t n = 0;
	int r = movable(f, &apply_move, &n, &is_late);

	if (r == 0 && !str_is_null(skip) && !str_eq(skip, STR("true")) &&
	    !str_eq(skip, STR("false")))
		r = ERR_QUERY;
	if (r == 0 && is_late)
		return answer_late(f);
	if (r == 0)
		r = check_said(f);
	if (r == 0)
		r = flow_apart(f);
	if (r < 0)
		return flow_fail(f, r);
	q_import_apply_add(flow_batch(f), &(struct q_import_apply){
						  .id = f->param[0],
						  .asset_ids = ids(f, "ast_", n),
						  .event_ids = ids(f, "evt_", n),
						  .last_event_id = h_id(f, "evt_"),
						  .skip_errors = str_eq(skip, STR("true")),
					  });
	return send_apart(f);
}

enum step_result import_undo(struct flow *f)
{
	bool is_late = false;
	size_t n = 0;
	int r = movable(f, &undo_move, &n, &is_late);

	if (r == 0 && is_late)
		return answer_late(f);
	if (r == 0)
		r = flow_apart(f);
	if (r < 0)
		return flow_fail(f, r);
	q_import_undo_add(flow_batch(f), &(struct q_import_undo){
						 .id = f->param[0],
						 .event_ids = ids(f, "evt_", n),
						 .last_event_id = h_id(f, "evt_"),
					 });
	return send_apart(f);
}

/* It is done, or goes on, or another has it: that one's outcome is this one's. */
enum step_result import_ended(struct flow *f)
{
	struct move_flow *m = f->state;
	int err = flow_send_err(f);

	if (err < 0 && err != ERR_DEADLINE && (err != ERR_BUSY || is_page(f)))
		return flow_fail(f, err);
	m->is_begun = err == ERR_DEADLINE;
	if (m->is_begun)
		return flow_become(f, flow_import_promised);
	return err < 0 || is_page(f) ? answer_late(f) : flow_become(f, flow_import_done);
}

/* That this one goes on is kept before it is said. */
static enum step_result promise(struct flow *f)
{
	const struct move_flow *m = f->state;

	q_import_promised_add(flow_batch(f),
			      &(struct q_import_promised){.id = f->param[0],
							  .move = m->move->name,
							  .request = str_of(f->request->id)});
	return flow_send_trying(f);
}

static const struct flow_step flow_import_promised[] = {
	{"promise", promise},
	{"late", answer_late},
	{0},
};

static enum step_result done_ask(struct flow *f)
{
	return flow_store_end(f, "imp", f->param[0], 200);
}

static const struct flow_step flow_import_done[] = {
	{"ask", done_ask},
	{"answer", flow_store_answer},
	{0},
};

/* The item first: what ends between the two is then seen to be over, and not told as still going
 * on. */
static enum step_result late_ask(struct flow *f)
{
	q_item_show_add(flow_batch(f),
			&(struct q_item_show){.kind = STR("imp"), .id = f->param[0]});
	q_import_size_add(flow_batch(f), &(struct q_import_size){.id = f->param[0]});
	return flow_send(f);
}

/*
 * Over since: then it is answered as at first. What this very request has begun and is not seen at
 * work begins when a long one before it ends.
 */
static enum step_result late_answer(struct flow *f)
{
	const struct move_flow *m = f->state;
	struct q_import_size_row size;
	struct q_item_show_row row;
	int r = q_import_size_one(f->got, 1, &size);

	if (r == 0)
		r = q_item_show_one(f->got, 0, &row);
	if (r < 0)
		return flow_fail(f, r);
	if (str_eq(size.state, m->move->to))
		return flow_become(f, flow_import_done);
	if (!str_eq(size.state, m->move->at_work) && !m->is_begun)
		return flow_fail(f, ERR_BUSY);
	http_reply_field(f->reply, STR("Location"),
			 arena_fmt(f->arena, "/v1/imports/%s", f->param[0].at));
	http_reply_field(f->reply, STR("Retry-After"), STR("2"));
	return flow_answer(f, 202, row.body);
}

static const struct flow_step flow_import_late[] = {
	{"ask", late_ask},
	{"answer", late_answer},
	{0},
};

const struct flow_step flow_import_apply[] = {
	{"load", import_load},
	{"apply", import_apply},
	{"ended", import_ended},
	{0},
};

const struct flow_step flow_import_undo[] = {
	{"load", import_load},
	{"undo", import_undo},
	{"ended", import_ended},
	{0},
};
