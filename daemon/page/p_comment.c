/*
 * The public's way: a form to say something of a request, and the page that the letter's link leads
 * to. That page only shows a button, because programs that look through mail follow links, and
 * the link counts once. What was typed comes back with what is wrong with it.
 */
#include "daemon/flow/flow_query.h"
#include "daemon/mail/mail.h"
#include "daemon/notify/h_follow.h"
#include "daemon/request/h_ask.h"
#include "daemon/request/h_submission.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "libassets/base/err.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch. */
enum { ABOUT = PAGE_FRAME + 1, ASK };

static enum step_result comment_load(struct flow *f)
{
	q_page_representations_add(page_batch(f),
				   &(struct q_page_representations){.id = f->param[0]});
	submission_ask(f, f->param[0]);
	return flow_send(f);
}

/* The page's beginning: whose request it is, and the way back. */
static int begin(struct flow *f, const char *title, struct page *ret_page)
{
	struct q_page_representations_row row;
	int r = q_page_representations_one(f->got, ABOUT, &row);
	json_auto_t *root = NULL;
	const json_t *request;

	if (r < 0)
		return r;
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	request = json_object_get(root, "request");
	*ret_page = page_begin(f, title);
	page_crumb_request(ret_page, f->param[0], page_text(request, "reference"));
	page_put(ret_page, "request", json_incref((json_t *)(uintptr_t)request));
	page_put(ret_page, "more", json_incref(json_object_get(root, "more")));
	page_put(ret_page, "days", json_integer(MAIL_DAYS));
	return 0;
}

/* What was typed, and each flaw beside its field. */
static void put_sent(struct page *p)
{
	static const struct {
		const char *name, *label;
	} row[] = {
		{"text", "What you want to say"},
		{"name", "Your name"},
		{"email", "Your e-mail address"},
		{"address", "Your postal address"},
	};
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < COUNT(row); i++) {
		struct str name = str_of(row[i].name);
		const struct flaw *flaw = page_flaw_at(f, name);

		page_put_text(p, arena_fmt(f->arena, "sent_%.*s", (int)name.len, name.at).at,
			      flow_form(f, row[i].name));
		if (flaw)
			page_wrong(p, wrongs, name, row[i].label, page_flaw(f, flaw));
	}
	page_put(p, "wrongs", wrongs);
}

/* The form, or in its place why there is none. */
static enum step_result show_form(struct flow *f, int status)
{
	const char *timing = "";
	int may = submission_may(f, ASK, &timing);
	struct page p;
	int r = may == ERR_TRANSITION || may == ERR_NO_MAIL ? 0 : may;

	if (r == 0)
		r = begin(f, "Say something about this request", &p);
	if (r < 0)
		return flow_fail(f, r);
	page_put(&p, "is_open", json_boolean(may == 0));
	page_put(&p, "is_closed", json_boolean(may == ERR_TRANSITION));
	page_put(&p, "is_without_mail", json_boolean(may == ERR_NO_MAIL));
	page_put(&p, "is_late", json_boolean(strcmp(timing ? timing : "", "LATE") == 0));
	put_sent(&p);
	page_put_once(&p);
	return page_end(&p, "comment", PAGE_REQUESTS, status);
}

static enum step_result comment_answer(struct flow *f)
{
	return show_form(f, 200);
}

const struct flow_step page_comment[] = {
	{"load", comment_load},
	{"answer", comment_answer},
	{0},
};

static enum step_result send_store(struct flow *f)
{
	struct submission s;
	const char *timing;
	int r = submission_may(f, ASK, &timing);

	if (r == 0)
		r = h_form(f, &submission_shape);
	if (r == 0)
		r = h_decode(f, &submission_shape, SHAPE_CREATE, &s);
	if (r == ERR_INVALID || r == ERR_TRANSITION || r == ERR_NO_MAIL)
		return show_form(f, err_info(r)->status);
	if (r < 0)
		return flow_fail(f, r);
	q_page_representations_add(page_batch(f),
				   &(struct q_page_representations){.id = f->param[0]});
	r = submission_put(f, &s);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static enum step_result send_answer(struct flow *f)
{
	struct page p;
	int r = begin(f, "Check your e-mail", &p);

	if (r < 0)
		return flow_fail(f, r);
	page_put(&p, "is_sent", json_true());
	return page_end(&p, "comment", PAGE_REQUESTS, 200);
}

const struct flow_step page_comment_send[] = {
	{"load", comment_load},
	{"store", send_store},
	{"answer", send_answer},
	{0},
};

/* --- The link of the letter ------------------------------------------------------------ */

static enum step_result frame_load(struct flow *f)
{
	(void)page_batch(f);
	return flow_send(f);
}

struct button {
	struct str token;
	const struct principal
		*who;       /* as whom the reader came: the form is theirs, not the link's */
	struct scope scope; /* of a follow */
	bool is_follow, is_ask;
};

/* As whom the link acts, so that it sees its own row. */
static enum step_result button_load(struct flow *f)
{
	struct button *s = f->state = ARENA_NEW(f->arena, struct button);
	struct str id;
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	*s = (struct button){.token = flow_query(f, "token"), .who = f->who};
	s->is_follow = follow_is_token(s->token);
	s->is_ask = ask_is_token(s->token);
	r = s->is_follow ? follow_bear(f, s->token, &id)
	    : s->is_ask  ? ask_bear(f, s->token, &id)
			 : submission_bear(f, s->token, &id);
	if (r == ERR_NOT_FOUND) {
		flow_detail(f, STR("This link is not whole, or is none of ours."));
		r = ERR_GONE;
	}
	if (r < 0)
		return flow_fail(f, r);
	if (s->is_follow)
		q_follow_load_add(flow_batch(f), &(struct q_follow_load){.id = id});
	return flow_send(f);
}

/* What is followed, by the question that was kept. */
static int scope_take(struct flow *f, struct button *s)
{
	struct q_follow_load_row row;
	int r = q_follow_load_one(f->got, 0, &row);

	if (r < 0)
		return r;
	s->scope.is_unconfirmed = !row.is_confirmed;
	r = flow_query_become(f, arena_str(f->arena, row.question), "token");
	return r < 0 ? r : scope_read(f, &s->scope);
}

static enum step_result button_frame(struct flow *f)
{
	struct button *s = f->state;
	int r = db_rows(f->got, 0) == 1 ? 0 : ERR_GONE;

	if (r < 0)
		flow_detail(f, STR("This link has been used, or it is too old, or it was ended."));
	if (r == 0 && s->is_follow)
		r = scope_take(f, s);
	if (r < 0)
		return flow_fail(f, r);
	f->who = s->who;
	(void)page_batch(f);
	if (s->is_follow)
		q_scope_show_add(flow_batch(f), &(struct q_scope_show){.filter = s->scope.filter});
	return flow_send(f);
}

/* In the words of the letter. */
static int put_what(struct page *p, const struct button *s)
{
	CLEANUP(buf_done) struct buf what = BUF(8192);
	struct q_scope_show_row row;
	int r = q_scope_show_one(p->flow->got, PAGE_FRAME + 1, &row);

	if (r < 0)
		return r;
	scope_title(&what, &s->scope, s->scope.is_unconfirmed ? row.plain : row.name);
	page_put_text(p, "what", buf_view(&what));
	return buf_err(&what);
}

static enum step_result button_answer(struct flow *f)
{
	const struct button *s = f->state;
	struct page p = page_begin(f, s->is_follow ? "Confirm that you want to be told"
				      : s->is_ask  ? "Confirm what you ask for"
						   : "Confirm what you wrote");

	page_crumb(&p, "/", STR("Home"));
	page_put_text(&p, "token", s->token);
	page_put(&p, "is_follow", json_boolean(s->is_follow));
	page_put(&p, "is_ask", json_boolean(s->is_ask));
	if (s->is_follow && p.err == 0)
		p.err = put_what(&p, s);
	return page_end(&p, "confirm", PAGE_REQUESTS, 200);
}

const struct flow_step page_confirm[] = {
	{"load", button_load},
	{"frame", button_frame},
	{"answer", button_answer},
	{0},
};

static enum step_result confirmed_answer(struct flow *f)
{
	struct page p = page_begin(f, "Thank you: it has been received");

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "is_confirmed", json_true());
	page_put_text(&p, "request_id", confirm_request(f->state));
	return page_end(&p, "confirm", PAGE_REQUESTS, 200);
}

static const struct flow_step confirmed[] = {
	{"load", frame_load},
	{"answer", confirmed_answer},
	{0},
};

static enum step_result followed_answer(struct flow *f)
{
	struct page p = page_begin(f, "From now on you are told");

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "is_following", json_true());
	return page_end(&p, "confirm", PAGE_NOWHERE, 200);
}

static const struct flow_step followed[] = {
	{"load", frame_load},
	{"answer", followed_answer},
	{0},
};

/* To their own page: whoever confirmed has its link by letter too. */
static enum step_result asked_answer(struct flow *f)
{
	struct str token = ask_confirmed_token(f);
	struct str to = arena_fmt(f->arena, "/mine?done=sent&token=%s", token.at ? token.at : "");

	return token.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

static const struct flow_step asked[] = {
	{"answer", asked_answer},
	{0},
};

static enum step_result confirm_begin(struct flow *f)
{
	if (follow_is_token(flow_form(f, "token")))
		return follow_confirm(f, flow_form(f, "token"), followed);
	if (ask_is_token(flow_form(f, "token")))
		return ask_confirm(f, flow_form(f, "token"), asked);
	if (!confirm_new(f, flow_form(f, "token"), confirmed))
		return flow_fail(f, ERR_NOMEM);
	return flow_become(f, confirm_steps);
}

const struct flow_step page_confirm_send[] = {
	{"take token", confirm_begin},
	{0},
};
