/*
 * The bearer acts as the link, which row policies let move the one request that it is for. Whoever
 * came in is put back before anything is answered: what is shown then is shown to them.
 */
#include "h_mine.h"

#include "daemon/base/conf.h"
#include "daemon/mail/mail.h"
#include "daemon/notify/link.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "h_answer.h"
#include "h_request_act.h"
#include "q.h"

/* Tries of one act before it is called a conflict. */
enum { TRIES = 16 };

/* --- The link ---------------------------------------------------------------------------- */

struct str mine_link_put(struct flow *f, struct str request_id)
{
	return answer_link_put(f, request_id, day_add(f->today, MINE_DAYS), "CASE");
}

struct str mine_token(struct flow *f, struct str id)
{
	struct str ticket = answer_ticket(f, id);

	return str_is_null(ticket) ? ticket : arena_fmt(f->arena, "%s.%s", id.at, ticket.at);
}

void mine_ask(struct flow *f, struct str id)
{
	q_mine_show_add(flow_batch(f), &(struct q_mine_show){.id = id});
}

int mine_have(struct flow *f, int statement, struct q_mine_show_row *ret_row)
{
	return answer_gone(f, q_mine_show_one(f->got, statement, ret_row));
}

static enum step_result show_load(struct flow *f)
{
	struct str token = flow_query(f, "token"), id;
	int r = token.len ? answer_token(f, token, &id) : ERR_QUERY;

	if (!token.len)
		flaw_add(&f->flaws, STR("?token"), STR("REQUIRED"),
			 STR("There is no token of a link."),
			 STR("Send token= as it stands in the link."));
	if (r < 0)
		return flow_fail(f, r);
	mine_ask(f, id);
	return flow_send(f);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_mine_show_row row;
	int r = mine_have(f, 0, &row);

	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, row.body);
}

const struct flow_step flow_mine[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- What is done by it ------------------------------------------------------------------ */

struct acting {
	struct str id; /* of the link */
	const struct mine_act *sent;
	const struct flow_step *then;
	const struct principal *who; /* as whom the caller came */
	struct act_flow act;
	struct q_mine_load_row link; /* kept in the arena */
	int tries;
};

static enum step_result fail(struct flow *f, int err)
{
	const struct acting *s = f->state;

	f->who = s->who;
	return flow_fail(f, err);
}

static enum step_result link_load(struct flow *f)
{
	const struct acting *s = f->state;
	int r = link_act(f, s->id);

	if (r < 0)
		return fail(f, r);
	q_mine_load_add(flow_batch(f), &(struct q_mine_load){.id = s->id});
	return flow_send(f);
}

static enum step_result request_load(struct flow *f)
{
	struct acting *s = f->state;
	struct str *param = ARENA_NEW(f->arena, struct str);
	struct q_mine_load_row row;
	int r = answer_gone(f, q_mine_load_one(f->got, 0, &row));

	if (r == 0 && param)
		*param = arena_str(f->arena, row.request_id);
	if (r < 0 || !param || str_is_null(*param))
		return fail(f, r < 0 ? r : ERR_NOMEM);
	s->link = (struct q_mine_load_row){
		.request_id = *param,
		.has_address = row.has_address,
		.extension = arena_str(f->arena, row.extension),
		.until_on = arena_str(f->arena, row.until_on),
	};
	f->param = param; /* act_happen() looks for its request there */
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = *param,
						    .on_day = shape_day_text(f->today, f->arena)});
	return flow_send(f);
}

static bool is_decline(const struct mine_act *sent)
{
	return str_eq(sent->event, STR(MINE_DECLINE));
}

/* Is it about a longer time? No other act has such a day. */
static bool is_answer(const struct mine_act *sent)
{
	return !day_is_none(sent->until_on);
}

/* The longer time that is answered must be the one that is offered now. */
static int check_offer(struct flow *f, const struct acting *s)
{
	const struct mine_act *sent = s->sent;
	struct str until = shape_day_text(sent->until_on, f->arena);

	if (str_eq(until, s->link.until_on) &&
	    (is_decline(sent) || str_eq(sent->event, s->link.extension)))
		return 0;
	flow_detail(f, STR("That longer time is not offered any more: see below what can be "
			   "done."));
	return ERR_TRANSITION;
}

/* The act as the ledger has it: today, by the community body. */
static int read_act(struct flow *f, struct acting *s, const struct request *r)
{
	const struct mine_act *sent = s->sent;
	const struct ask_arrived with = {sent->contents, sent->offer_pence, s->link.has_address};
	struct request_act *act = &s->act.act;

	s->act = (struct act_flow){.actor_kind = STR("COMMUNITY_BODY")};
	shape_clear(&request_act_shape, act);
	act->event = sent->event;
	act->on = f->today;
	act->code = sent->code;
	act->price_pence = sent->price_pence;
	act->until_on = sent->until_on;
	act->agreed_on = is_answer(sent) ? f->today : DAY_NONE;
	if (request_event_parse(sent->event, &s->act.event) < 0)
		return ERR_BUG;
	return s->act.event == REQUEST_EVENT_SUBMIT
		       ? ask_items(&with, r->kind, f->today, f->arena, &act->items)
		       : 0;
}

/* What it says in its own words, and the price that was missing. */
static void put_said(struct flow *f, const struct acting *s)
{
	const struct mine_act *sent = s->sent;
	struct str code = str_is_null(sent->code) ? sent->event : sent->code;

	q_request_sent_insert_add(
		flow_batch(f),
		&(struct q_request_sent_insert){
			.request_id = f->param[0],
			.on_day = shape_day_text(f->today, f->arena),
			.said = ask_said(sent->contents, code.at, sent->words, f->arena),
		});
	if (sent->offer_pence.is_set)
		q_request_offer_put_add(
			flow_batch(f),
			&(struct q_request_offer_put){.request_id = f->param[0],
						      .offer_pence = sent->offer_pence.value});
}

/* The offer ends so, in the transaction of what it leads to. */
static void put_answered(struct flow *f, const struct acting *s)
{
	q_extension_end_add(flow_batch(f),
			    &(struct q_extension_end){
				    .request_id = f->param[0],
				    .until_on = s->link.until_on,
				    .state = is_decline(s->sent) ? STR("DECLINED") : STR("AGREED"),
				    .none = -ERR_CONFLICT,
			    });
}

/* Nothing happens to the request: its officers are told that what they offered is not agreed to. */
static int put_declined(struct flow *f, struct acting *s)
{
	int err = check_offer(f, s);

	if (err < 0)
		return err;
	s->act.last_id = h_id(f, "evt_");
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_request_change_hide_add(
		flow_batch(f),
		&(struct q_request_change_hide){
			.id = s->act.last_id,
			.type = STR("case.extension_declined"),
			.request_id = f->param[0],
			.data = arena_fmt(f->arena, "{\"until_on\":\"%s\"}", s->link.until_on.at),
		});
	put_answered(f, s);
	put_said(f, s);
	return 0;
}

static int put_event(struct flow *f, struct acting *s, struct request *r)
{
	int err = is_answer(s->sent) ? check_offer(f, s) : 0;

	if (err < 0)
		return err;
	err = act_happen(f, &s->act, r);
	if (err == ERR_TRANSITION)
		flow_detail(f, STR("The request stands otherwise by now: see below what can be "
				   "done."));
	if (err == 0 && is_answer(s->sent))
		put_answered(f, s);
	if (err == 0)
		put_said(f, s);
	return err;
}

static int put(struct flow *f, struct acting *s)
{
	struct q_request_load_row row;
	struct request r;
	int err = q_request_load_one(f->got, 0, &row);

	if (err == 0 && is_decline(s->sent))
		return put_declined(f, s);
	if (err == 0)
		err = h_stored(f, row.row, &request_shape, &r);
	if (err == 0)
		err = read_act(f, s, &r);
	if (err == 0)
		err = act_take(f, &s->act, &row, &r);
	return err < 0 ? err : put_event(f, s, &r);
}

static enum step_result act_store(struct flow *f)
{
	int r = put(f, f->state);

	return r < 0 ? fail(f, r) : flow_send_trying(f);
}

static const struct flow_step act_steps[5];

static enum step_result act_stored(struct flow *f)
{
	struct acting *s = f->state;
	int r = flow_send_err(f);

	/* Somebody else moved the request, or has its row: from what it now is, again. */
	if ((r == ERR_CONFLICT || r == ERR_BUSY || r == ERR_FORBIDDEN) && ++s->tries < TRIES)
		return flow_become(f, act_steps);
	if (r < 0)
		return fail(f, r);
	f->who = s->who;
	return flow_become(f, s->then);
}

static const struct flow_step act_steps[5] = {
	{"link", link_load},
	{"load", request_load},
	{"store", act_store},
	{"stored", act_stored},
	{0},
};

enum step_result mine_act(struct flow *f, struct str id, const struct mine_act *act,
			  const struct flow_step *then)
{
	struct acting *s = f->state = ARENA_NEW(f->arena, struct acting);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	s->id = id;
	s->sent = act;
	s->then = then;
	s->who = f->who;
	return flow_become(f, act_steps);
}

static enum step_result acted_load(struct flow *f)
{
	const struct acting *s = f->state;

	mine_ask(f, s->id);
	return flow_send(f);
}

static enum step_result acted_answer(struct flow *f)
{
	const struct acting *s = f->state;

	http_reply_field(f->reply, STR("Event-Id"), s->act.last_id);
	return show_answer(f);
}

static const struct flow_step acted_steps[] = {
	{"load", acted_load},
	{"answer", acted_answer},
	{0},
};

static enum step_result act_read(struct flow *f)
{
	struct mine_act *sent = ARENA_NEW(f->arena, struct mine_act);
	struct str id;
	int r = sent ? h_decode(f, &mine_act_shape, SHAPE_CREATE, sent) : ERR_NOMEM;

	if (r == 0)
		r = answer_token(f, sent->token, &id);
	if (r == 0)
		r = mine_act_check(sent, &f->flaws);
	return r < 0 ? flow_fail(f, r) : mine_act(f, id, sent, acted_steps);
}

const struct flow_step flow_mine_act[] = {
	{"read", act_read},
	{0},
};

/* --- The link sent again ------------------------------------------------------------------ */

struct sending {
	struct str email;
	struct str who; /* the address, as nobody reads it */
	const struct flow_step *then;
};

static enum step_result send_find(struct flow *f)
{
	const struct sending *s = f->state;

	q_mine_find_add(flow_batch(f), &(struct q_mine_find){.email = s->email});
	return flow_send(f);
}

static enum step_result send_store(struct flow *f)
{
	const struct sending *s = f->state;
	int n = q_mine_find_count(f->got, 0);

	for (int i = 0; i < n; i++) {
		struct q_mine_find_row row;
		int r = q_mine_find_row(f->got, 0, i, &row);
		struct str id;

		if (r < 0)
			return flow_fail(f, r);
		id = str_is_null(row.link_id) ? h_id(f, "anl_") : arena_str(f->arena, row.link_id);
		q_mine_send_add(flow_batch(f),
				&(struct q_mine_send){
					.email = s->email,
					.request_id = arena_str(f->arena, row.request_id),
					.link_id = id,
					.ticket = answer_ticket(f, id),
					.mail_id = h_id(f, "mal_"),
					.days = MINE_DAYS,
				});
	}
	/* A row of whoever is asked for, known or not: what is stored takes the time. */
	q_mine_try_add(flow_batch(f), &(struct q_mine_try){.who = s->who});
	return flow_send(f);
}

static enum step_result send_sent(struct flow *f)
{
	const struct sending *s = f->state;

	return flow_become(f, s->then);
}

static const struct flow_step send_steps[] = {
	{"find", send_find},
	{"store", send_store},
	{"sent", send_sent},
	{0},
};

enum step_result mine_send(struct flow *f, struct str email, const struct flow_step *then)
{
	struct sending *s = f->state = ARENA_NEW(f->arena, struct sending);
	char who[DB_BYTEA_TEXT(32)];
	unsigned char mac[32];
	int r = s ? 0 : ERR_NOMEM;

	if (r == 0)
		r = mail_is_set(f->worker->conf) ? flow_letter(f) : ERR_NO_MAIL;
	if (r == 0)
		r = auth_sign(f->worker->auth, "own link", email, mac);
	if (r < 0)
		return flow_fail(f, r);
	db_bytea(mac, sizeof(mac), who);
	s->email = email;
	s->who = arena_str(f->arena, str_of(who));
	s->then = then;
	return flow_become(f, send_steps);
}

static enum step_result again_answer(struct flow *f)
{
	return flow_answer(f, 202, STR("{\"state\":\"ASKED\"}"));
}

static const struct flow_step again_steps[] = {
	{"answer", again_answer},
	{0},
};

static enum step_result again_read(struct flow *f)
{
	struct mine_link sent;
	int r = h_decode(f, &mine_link_shape, SHAPE_CREATE, &sent);

	return r < 0 ? flow_fail(f, r) : mine_send(f, sent.email, again_steps);
}

const struct flow_step flow_mine_link[] = {
	{"read", again_read},
	{0},
};
