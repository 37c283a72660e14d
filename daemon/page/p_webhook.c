/*
 * One webhook: how it fares, what was tried of it, and what its ADMIN does with it. The buttons go
 * the steps of /v1/webhooks/{id} (h_webhook.c, h_webhook_secret.c, h_webhook_recover.c) and come
 * back here; `act` says which. A new secret is on the answer to its button and never shown again.
 */
#include "p_webhook.h"

#include "beside.h"
#include "daemon/base/conf.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/notify/h_webhook.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "libassets/base/err.h"
#include "libassets/notify/webhook.h"
#include "p.h"
#include "p_webhook_lines.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; attempts of a page. */
enum { HEALTH = PAGE_FRAME + 1, ATTEMPTS, WEBHOOK };
enum { ROWS = 50 };
/* Characters that a browser takes of a text: more than any may hold, since it cuts what is longer
 * without a word, and we say what is wrong. */
enum { LINES_MAX = 20000 };

/* What the answer to a button shows besides. */
struct webhook_state {
	struct str secret; /* that was made; absent: none was */
	int64_t count;     /* how many events would be sent again */
	bool has_count;
};

static const char *const result_code[] = {"DELIVERED", "REFUSED",   "TIMED_OUT", "NO_ANSWER",
					  "ABORTED",   "EXHAUSTED", "WITHHELD"};

/* The fields of the forms, as the API points at them. */
static const struct {
	const char *name, *label;
} field_table[] = {
	{"since", "From the beginning of"},
	{"until", "To the end of"},
	{"from_position", "From position"},
};

/* clang-format off */
/* Beyond what most need to say. */
static const struct form_row limit_rows[] = {
	{"timeout_s", FORM_NUMBER, FORM_SHORT, .label = "Seconds that the receiver has to answer", .hint = "1 to 30. Empty: as usual."},
	{"per_hour",  FORM_NUMBER, FORM_SHORT, .label = "Calls an hour at most", .hint = "36 or more. Empty: as usual."},
	{"burst",     FORM_NUMBER, FORM_SHORT, .label = "Calls at once at most", .hint = "1 to 1,000. Empty: as usual."},
	{"contact",   FORM_TEXT,   0,          .label = "Who is written to when it fails", .hint = "An e-mail address. Empty: nobody."},
	{"retry",     FORM_LINES,  0,          .label = "Waits before it is tried again", .hint = "In seconds, a line for each, 14 days together at most. Empty: as usual."},
	{"headers",   FORM_LINES,  0,          .label = "Further headers of each call", .hint = "A line for each, such as X-Gateway-Key: abc. Whoever sees this webhook sees them.", .most = LINES_MAX},
	{"ca",        FORM_LINES,  0,          .label = "Certificates that its receiver’s may be signed by", .hint = "As PEM, beside those that every system knows. Empty: none.", .most = LINES_MAX},
	{"client_certificate", FORM_LINES, 0,  .label = "Certificate that its receiver knows us by", .hint = "As PEM, with those that lead to its authority behind it. Whoever sees this webhook sees it. Empty: none, and its key is deleted.", .most = LINES_MAX},
	{"client_key", FORM_LINES, 0,          .label = "Private key of that certificate", .hint = "As PEM, without a password. It is never shown again, also where something else is wrong here. Empty: it stays as it is.", .most = LINES_MAX},
};
static const struct form_row filter_rows[] = {
	{"subject",      FORM_TEXT,  0, .label = "Only events of one item", .hint = "The reference of an asset or a request, a name, the address of its page, or its id, as events have it as their subject. Empty: of all."},
	{"authority_id", FORM_TEXT,  0, .label = "Only of one authority", .hint = "Its name or code, the address of its page, or its id. Empty: of all."},
	{"asset_id",     FORM_TEXT,  0, .label = "Only of one asset, and of what concerns it", .hint = "Its reference or name, the address of its page, or its id. Empty: of all."},
	{"locality_id",  FORM_TEXT,  0, .label = "Only of assets of one locality", .hint = "Its name, the address of its page, or its id. Empty: of all."},
	{"where",        FORM_LINES, 0, .label = "Only where an event’s data say so", .hint = "A line for each condition, such as /class=HALL. All of them must hold.", .most = LINES_MAX},
};
/* clang-format on */
static const struct form form_limit = {limit_rows, COUNT(limit_rows), &webhook_shape, NULL,
				       "hook-"};
static const struct form form_filter = {filter_rows, COUNT(filter_rows), &webhook_filter_shape,
					"filter", "hook-"};
const struct form *const webhook_forms[WEBHOOK_FORMS] = {&webhook_form, &form_limit, &form_filter};

/* --- shown ---------------------------------------------------------------------------------- */

static int ask(struct flow *f)
{
	struct db_batch *b = page_batch(f);
	struct str before_at, result = flow_query(f, "result");
	int r = h_moment(f, "before_at", &before_at);

	if (r < 0)
		return r;
	q_webhook_health_add(b, &(struct q_webhook_health){.id = f->param[0]});
	q_webhook_attempts_add(
		b, &(struct q_webhook_attempts){
			   .webhook_id = f->param[0],
			   .before_at = before_at,
			   .before_id = before_at.len ? flow_query(f, "before") : before_at,
			   .result = result.len ? result : (struct str){NULL, 0},
			   .take = ROWS + 1,
		   });
	q_webhook_load_add(b, &(struct q_webhook_load){.id = f->param[0]});
	return 0;
}

static enum step_result show_load(struct flow *f)
{
	int r = ask(f);

	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static struct str address(struct flow *f, struct str at, struct str id)
{
	const struct page_filter filter[] = {
		{"result", flow_query(f, "result")}, {"before_at", at}, {"before", id}};

	return page_address(f->arena, arena_fmt(f->arena, "/webhooks/%s", f->param[0].at).at,
			    filter, COUNT(filter));
}

static void put_attempt(struct page *p, json_t *one)
{
	const char *type = page_text(one, "type");

	webhook_put_moment(p, one, "attempted");
	webhook_put_moment(p, one, "next_attempt");
	page_put_in(p, one, "is_event", json_boolean(strcmp(type, "endpoint.ping") != 0));
}

static void put_attempts(struct page *p)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, ATTEMPTS), *one;
	json_t *results = page_choices(STR("result"), result_code, COUNT(result_code));
	size_t i;

	page_put(p, "attempts", items);
	if (json_array_size(items) > ROWS) {
		json_array_remove(items, ROWS);
		one = json_array_get(items, ROWS - 1);
		page_put_text(p, "next",
			      address(f, str_of(page_text(one, "attempted_at")),
				      str_of(page_text(one, "event_id"))));
	}
	json_array_foreach (items, i, one)
		put_attempt(p, one);
	page_choose(p, results, flow_query(f, "result"));
	page_put(p, "results", results);
	page_put(p, "kept_days", json_integer(f->worker->conf->hooks_log_days));
}

/* Which buttons there are. */
static void put_acts(struct page *p, const json_t *hook)
{
	const char *state = page_text(hook, "webhook_state");

	page_put(p, "may_pause", json_boolean(strcmp(state, "ACTIVE") == 0));
	page_put(p, "may_resume", json_boolean(strcmp(state, "PAUSED") == 0));
}

static void put_wrong(struct page *p, json_t *wrongs, const struct flaw *flaw)
{
	const char *label = NULL;

	for (size_t i = 0; i < COUNT(field_table); i++) {
		struct str pointer = arena_fmt(p->flow->arena, "/%s", field_table[i].name);

		if (str_eq(flaw->pointer, pointer))
			label = field_table[i].label;
	}
	page_wrong(p, wrongs, label ? flaw->pointer : STR("/since"), label,
		   page_flaw(p->flow, flaw));
}

static bool is_change(struct flow *f)
{
	return str_eq(flow_form(f, "act"), STR("CHANGE"));
}

/* As it is stored, its lists as people write them. NULL without memory. */
static json_t *stored_of(struct str fields)
{
	CLEANUP(buf_done) struct buf types = BUF(16 * 1024);
	json_t *stored = json_loadb(fields.at, fields.len, 0, NULL), *one;
	size_t i;

	json_array_foreach (json_object_get(stored, "types"), i, one)
		buf_fmt(&types, "%s%s", i ? " " : "", json_string_value(one));
	if (stored && types.len && !buf_err(&types))
		json_object_set_new(stored, "types", json_stringn(types.at, types.len));
	webhook_show_lines(stored);
	return stored;
}

/* The form that changes it, as stored or as typed; with both where somebody else was faster. */
static void put_change(struct page *p, struct str fields)
{
	struct flow *f = p->flow;
	json_auto_t *stored = stored_of(fields);
	bool is_sent = flow_rescued(f) && is_change(f);
	json_t *list = json_array();

	if (is_sent) {
		webhook_gather_flaws(f);
		webhook_gather_lines(f);
	}
	for (size_t k = 0; k < WEBHOOK_FORMS; k++) {
		const struct form *form = webhook_forms[k];
		json_auto_t *sent = is_sent ? form_sent(p, form) : NULL;
		const json_t *of = form->part ? json_object_get(stored, form->part) : stored;
		json_auto_t *shown = form_fields(p, form, of, NULL, sent);

		if (flow_rescued(f) == ERR_STALE && sent)
			beside_put_form(p, form, of, sent);
		json_array_extend(list, shown);
	}
	page_put(p, "form_change", json_pack("{s:o, s:b}", "fields", list, "is_open", is_sent));
	if (!is_sent)
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	if (flow_rescued_detail(f).len)
		page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, webhook_forms, WEBHOOK_FORMS, "hook-url"));
}

/* A form that was refused: with what was typed, also beside a count that was asked for. */
static void put_typed(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	if (is_change(f)) {
		json_decref(wrongs);
		return;
	}
	page_put(p, "is_all", json_boolean(str_eq(flow_form(f, "only"), STR("ALL"))));
	for (size_t i = 0; i < COUNT(field_table); i++)
		page_put_text(p, field_table[i].name, flow_form(f, field_table[i].name));
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++)
		put_wrong(p, wrongs, &f->flaws.at[i]);
	if (flow_rescued(f) && !json_array_size(wrongs))
		page_wrong(p, wrongs, STR("acts"), NULL, str_of(err_info(flow_rescued(f))->title));
	page_put(p, "has_wrongs", json_boolean(json_array_size(wrongs) > 0));
	page_put(p, "wrongs", wrongs);
}

static void put_state(struct page *p)
{
	const struct webhook_state *s = flow_rescued(p->flow) ? NULL : p->flow->state;

	if (!s)
		return;
	if (s->secret.len)
		page_put_text(p, "secret", s->secret);
	page_put(p, "has_count", json_boolean(s->has_count));
	page_put(p, "found_count", json_integer(s->count));
}

static enum step_result show_answer(struct flow *f)
{
	struct q_webhook_load_row row;
	int r = q_webhook_load_one(f->got, WEBHOOK, &row);
	struct page p;
	json_t *hook;

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r < 0)
		return flow_fail(f, r);
	hook = page_item(f, HEALTH);
	p = page_begin(f, "A webhook");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/webhooks", STR("Webhooks"));
	page_put(&p, "hook", hook);
	webhook_put_health(&p, hook);
	put_acts(&p, hook);
	put_attempts(&p);
	put_change(&p, row.fields);
	put_typed(&p);
	put_state(&p);
	return page_end(&p, "webhook", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_webhook[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- the buttons ---------------------------------------------------------------------------- */

static enum step_result go_back(struct flow *f)
{
	struct str to = arena_fmt(f->arena, "/webhooks/%s", f->param[0].at);

	webhook_wake(f);
	return page_redirect(f, to);
}

static enum step_result go_to_list(struct flow *f)
{
	webhook_wake(f);
	return page_redirect(f, STR("/webhooks"));
}

static enum step_result rotated(struct flow *f)
{
	struct webhook_state *s = ARENA_NEW(f->arena, struct webhook_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	s->secret = webhook_secret_made(f);
	f->state = s;
	webhook_wake(f);
	return show_load(f);
}

static enum step_result counted(struct flow *f)
{
	struct webhook_state *s = f->state = ARENA_NEW(f->arena, struct webhook_state);
	int r = s ? webhook_counted(f, &s->count) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	s->has_count = true;
	return show_load(f);
}

/* "2026-11-21" is from its first moment on, or, to its end, until the first of the next day. */
static int put_day(struct flow *f, const char *name, int days)
{
	struct str typed = str_trim(flow_form(f, name));
	char text[DAY_TEXT];
	json_t *moment;
	struct day d;

	if (!typed.len)
		return 0;
	if (day_parse(typed, &d) == 0) {
		day_format(day_add(d, days), text);
		moment = json_sprintf("%sT00:00:00Z", text);
	} else {
		moment = json_stringn(typed.at, typed.len);
	}
	return json_object_set_new(f->body, name, moment) ? ERR_NOMEM : 0;
}

static int put_position(struct flow *f)
{
	struct str typed = str_trim(flow_form(f, "from_position"));
	int64_t position;

	if (!typed.len)
		return 0;
	if (str_to_i64(typed, &position) < 0) {
		h_flaw(f, "from_position", "WRONG_TYPE", STR("This is not a whole number."),
		       STR("Write digits alone, such as 1250."));
		return ERR_INVALID;
	}
	return json_object_set_new(f->body, "from_position", json_integer(position)) ? ERR_NOMEM
										     : 0;
}

/* What is to be sent again, as the API takes it: one event, or those of a time. */
static enum step_result again_read(struct flow *f)
{
	struct str event = flow_form(f, "event_id"), only = flow_form(f, "only");
	int r = 0;

	if (event.len)
		r = json_object_set_new(f->body, "event_id", json_stringn(event.at, event.len));
	else if (only.len)
		r = json_object_set_new(f->body, "only", json_stringn(only.at, only.len));
	r = r ? ERR_NOMEM : put_day(f, "since", 0);
	if (r == 0)
		r = put_day(f, "until", 1);
	if (r == 0)
		r = put_position(f);
	return r < 0 ? flow_fail(f, r) : webhook_load(f);
}

int webhook_read_forms(struct flow *f)
{
	int r = 0;

	for (size_t k = 0; r == 0 && k < WEBHOOK_FORMS; k++)
		r = form_read(f, webhook_forms[k]);
	if (r == 0)
		r = webhook_read_types(f);
	return r == 0 ? webhook_read_lines(f) : r;
}

/* An empty list of types is all of them, as for a new one. */
static enum step_result change_read(struct flow *f)
{
	int r = webhook_read_forms(f);

	if (r == 0 && !json_object_get(f->body, "types") &&
	    json_object_set_new(f->body, "types", json_null()))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

#define STEPS(name, store)                                                                         \
	static const struct flow_step name[] = {                                                   \
		{"load", webhook_load},                                                            \
		{"store", store},                                                                  \
		{"answer", go_back},                                                               \
		{0},                                                                               \
	}
STEPS(pause_steps, webhook_pause_store);
STEPS(resume_steps, webhook_resume_store);
STEPS(verify_steps, webhook_verify_store);
#undef STEPS

static const struct flow_step change_steps[] = {
	{"read", change_read},
	{"seek", webhook_named_load},
	{"find", webhook_named_found},
	{"load", webhook_load},
	{"store", webhook_change_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step again_steps[] = {
	{"read", again_read},
	{"store", webhook_recover_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step count_steps[] = {
	{"read", again_read},
	{"count", webhook_count_ask},
	{"counted", counted},
	{"answer", show_answer},
	{0},
};
static const struct flow_step rotate_steps[] = {
	{"load", webhook_load},
	{"store", webhook_rotate_store},
	{"made", rotated},
	{"answer", show_answer},
	{0},
};
static const struct flow_step remove_steps[] = {
	{"load", webhook_load},
	{"store", webhook_remove_store},
	{"answer", go_to_list},
	{0},
};

static const struct {
	const char *word;
	const struct flow_step *steps;
} act_table[] = {
	{"AGAIN", again_steps},   {"COUNT", count_steps},   {"PAUSE", pause_steps},
	{"RESUME", resume_steps}, {"VERIFY", verify_steps}, {"ROTATE", rotate_steps},
	{"REMOVE", remove_steps}, {"CHANGE", change_steps},
};

static enum step_result act_begin(struct flow *f)
{
	struct str act = flow_form(f, "act");

	flow_rescue(f, page_webhook);
	f->body = json_object();
	if (!f->body)
		return flow_fail(f, ERR_NOMEM);
	for (size_t i = 0; i < COUNT(act_table); i++) {
		if (str_eq(act, str_of(act_table[i].word)))
			return flow_become(f, act_table[i].steps);
	}
	h_flaw(f, "act", "NOT_IN_LIST", STR("This form does not say what is to be done."),
	       STR("Load the page again."));
	return flow_fail(f, flaws_err(&f->flaws));
}

const struct flow_step page_webhook_act[] = {
	{"choose", act_begin},
	{0},
};
