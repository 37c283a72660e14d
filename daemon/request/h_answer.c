/*
 * Copies, link, answer. Only the link's row says whether it still works; what it carries is signed
 * (link.h) and stands nowhere but in the letter. Who comes by it acts as the link, which row
 * policies let move the one request that it is for.
 */
#include "h_answer.h"

#include "daemon/mail/mail.h"
#include "daemon/notify/link.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_mine.h"
#include "h_representation.h"
#include "h_request_act.h"
#include "q.h"

#define PURPOSE "answer link"

/*
 * Tries of one answer before it is called a conflict; answers to one request, beyond which
 * somebody plays with the link.
 */
enum { TRIES = 16, ANSWERS_MAX = 50 };

/* --- The copies ------------------------------------------------------------------------ */

void copies_ask(struct flow *f, struct day on)
{
	q_copies_unready_add(flow_batch(f),
			     &(struct q_copies_unready){.request_id = f->param[0],
							.on_day = shape_day_text(on, f->arena)});
	q_answer_reach_add(flow_batch(f), &(struct q_answer_reach){.request_id = f->param[0]});
}

static void flaw_unready(struct flow *f, const struct q_copies_unready_row *row)
{
	bool is_unread = str_eq(row->mark, STR("UNREAD"));

	h_flaw(f, "event", is_unread ? "UNREAD" : "UNREDACTED",
	       arena_fmt(f->arena,
			 is_unread ? "Nobody has read representation %d yet."
				   : "Representation %d has no text without personal data yet.",
			 row->number),
	       arena_fmt(f->arena,
			 is_unread ? "Send MARK to /v1/representations/%.*s/events: COUNTED, or "
				     "why it does not count."
				   : "Send REDACT to /v1/representations/%.*s/events with the "
				     "text that others may read.",
			 (int)row->id.len, row->id.at));
}

int copies_check(struct flow *f, int first)
{
	int n = q_copies_unready_count(f->got, first);

	for (int i = 0; i < n; i++) {
		struct q_copies_unready_row row;
		int r = q_copies_unready_row(f->got, first, i, &row);

		if (r < 0)
			return r;
		flaw_unready(f, &row);
	}
	return n ? ERR_COPIES : 0;
}

struct str answer_ticket(struct flow *f, struct str id)
{
	return link_ticket(f, PURPOSE, id);
}

struct str answer_link_put(struct flow *f, struct str request_id, struct day last_on,
			   const char *purpose)
{
	struct str id = h_id(f, "anl_");

	q_answer_link_insert_add(
		flow_batch(f),
		&(struct q_answer_link_insert){.id = id,
					       .request_id = request_id,
					       .last_on = shape_day_text(last_on, f->arena),
					       .purpose = str_of(purpose)});
	return id;
}

void answer_letter_put(struct flow *f, struct str id, const char *kind)
{
	q_answer_mail_insert_add(flow_batch(f),
				 &(struct q_answer_mail_insert){.id = h_id(f, "mal_"),
								.link_id = id,
								.ticket = answer_ticket(f, id),
								.kind = str_of(kind)});
}

/* The letter with a link that works past the last day of the window by ANSWER_DAYS_BEYOND. */
static void send_link(struct flow *f, struct day due_on)
{
	struct day from = day_cmp(due_on, f->today) < 0 ? f->today : due_on;

	answer_letter_put(
		f, answer_link_put(f, f->param[0], day_add(from, ANSWER_DAYS_BEYOND), "ANSWER"),
		"ANSWER");
}

int copies_send(struct flow *f, const struct request *r, struct day on, int first)
{
	struct q_answer_reach_row reach;
	struct deadline window;
	int err = q_answer_reach_one(f->got, first + 1, &reach);

	if (err < 0)
		return err;
	q_copies_made_add(flow_batch(f),
			  &(struct q_copies_made){.request_id = f->param[0],
						  .on_day = shape_day_text(on, f->arena)});
	if (!mail_is_set(f->worker->conf) || !reach.published || !reach.has_address ||
	    !representation_window(r, "COMMENTS", &window))
		return 0;
	q_answer_link_revoke_add(flow_batch(f),
				 &(struct q_answer_link_revoke){.request_id = f->param[0]});
	send_link(f, window.due_on);
	return 0;
}

/* --- The officers' hand on the link ------------------------------------------------------ */

enum step_result answer_link_load(struct flow *f)
{
	struct answer_link *s = f->state = ARENA_NEW(f->arena, struct answer_link);
	int r = s ? h_decode(f, &answer_link_shape, SHAPE_CREATE, s) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = f->param[0],
						    .on_day = shape_day_text(f->today, f->arena)});
	q_answer_reach_add(flow_batch(f), &(struct q_answer_reach){.request_id = f->param[0]});
	return flow_send(f);
}

int answer_may_send(struct flow *f, int statement)
{
	struct q_answer_reach_row reach;
	int err = q_answer_reach_one(f->got, statement, &reach);

	if (err < 0)
		return err;
	if (!mail_is_set(f->worker->conf))
		return ERR_NO_MAIL;
	if (reach.published && reach.has_address)
		return 0;
	flow_detail(f, reach.published ? STR("Record the e-mail address in the community body's "
					     "contact, or write by post.")
				       : STR("The request is not published, and a link shows no "
					     "more than what is: write by post."));
	return ERR_NO_ADDRESS;
}

/* To the copies while they can be answered, else to all that is asked of the body. */
static void send_due(struct flow *f, const struct request *r)
{
	struct deadline window;

	if (representation_window(r, "COMMENTS", &window) && representation_is_taken_in(r->state))
		send_link(f, window.due_on);
	else
		answer_letter_put(f, mine_link_put(f, f->param[0]), "ANSWER");
}

static void tell(struct flow *f, const char *type)
{
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_request_change_hide_add(flow_batch(f),
				  &(struct q_request_change_hide){.id = h_id(f, "evt_"),
								  .type = str_of(type),
								  .request_id = f->param[0],
								  .data = STR("{}")});
}

enum step_result answer_link_store(struct flow *f)
{
	const struct answer_link *s = f->state;
	bool is_new = str_eq(s->event, STR("SEND"));
	struct act_flow *act = ARENA_NEW(f->arena, struct act_flow);
	struct q_request_load_row row;
	struct request request;
	int r = q_request_load_one(f->got, 0, &row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = act ? act_take(f, act, &row, &request) : ERR_NOMEM;
	if (r == 0 && is_new)
		r = answer_may_send(f, 1);
	if (r < 0)
		return flow_fail(f, r);
	tell(f, is_new ? "case.answer_link_sent" : "case.answer_link_revoked");
	q_answer_link_revoke_add(
		flow_batch(f), &(struct q_answer_link_revoke){.request_id = f->param[0],
							      .none = is_new ? 0 : -ERR_NOT_FOUND});
	if (is_new)
		send_due(f, &request);
	return flow_store_end(f, "cas", f->param[0], 201);
}

const struct flow_step flow_answer_link[] = {
	{"load", answer_link_load},
	{"store", answer_link_store},
	{"answer", flow_store_answer},
	{0},
};

/* --- Whoever bears it -------------------------------------------------------------------- */

int answer_token(struct flow *f, struct str token, struct str *ret_id)
{
	return link_read(f, PURPOSE, token, ret_id);
}

void answer_ask(struct flow *f, struct str id, int32_t after)
{
	q_answer_show_add(
		flow_batch(f),
		&(struct q_answer_show){.id = id, .after = after, .take = ANSWER_PAGE + 1});
}

int answer_ask_query(struct flow *f)
{
	struct str after = flow_query(f, "after");
	int64_t number = 0;
	struct str id;
	struct str token = flow_query(f, "token");
	int r = token.len ? answer_token(f, token, &id) : ERR_QUERY;

	if (!token.len)
		flaw_add(&f->flaws, STR("?token"), STR("REQUIRED"),
			 STR("There is no token of a link."),
			 STR("Send token= as it stands in the link."));
	if (r == 0 && after.len &&
	    (str_to_i64(after, &number) < 0 || number < 0 || number > INT32_MAX))
		r = ERR_QUERY;
	if (r == 0)
		answer_ask(f, id, (int32_t)number);
	return r;
}

int answer_gone(struct flow *f, int err)
{
	if (err != ERR_NOT_FOUND)
		return err;
	flow_detail(f, STR("This link works no longer: it is too old, or another was sent. At "
			   "/mine you can ask for a new one, or the authority can send it."));
	return ERR_GONE;
}

int answer_have(struct flow *f, int statement, struct q_answer_show_row *ret_row)
{
	return answer_gone(f, q_answer_show_one(f->got, statement, ret_row));
}

struct answer_flow {
	struct str id; /* of the link */
	struct str text;
	const struct flow_step *then;
	const struct principal *who; /* as whom the caller came */
	struct act_flow act;
	int tries;
};

struct answer_flow *answer_new(struct flow *f, struct str id, struct str text,
			       const struct flow_step *then)
{
	struct answer_flow *s = f->state = ARENA_NEW(f->arena, struct answer_flow);

	if (s) {
		s->id = id;
		s->text = text;
		s->then = then;
		s->who = f->who;
	}
	return s;
}

static enum step_result link_load(struct flow *f)
{
	struct answer_flow *s = f->state;
	int r = link_act(f, s->id);

	if (r < 0)
		return flow_fail(f, r);
	q_answer_link_load_add(flow_batch(f),
			       &(struct q_answer_link_load){.id = s->id, .body = s->text});
	return flow_send(f);
}

/* As whoever came in again: what is shown then is shown to them. */
static enum step_result go_on(struct flow *f)
{
	const struct answer_flow *s = f->state;

	f->who = s->who;
	return flow_become(f, s->then);
}

static enum step_result request_load(struct flow *f)
{
	struct str *param = ARENA_NEW(f->arena, struct str);
	struct q_answer_link_load_row row;
	int r = answer_gone(f, q_answer_link_load_one(f->got, 0, &row));

	if (r == 0 && row.is_there && f->route->flags & ROUTE_PAGE)
		return go_on(f); /* a button that was pressed twice */
	if (r == 0 && row.is_there) {
		flow_detail(f, STR("This very answer has been received already."));
		r = ERR_REPRESENTATION;
	}
	if (r == 0 && row.answers >= ANSWERS_MAX) {
		flow_detail(f, STR("There are as many answers as one request takes: please write "
				   "to the authority itself."));
		r = ERR_RATE;
	}
	if (r == 0 && param)
		*param = arena_str(f->arena, row.request_id);
	if (r < 0 || !param || str_is_null(*param))
		return flow_fail(f, r < 0 ? r : ERR_NOMEM);
	f->param = param; /* representation_put() looks for its request there */
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = *param,
						    .on_day = shape_day_text(f->today, f->arena)});
	return flow_send(f);
}

static int put(struct flow *f, struct answer_flow *s)
{
	const struct representation_come come = {
		.kind = "COMMENTS",
		.channel = STR("FORM"),
		.received_on = f->today,
		.text = s->text,
	};
	struct q_request_load_row row;
	struct request request;
	struct str id;
	int r = q_request_load_one(f->got, 0, &row);

	s->act = (struct act_flow){.actor_kind = STR("COMMUNITY_BODY")};
	shape_clear(&request_act_shape, &s->act.act);
	if (r == 0)
		r = act_take(f, &s->act, &row, &request);
	if (r == 0 && !representation_is_taken_in(request.state)) {
		flow_detail(f, STR("The request has been decided, or is closed: there is nothing "
				   "to answer any more."));
		r = ERR_TRANSITION;
	}
	return r < 0 ? r : representation_put(f, &s->act, &row, &come, &id);
}

static enum step_result answer_store(struct flow *f)
{
	int r = put(f, f->state);

	return r < 0 ? flow_fail(f, r) : flow_send_trying(f);
}

static enum step_result answer_stored(struct flow *f)
{
	struct answer_flow *s = f->state;
	int r = flow_send_err(f);

	/* Somebody else moved the request, or has its row: from what it now is, again. */
	if ((r == ERR_CONFLICT || r == ERR_BUSY || r == ERR_FORBIDDEN) && ++s->tries < TRIES)
		return flow_become(f, answer_steps);
	return r < 0 ? flow_fail(f, r) : go_on(f);
}

const struct flow_step answer_steps[] = {
	{"link", link_load},
	{"load", request_load},
	{"store", answer_store},
	{"stored", answer_stored},
	{0},
};

static enum step_result show_load(struct flow *f)
{
	int r = answer_ask_query(f);

	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_answer_show_row row;
	int r = answer_have(f, 0, &row);

	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, row.body);
}

const struct flow_step flow_answers[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

static enum step_result sent_load(struct flow *f)
{
	const struct answer_flow *s = f->state;

	answer_ask(f, s->id, 0);
	return flow_send(f);
}

static enum step_result sent_answer(struct flow *f)
{
	const struct answer_flow *s = f->state;

	http_reply_field(f->reply, STR("Event-Id"), s->act.last_id);
	return show_answer(f);
}

static const struct flow_step sent_steps[] = {
	{"load", sent_load},
	{"answer", sent_answer},
	{0},
};

static enum step_result add_read(struct flow *f)
{
	struct answer sent;
	struct str id;
	int r = h_decode(f, &answer_shape, SHAPE_CREATE, &sent);

	if (r == 0)
		r = answer_token(f, sent.token, &id);
	if (r == 0 && !answer_new(f, id, sent.text, sent_steps))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : flow_become(f, answer_steps);
}

const struct flow_step flow_answer_add[] = {
	{"read", add_read},
	{0},
};
