/*
 * Where the community body's link leads: the copies of what others said, by when it may answer and
 * why, a form, and what it has answered. There is no account and nothing else of the register
 * behind it; the address holds the secret, so nothing on the page carries that further.
 */
#include "daemon/request/h_answer.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "libassets/base/err.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { SHOW = PAGE_FRAME + 1 };

static enum step_result answer_load(struct flow *f)
{
	int r;

	(void)page_batch(f);
	r = answer_ask_query(f);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

/* The copies of one page, and where the next begins. */
static void put_copies(struct page *p, const json_t *shown)
{
	json_t *list = json_object_get(shown, "representations");

	if (json_array_size(list) > ANSWER_PAGE) {
		json_array_remove(list, ANSWER_PAGE);
		page_put(p, "next_after",
			 json_incref(
				 json_object_get(json_array_get(list, ANSWER_PAGE - 1), "number")));
	}
	page_put(p, "has_copies", json_boolean(json_array_size(list)));
}

/* In time, late, or no longer: what the form says above itself. */
static void put_window(struct page *p, const json_t *shown, struct str state)
{
	const char *due =
		json_string_value(json_object_get(json_object_get(shown, "window"), "due_on"));
	bool is_taken = due && representation_is_taken_in(state);
	struct day due_on = DAY_NONE;
	bool is_over =
		due && !day_parse(str_of(due), &due_on) && day_cmp(p->flow->today, due_on) > 0;

	page_put(p, "is_open", json_boolean(is_taken && !is_over));
	page_put(p, "is_over", json_boolean(is_taken && is_over));
	page_put(p, "is_decided", json_boolean(!representation_is_taken_in(state)));
	page_put(p, "is_taken", json_boolean(is_taken));
}

/* What was typed, with what is wrong with it. */
static void put_sent(struct page *p, const char *wrong)
{
	page_put_text(p, "sent_text", flow_form(p->flow, "text"));
	if (*wrong)
		page_put(p, "wrong", json_string(wrong));
}

static enum step_result show(struct flow *f, struct str token, int status, const char *wrong)
{
	struct q_answer_show_row row;
	int r = answer_have(f, SHOW, &row);
	json_auto_t *shown = NULL;
	json_t *value;
	const char *key;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	shown = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "Answer what others said about your request");
	page_put(&p, "here", json_string("%2F")); /* never this address, which holds the secret */
	page_crumb(&p, "/", STR("Home"));
	page_put_text(&p, "token", token);
	put_copies(&p, shown);
	put_window(&p, shown, row.state);
	json_object_foreach (shown, key, value)
		page_put(&p, key, json_incref(value));
	page_put(&p, "has_answers",
		 json_boolean(json_array_size(json_object_get(shown, "answers"))));
	page_put(&p, "is_sent", json_boolean(flow_query(f, "sent").len));
	if (status != 200)
		put_sent(&p, wrong);
	return page_end(&p, "answer", PAGE_REQUESTS, status);
}

static enum step_result answer_answer(struct flow *f)
{
	struct q_answer_show_row row;

	/* A link that has ended is the one of the request's own page, which has it sent again. */
	if (q_answer_show_one(f->got, SHOW, &row) == ERR_NOT_FOUND)
		return flow_become(f, page_mine);
	return show(f, flow_query(f, "token"), 200, "");
}

const struct flow_step page_answers[] = {
	{"load", answer_load},
	{"answer", answer_answer},
	{0},
};

/* --- The form ---------------------------------------------------------------------------- */

static enum step_result wrong_answer(struct flow *f)
{
	const char *const *cure = f->state;

	return show(f, flow_form(f, "token"), err_info(ERR_INVALID)->status, *cure);
}

static const struct flow_step wrong_steps[] = {
	{"answer", wrong_answer},
	{0},
};

/* The same page with what was typed. */
static enum step_result show_wrong(struct flow *f, struct str id, const char *cure)
{
	const char **kept = f->state = ARENA_NEW(f->arena, const char *);

	if (!kept)
		return flow_fail(f, ERR_NOMEM);
	*kept = cure;
	(void)page_batch(f);
	answer_ask(f, id, 0);
	(void)flow_become(f, wrong_steps);
	return flow_send(f);
}

static enum step_result go_back(struct flow *f)
{
	return page_redirect(
		f, arena_fmt(f->arena, "/answer?sent=1&token=%s", flow_form(f, "token").at));
}

static const struct flow_step sent_steps[] = {
	{"answer", go_back},
	{0},
};

static enum step_result send_read(struct flow *f)
{
	struct answer sent;
	struct str id;
	int r = h_form(f, &answer_shape);

	if (r == 0)
		r = answer_token(f, flow_form(f, "token"), &id);
	if (r == 0)
		r = h_decode(f, &answer_shape, SHAPE_CREATE, &sent);
	if (r == ERR_INVALID)
		return show_wrong(f, id,
				  flow_form(f, "text").len ? f->flaws.at[0].cure.at
							   : "Write your answer.");
	if (r < 0)
		return flow_fail(f, r);
	if (!answer_new(f, id, sent.text, sent_steps))
		return flow_fail(f, ERR_NOMEM);
	return flow_become(f, answer_steps);
}

const struct flow_step page_answers_send[] = {
	{"read", send_read},
	{0},
};
