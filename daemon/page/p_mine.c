/*
 * A community group's own request by the link that it was sent: where it stands, all that is asked
 * of the group with the days that are left, and a form for each thing that it does itself. What
 * goes to the Scottish Ministers is explained, and not taken. Without a link, or with one that
 * works no longer, a form that has it sent again. The address holds the secret, so nothing on the
 * page carries that further.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/request/h_answer.h"
#include "daemon/request/h_mine.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "p.h"
#include "p_act.h"
#include "p_ask_form.h"
#include "p_due.h"
#include "q.h"
#include "timeline.h"

/* Statements of the page's batch behind the frame's. */
enum { SHOW = PAGE_FRAME + 1 };

enum { OWN_WORDS_MAX = 400 };

/* --- shown -------------------------------------------------------------------------------- */

/* The link's token: of the address, or of the form that comes back. */
static struct str token_of(struct flow *f)
{
	return flow_rescued(f) ? flow_form(f, "token") : flow_query(f, "token");
}

/* The form alone that has a link sent again, and why it is there. */
static enum step_result show_lost(struct flow *f, bool is_old, int status)
{
	struct page p = page_begin(f, is_old ? "This link works no longer"
					     : "Your own page for what you asked for");
	const struct flaw *flaw = f->flaws.count ? &f->flaws.at[0] : NULL;

	page_put(&p, "here", json_string("%2F"));
	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "is_lost", json_true());
	page_put(&p, "is_old", json_boolean(is_old));
	page_put(&p, "is_asked", json_boolean(str_eq(flow_query(f, "done"), STR("asked"))));
	page_put(&p, "is_without_mail", json_boolean(!mail_is_set(f->worker->conf)));
	page_put_text(&p, "sent_email", flow_form(f, "email"));
	if (flow_rescued(f) && flaw)
		page_put_text(&p, "wrong_email", flaw->cure);
	return page_end(&p, "mine", PAGE_REQUESTS, status);
}

static enum step_result mine_load(struct flow *f)
{
	struct str token = token_of(f), id = STR("");
	int r = token.len ? answer_token(f, token, &id) : 0;

	if (r < 0)
		return flow_fail(f, r);
	(void)page_batch(f);
	mine_ask(f, id);
	return flow_send(f);
}

/* What a running date of a clock asks of the group; the mark that the template shows it by. */
static const char *mark_of(const char *clock)
{
	static const char *const mark[][2] = {
		{"K5", "is_answer"},       {"K8", "is_review"},  {"K9", "is_review"},
		{"K10", "is_review"},      {"K11", "is_appeal"}, {"K12", "is_appeal"},
		{"K13", "is_appeal"},      {"K18", "is_offer"},  {"K19", "is_contract"},
		{"K21", "is_no_contract"}, {"K23", "is_reply"},
	};

	for (size_t i = 0; i < COUNT(mark); i++) {
		if (strcmp(clock, mark[i][0]) == 0)
			return mark[i][1];
	}
	return NULL;
}

/* All dates that run for the group, each with what it can do by then. */
static void put_asked(struct page *p, const json_t *shown)
{
	json_t *list = json_array(), *deadline;
	size_t i;

	json_array_foreach (json_object_get(shown, "deadlines"), i, deadline) {
		const char *mark = mark_of(page_text(deadline, "clock"));
		bool is_running = strcmp(page_text(deadline, "state"), "RUNNING") == 0;
		json_t *one;

		if (!mark || !is_running)
			continue;
		one = json_copy(deadline);
		page_put_in(p, one, mark, json_true());
		page_put_in(p, one, "is_later",
			    json_boolean(strcmp(page_text(deadline, "due_on"),
						page_text(deadline, "late_after_on")) < 0));
		(void)json_array_append_new(list, one);
	}
	page_put(p, "asked", list);
}

static bool is_allowed(const json_t *shown, const char *event)
{
	json_t *word;
	size_t i;

	json_array_foreach (json_object_get(shown, "allowed"), i, word) {
		if (strcmp(json_string_value(word), event) == 0)
			return true;
	}
	return false;
}

/* Was it this form that comes back? */
static bool is_again(struct flow *f, const char *event, const char *code)
{
	return flow_rescued(f) && str_eq(flow_form(f, "event"), str_of(event)) &&
	       (!code || str_eq(flow_form(f, "code"), str_of(code)));
}

/* What was typed into a form that comes back, and what is wrong with it. */
static void put_typed(struct page *p, json_t *form, const char *event, const char *code)
{
	struct flow *f = p->flow;
	struct str words = flow_form(f, "words"), offer = flow_form(f, "offer_pence");
	struct str price = flow_form(f, "price_pence");
	const char *field[] = {"words", "offer_pence", "price_pence"};
	const struct flaw *wrong = NULL;

	if (!is_again(f, event, code))
		return;
	for (size_t i = 0; i < COUNT(field) && !wrong; i++)
		wrong = page_flaw_at(f, str_of(field[i]));
	page_put_in(p, form, "typed", json_stringn(words.at ? words.at : "", words.len));
	page_put_in(p, form, "typed_offer", json_stringn(offer.at ? offer.at : "", offer.len));
	page_put_in(p, form, "typed_price", json_stringn(price.at ? price.at : "", price.len));
	page_put_in(p, form, "wrong",
		    wrong && wrong->cure.at ? json_string(wrong->cure.at) : json_null());
}

/* Items that have not arrived: each to be sent here, or otherwise. */
static void put_missing(struct page *p, const json_t *shown)
{
	json_auto_t *items = act_items(json_object_get(shown, "items"));
	json_t *list = json_array(), *item;
	bool may_send = is_allowed(shown, "ITEM_RECEIVED");
	size_t i;

	json_array_foreach (items, i, item) {
		const char *code = page_text(item, "code");
		bool is_price = strcmp(code, "PRICE") == 0, is_body = strcmp(code, "BODY") == 0;
		json_t *one;

		if (!json_is_null(json_object_get(item, "received_on")))
			continue;
		one = json_pack(
			"{s:s, s:s, s:b, s:b}", "code", code, "words",
			request_item_said(str_of(code)), "is_price", is_price, "is_words",
			!is_price && !is_body &&
				(ask_is_words(str_of(code)) || strcmp(code, "ADDRESS") == 0));
		put_typed(p, one, "ITEM_RECEIVED", code);
		(void)json_array_append_new(list, one);
	}
	page_put(p, "may_complete", json_boolean(may_send && json_array_size(list)));
	page_put(p, "missing", list);
}

/* Forms beyond what a date asks for, each where the state has it. */
static void put_acts(struct page *p, const json_t *shown)
{
	static const char *const act[][2] = {{"EXPRESS_INTEREST", "interest"},
					     {"OFFER", "offer"},
					     {"REVIEW_APPLIED", "review"},
					     {"WITHDRAW", "withdraw"}};

	for (size_t i = 0; i < COUNT(act); i++) {
		json_t *form = is_allowed(shown, act[i][0]) ? json_pack("{s:s}", "event", act[i][0])
							    : json_null();

		if (json_is_object(form))
			put_typed(p, form, act[i][0], NULL);
		page_put(p, act[i][1], form);
	}
}

/* The longer time that is asked of the group, with the form that answers. */
static void put_extension(struct page *p, const json_t *shown)
{
	json_t *form = json_copy(json_object_get(shown, "extension"));
	const char *event = page_text(form, "event");

	if (json_is_object(form)) {
		page_put_in(p, form, "is_contract",
			    json_boolean(strcmp(event, "EXTEND_CONTRACT") == 0));
		put_typed(p, form, event, NULL);
		put_typed(p, form, MINE_DECLINE, NULL);
	}
	page_put(p, "extension", form);
}

/* An enquiry becomes a request by the same questions as a new one. */
static void put_submit(struct page *p, const json_t *shown)
{
	static const struct {
		const char *key;
		const struct form *form;
	} part[] = {{"form_price", &ask_form_price}, {"form_contents", &ask_form_contents}};
	bool is_sent = is_again(p->flow, "SUBMIT", NULL);

	if (!is_allowed(shown, "SUBMIT"))
		return;
	for (size_t i = 0; i < COUNT(part); i++) {
		json_auto_t *sent = is_sent ? form_sent(p, part[i].form) : NULL;

		page_put(p, part[i].key,
			 json_pack("{s:o}", "fields",
				   form_fields(p, part[i].form, NULL, NULL, sent)));
	}
	page_put(p, "may_submit", json_true());
	page_put(p, "is_submit_open", json_boolean(is_sent));
}

/* What the group has said, by what it said it about. */
static void put_sent(struct page *p, json_t *shown)
{
	json_t *sent = json_object_get(shown, "sent"), *one;
	size_t i;

	json_array_foreach (sent, i, one) {
		const char *code = page_text(one, "code");
		const char *words = request_item_said(str_of(code));

		page_put_in(p, one, "about",
			    *words ? json_string(words)
				   : json_incref(json_object_get(one, "code")));
		page_put_in(p, one, "is_item", json_boolean(*words));
	}
}

/* Words in place of those that everybody reads: what is said of the community body is said to it.
 */
static void put_own_words(struct page *p, json_t *object)
{
	static const struct {
		const char *field, *own, *words;
	} table[] = {
		{"state", "own_state", "state_meaning"}, {"state", "own_acts", "acts_words"},
		{"whose", "own_whose", "whose_words"},   {"event", "own_event", "event_words"},
		{"about", "own_about", "about_words"},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		CLEANUP(buf_done) struct buf words = BUF(OWN_WORDS_MAX);
		struct str code = str_of(page_text(object, table[i].field));
		struct str own = str_of(table[i].own);

		if (!dress_has(own, code))
			continue;
		dress_code(&words, own, code);
		page_put_in(p, object, table[i].words,
			    buf_err(&words) ? NULL : json_stringn(words.at, words.len));
	}
}

static void put_own(struct page *p, json_t *shown)
{
	static const char *const list[] = {"deadlines", "events", "sent"};
	json_t *one;
	size_t n;

	put_own_words(p, shown);
	timeline_fold(p, json_object_get(shown, "events"));
	for (size_t i = 0; i < COUNT(list); i++) {
		json_array_foreach (json_object_get(shown, list[i]), n, one)
			put_own_words(p, one);
	}
}

static void put_refusal(struct page *p)
{
	struct flow *f = p->flow;
	const struct form *form[] = {&ask_form_price, &ask_form_contents};

	if (!flow_rescued(f))
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, form, COUNT(form), "refused"));
}

static enum step_result show(struct flow *f, json_t *shown)
{
	struct str done = flow_query(f, "done");
	struct page p = page_begin(f, "");
	const char *key;
	json_t *value;

	page_title(&p, p.data, "Your request for {{name}}", str_of(page_text(shown, "land")),
		   (struct str){NULL, 0});
	page_put(&p, "here", json_string("%2F")); /* never this address, which holds the secret */
	page_crumb(&p, "/", STR("Home"));
	page_put_text(&p, "token", token_of(f));
	put_missing(&p, shown);
	put_acts(&p, shown);
	put_extension(&p, shown);
	put_submit(&p, shown);
	put_sent(&p, shown);
	put_own(&p, shown);
	dates_put(&p, shown);
	put_asked(&p, shown);
	put_refusal(&p);
	page_put(&p, "is_new", json_boolean(str_eq(done, STR("sent"))));
	page_put(&p, "is_done", json_boolean(str_eq(done, STR("act"))));
	json_object_foreach (shown, key, value) {
		if (!json_object_get(p.data, key))
			page_put(&p, key, json_incref(value));
	}
	return page_end(&p, "mine", PAGE_REQUESTS, flow_rescued_status(f));
}

static enum step_result mine_answer(struct flow *f)
{
	struct q_mine_show_row row;
	json_auto_t *shown = NULL;
	int r;

	if (!token_of(f).len)
		return show_lost(f, false, flow_rescued_status(f));
	r = mine_have(f, SHOW, &row);
	if (r == ERR_GONE)
		return show_lost(f, true, err_info(r)->status);
	if (r < 0)
		return flow_fail(f, r);
	shown = json_loadb(row.body.at, row.body.len, 0, NULL);
	return shown ? show(f, shown) : flow_fail(f, ERR_BUG);
}

const struct flow_step page_mine[] = {
	{"load", mine_load},
	{"answer", mine_answer},
	{0},
};

/* --- sent --------------------------------------------------------------------------------- */

static enum step_result go_back(struct flow *f)
{
	return page_redirect(
		f, arena_fmt(f->arena, "/mine?done=act&token=%s", flow_form(f, "token").at));
}

static const struct flow_step acted[] = {
	{"answer", go_back},
	{0},
};

static enum step_result go_asked(struct flow *f)
{
	return page_redirect(f, STR("/mine?done=asked"));
}

static const struct flow_step asked[] = {
	{"answer", go_asked},
	{0},
};

static enum step_result send_again(struct flow *f)
{
	struct mine_link sent;
	int r = h_form(f, &mine_link_shape);

	if (r == 0)
		r = h_decode(f, &mine_link_shape, SHAPE_CREATE, &sent);
	return r < 0 ? flow_fail(f, r) : mine_send(f, sent.email, asked);
}

/* Prices are typed in pounds; the form of a request has its own. */
static int read_act(struct flow *f, struct mine_act *ret_act)
{
	static const struct form_row price[] = {{.name = "price_pence", .kind = FORM_POUNDS}};
	static const struct form form_price = {price, COUNT(price), &mine_act_shape, NULL, ""};
	int r = h_form(f, &mine_act_shape);

	if (r == 0)
		r = form_read(f, &form_price);
	if (r == 0)
		r = form_read(f, &ask_form_price);
	if (r == 0 && str_eq(flow_form(f, "event"), STR("SUBMIT")))
		r = form_read(f, &ask_form_contents);
	if (r == 0)
		r = h_decode(f, &mine_act_shape, SHAPE_CREATE, ret_act);
	return r < 0 ? r : mine_act_check(ret_act, &f->flaws);
}

static enum step_result act_begin(struct flow *f)
{
	struct mine_act *act = ARENA_NEW(f->arena, struct mine_act);
	struct str id;
	int r = act ? 0 : ERR_NOMEM;

	flow_rescue(f, page_mine);
	if (!flow_form(f, "token").len)
		return send_again(f);
	if (r == 0)
		r = answer_token(f, flow_form(f, "token"), &id);
	if (r == 0)
		r = read_act(f, act);
	if (r == 0 && str_eq(act->event, STR("WITHDRAW")) && !flow_form(f, "sure").len) {
		h_flaw(f, "words", "REQUIRED", STR("A withdrawn request is closed for good."),
		       STR("Tick the box if you are sure."));
		r = ERR_INVALID;
	}
	return r < 0 ? flow_fail(f, r) : mine_act(f, id, act, acted);
}

const struct flow_step page_mine_act[] = {
	{"read", act_begin},
	{0},
};
