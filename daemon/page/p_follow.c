/*
 * Following by page: a form with an address (step 1), the letter's link (2), its button (3; the
 * page of p_comment.c, since links of letters have one address). Beside the form the same as Atom,
 * JSON Feed and iCalendar, which need no address at all. The page that ends following only shows a
 * button, because programs that look through mail follow links; a mail program's one click (RFC
 * 8058) is a POST to the same address.
 */
#include "daemon/flow/flow_query.h"
#include "daemon/mail/mail.h"
#include "daemon/notify/h_follow.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "libassets/base/err.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch. */
enum { SCOPE = PAGE_FRAME + 1 };

static enum step_result load(struct flow *f)
{
	struct follow_flow *s = f->state = ARENA_NEW(f->arena, struct follow_flow);
	int r = s ? scope_read(f, &s->scope) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	(void)page_batch(f);
	follow_ask(f, s);
	return flow_send(f);
}

/* Whoever belongs to the authority may be told weekly of what is due in it. */
static bool is_theirs(const struct flow *f, const struct scope *s)
{
	const struct principal *who = f->who;

	for (size_t i = 0; i < who->grant_count && !str_is_null(s->authority_id); i++) {
		struct str at = who->grant[i].authority_id;

		if (str_is_null(at) || str_eq(at, s->authority_id))
			return true;
	}
	return false;
}

/* Each flaw beside its field, of which the form has one that may be wrong. */
static void put_flaws(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++)
		page_wrong(p, wrongs, STR("email"), "Your e-mail address",
			   page_flaw(f, &f->flaws.at[i]));
	page_put(p, "wrongs", wrongs);
}

/* What one follows, in words; whether all of it is there. */
static int begin(struct flow *f, const struct scope *s, struct page *ret_page)
{
	CLEANUP(buf_done) struct buf title = BUF(8192);
	struct q_scope_show_row row;
	int r = q_scope_show_one(f->got, SCOPE, &row);

	if (r < 0)
		return r;
	if (!row.is_known)
		return ERR_NOT_FOUND;
	*ret_page = page_begin(f, "Be told when something happens");
	scope_title(&title, s, row.name);
	page_crumb(ret_page, "/", STR("Home"));
	page_put_text(ret_page, "what", buf_view(&title));
	page_put_text(ret_page, "question", s->question);
	page_put_text(ret_page, "behind",
		      s->question.len ? arena_fmt(f->arena, "?%s", s->question.at) : STR(""));
	return 0;
}

static enum step_result show(struct flow *f, int status)
{
	const struct follow_flow *s = f->state;
	struct str rhythm = flow_form(f, "rhythm");
	struct page p;
	int r = begin(f, &s->scope, &p);

	if (r < 0)
		return flow_fail(f, r);
	page_put(&p, "is_open", json_boolean(mail_is_set(f->worker->conf)));
	page_put(&p, "is_without_mail", json_boolean(!mail_is_set(f->worker->conf)));
	page_put(&p, "is_theirs", json_boolean(is_theirs(f, &s->scope)));
	page_put(&p, "is_daily", json_boolean(str_eq(rhythm, STR("DAILY"))));
	page_put(&p, "is_weekly", json_boolean(str_eq(rhythm, STR("WEEKLY"))));
	page_put(&p, "is_instant",
		 json_boolean(!str_eq(rhythm, STR("DAILY")) && !str_eq(rhythm, STR("WEEKLY"))));
	page_put_text(&p, "sent_email", flow_form(f, "email"));
	put_flaws(&p);
	page_put_once(&p);
	return page_end(&p, "follow", PAGE_NOWHERE, status);
}

static enum step_result form_answer(struct flow *f)
{
	return show(f, 200);
}

const struct flow_step page_follow[] = {
	{"load", load},
	{"answer", form_answer},
	{0},
};

static enum step_result refused_answer(struct flow *f)
{
	return show(f, err_info(ERR_INVALID)->status);
}

static const struct flow_step refused[] = {
	{"answer", refused_answer},
	{0},
};

/* The page again with what is wrong, where at least the question is one. */
static enum step_result show_wrong(struct flow *f, struct follow_flow *s, int err)
{
	bool is_question = str_is_null(s->scope.filter);

	if ((err != ERR_INVALID && err != ERR_NO_MAIL) || is_question)
		return flow_fail(f, err);
	(void)page_batch(f);
	follow_ask(f, s);
	(void)flow_become(f, refused);
	return flow_send(f);
}

static enum step_result send_load(struct flow *f)
{
	struct follow_flow *s = f->state = ARENA_NEW(f->arena, struct follow_flow);
	int r = s ? h_form(f, &follow_shape) : ERR_NOMEM;
	int err;

	if (r < 0)
		return flow_fail(f, r);
	r = h_decode(f, &follow_shape, SHAPE_CREATE, &s->follow);
	if (r == ERR_INVALID) {
		/* Of the address, most likely: what is followed is looked at all the same. */
		follow_settle(&s->follow);
		err = flow_query_become(f, s->follow.question, "");
		if (err != ERR_NOMEM && !str_is_null(s->follow.question))
			err = scope_read(f, &s->scope);
		return err == ERR_NOMEM ? flow_fail(f, err) : show_wrong(f, s, r);
	}
	if (r == 0)
		r = follow_check(f, s);
	if (r < 0)
		return show_wrong(f, s, r);
	(void)page_batch(f);
	follow_ask(f, s);
	return flow_send(f);
}

static enum step_result send_store(struct flow *f)
{
	const struct follow_flow *s = f->state;
	int r;

	(void)page_batch(f);
	follow_ask(f, s);
	r = follow_store(f, s, SCOPE);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static enum step_result send_answer(struct flow *f)
{
	const struct follow_flow *s = f->state;
	struct page p;
	int r = begin(f, &s->scope, &p);

	if (r < 0)
		return flow_fail(f, r);
	page_put(&p, "is_sent", json_true());
	page_put(&p, "days", json_integer(MAIL_DAYS));
	return page_end(&p, "follow", PAGE_NOWHERE, 200);
}

const struct flow_step page_follow_send[] = {
	{"load", send_load},
	{"store", send_store},
	{"answer", send_answer},
	{0},
};

/* --- The link that ends it --------------------------------------------------------------- */

struct ending {
	const struct principal
		*who; /* as whom the reader came: the page is theirs, not the link's */
	bool is_there;
};

/* As whom the link acts, so that it sees its own row. As follow_bear(), ERR_NOMEM. */
static int end_bear(struct flow *f, struct str *ret_id)
{
	struct ending *s = f->state = ARENA_NEW(f->arena, struct ending);

	if (!s)
		return ERR_NOMEM;
	s->who = f->who;
	return follow_bear(f, flow_query(f, "token"), ret_id);
}

static enum step_result end_load(struct flow *f)
{
	struct str id;
	int r = end_bear(f, &id);

	if (r < 0)
		return flow_fail(f, r);
	q_follow_load_add(flow_batch(f), &(struct q_follow_load){.id = id});
	return flow_send(f);
}

/* The frame of whoever reads it. */
static enum step_result end_frame(struct flow *f)
{
	f->who = ((const struct ending *)f->state)->who;
	(void)page_batch(f);
	return flow_send(f);
}

static enum step_result end_loaded(struct flow *f)
{
	struct ending *s = f->state;
	struct q_follow_load_row row;
	int r = q_follow_load_one(f->got, 0, &row);

	if (r < 0 && r != ERR_NOT_FOUND)
		return flow_fail(f, r);
	s->is_there = r == 0;
	return end_frame(f);
}

static enum step_result end_answer(struct flow *f)
{
	const struct ending *s = f->state;
	struct page p = page_begin(f, s->is_there ? "Stop these e-mails" : "No more e-mails come");

	page_put(&p, "here", json_string("%2F")); /* never this address, which holds the secret */
	page_crumb(&p, "/", STR("Home"));
	page_put_text(&p, "token", flow_query(f, "token"));
	page_put(&p, "is_there", json_boolean(s->is_there));
	return page_end(&p, "unfollow", PAGE_NOWHERE, 200);
}

const struct flow_step page_unfollow[] = {
	{"load", end_load},
	{"frame", end_loaded},
	{"answer", end_answer},
	{0},
};

static enum step_result end_store(struct flow *f)
{
	struct str id;
	int r = end_bear(f, &id);

	if (r < 0)
		return flow_fail(f, r);
	q_follow_end_add(flow_batch(f), &(struct q_follow_end){.id = id});
	return flow_send(f);
}

const struct flow_step page_unfollow_send[] = {
	{"store", end_store},
	{"frame", end_frame},
	{"answer", end_answer},
	{0},
};
