/*
 * Who confirms acts as the draft, which row policies let make the one request that it is to be,
 * whose id it has from the beginning, with the body, the contact and the link that come with it
 * (policies/0105_ask.sql). A body that its authority writes to at the confirmed address under that
 * name is the same; any other is a new one, since nobody has shown that it is not.
 */
#include "h_ask.h"

#include "daemon/base/conf.h"
#include "daemon/mail/mail.h"
#include "daemon/notify/link.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "h_answer.h"
#include "h_mine.h"
#include "h_request.h"
#include "libassets/register/body.h"
#include "q.h"

#define PURPOSE "request draft"

/* Tries of one confirmation before it is called a conflict. */
enum { TRIES = 64 };

static struct str land_authority(const struct ask *ask)
{
	const struct land *land = ask->land;

	return land ? land->authority_id : (struct str){NULL, 0};
}

int ask_put(struct flow *f, const struct ask *ask)
{
	struct str id = h_id_once(f, "rqd_");
	int r = ask_check(ask, &f->flaws);

	if (r == 0)
		r = mail_is_set(f->worker->conf) ? flow_letter(f) : ERR_NO_MAIL;
	if (r < 0)
		return r;
	q_ask_insert_add(flow_batch(f), &(struct q_ask_insert){
						.id = id,
						.asset_id = ask->asset_id,
						.authority_id = land_authority(ask),
						.request_id = h_id(f, "atr_"),
						.form = h_json(f, &ask_shape, ask),
						.days = MAIL_DAYS,
						.mail_id = h_id_once(f, "mal_"),
						.ticket = link_ticket(f, PURPOSE, id),
						.network = link_network(f),
					});
	return 0;
}

static enum step_result add_store(struct flow *f)
{
	struct ask ask;
	int r = h_decode(f, &ask_shape, SHAPE_CREATE, &ask);

	if (r == 0)
		r = ask_put(f, &ask);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

const struct flow_step flow_ask_add[] = {
	{"store", add_store},
	{"answer", link_answer},
	{0},
};

/* --- The link of the letter ------------------------------------------------------------ */

struct confirming {
	struct str token;
	const struct flow_step *then;
	const struct principal *who; /* as whom the caller came */
	struct str draft_id, authority_id, link_id;
	struct ask ask;
	struct request_new made;
	bool is_known; /* the body */
	int tries;
};

bool ask_is_token(struct str token)
{
	return str_starts(token, STR("rqd_"));
}

int ask_bear(struct flow *f, struct str token, struct str *ret_id)
{
	int r = link_read(f, PURPOSE, token, ret_id);

	if (r == 0)
		r = link_act(f, *ret_id);
	if (r == 0)
		q_ask_load_add(flow_batch(f), &(struct q_ask_load){.id = *ret_id});
	return r;
}

static enum step_result draft_load(struct flow *f)
{
	struct confirming *s = f->state;
	int r = ask_bear(f, s->token, &s->draft_id);

	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

/* The request that the draft is to be, as an officer would log it. */
static int form_of(struct flow *f, struct confirming *s, const struct q_ask_load_row *row)
{
	const struct ask *ask = &s->ask;
	struct request_form *form = &s->made.form;
	bool is_request = str_eq(ask->stage, STR("RECEIVED"));
	const struct ask_arrived with = {ask->contents, ask->offer_pence,
					 !str_is_null(ask->address)};

	shape_clear(&request_form_shape, form);
	s->is_known = !str_is_null(row->body_id);
	form->community_body_id = s->is_known ? arena_str(f->arena, row->body_id) : h_id(f, "cbo_");
	form->kind = ask->kind;
	form->stage = ask->stage;
	form->asset_id = ask->asset_id;
	form->land = ask->land;
	form->offer_pence = ask->offer_pence;
	if (day_parse(row->submitted_on, &form->received_on) < 0)
		return ERR_BUG;
	return is_request ? ask_items(&with, ask->kind, form->received_on, f->arena, &form->items)
			  : 0;
}

static enum step_result around_load(struct flow *f)
{
	struct confirming *s = f->state;
	struct q_ask_load_row row;
	int r = q_ask_load_one(f->got, 0, &row);

	if (r == ERR_NOT_FOUND) {
		flow_detail(f, STR("This link has been used, or it is too old, or very many asked "
				   "for the same before it was used. If you have not confirmed "
				   "it, please send the form again."));
		return flow_fail(f, ERR_GONE);
	}
	if (r == 0)
		r = h_stored(f, row.form, &ask_shape, &s->ask);
	if (r == 0)
		r = form_of(f, s, &row);
	if (r < 0)
		return flow_fail(f, r);
	s->authority_id = arena_str(f->arena, row.authority_id);
	s->made.id = arena_str(f->arena, row.request_id);
	s->made.actor_kind = STR("COMMUNITY_BODY");
	r = request_new_ask(f, &s->made);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

/* A body that the authority did not know, with whom it writes to. */
static void put_body(struct flow *f, const struct confirming *s)
{
	const struct ask *ask = &s->ask;
	const struct contact contact = {ask->name, ask->email, ask->address};
	struct str id = s->made.form.community_body_id, fields;
	struct body body;

	shape_clear(&body_shape, &body);
	body.name = ask->body_name;
	body.legal_form = ask->legal_form;
	body.charity_number = ask->charity_number;
	body.company_number = ask->company_number;
	body.members = ask->members;
	fields = h_json(f, &body_shape, &body);
	q_body_insert_add(flow_batch(f), &(struct q_body_insert){.id = id,
								 .authority_id = s->authority_id,
								 .fields = fields});
	q_ask_contact_insert_add(
		flow_batch(f),
		&(struct q_ask_contact_insert){.authority_id = s->authority_id,
					       .body_id = id,
					       .contact = h_json(f, &contact_shape, &contact)});
	h_change(f, &(struct h_change){.type = "body.created",
				       .subject = id,
				       .seq = 1,
				       .authority_id = s->authority_id,
				       .data = fields,
				       .is_now = fields});
}

/* One that it makes twice has been made: the second is refused, and its own page goes on. */
static void refuse_twin(struct flow *f, const struct confirming *s)
{
	const struct land *land = s->ask.land;
	const struct str none = {NULL, 0};

	q_request_twin_refuse_add(flow_batch(f),
				  &(struct q_request_twin_refuse){
					  .body_id = s->made.form.community_body_id,
					  .asset_id = s->ask.asset_id,
					  .authority_id = land ? land->authority_id : none,
					  .land = land ? land->description : none,
					  .kind = s->ask.kind,
				  });
}

static int put(struct flow *f, struct confirming *s, const struct q_request_around_row *row)
{
	struct str said = ask_said(s->ask.contents, s->ask.stage.at, s->ask.words, f->arena);
	int r;

	refuse_twin(f, s);
	q_ask_take_add(flow_batch(f), &(struct q_ask_take){.id = s->draft_id});
	if (!s->is_known)
		put_body(f, s);
	r = request_new_put(f, &s->made, row);
	if (r < 0)
		return r;
	q_request_sent_insert_add(
		flow_batch(f), &(struct q_request_sent_insert){
				       .request_id = s->made.id,
				       .on_day = shape_day_text(s->made.form.received_on, f->arena),
				       .said = said,
			       });
	s->link_id = mine_link_put(f, s->made.id);
	answer_letter_put(f, s->link_id, "ANSWER");
	return 0;
}

static enum step_result confirm_store(struct flow *f)
{
	struct confirming *s = f->state;
	struct q_request_around_row row;
	int r = q_request_around_one(f->got, 0, &row);
	bool is_there = r == 0 && (str_is_null(s->ask.asset_id) ? !str_is_null(row.authority_id)
								: row.has_asset && !row.gone);

	if (r == 0 && !is_there) {
		flow_detail(f, STR("What you asked for is no longer in the register. Please write "
				   "to the authority itself."));
		r = ERR_GONE;
	}
	if (r == 0)
		r = put(f, s, &row);
	return r < 0 ? flow_fail(f, r) : flow_send_trying(f);
}

static const struct flow_step confirm_steps[5];

static enum step_result confirm_stored(struct flow *f)
{
	struct confirming *s = f->state;
	int r = flow_send_err(f);

	/* Somebody else asked for the same land, or has its turn: from what there now is, again. */
	if ((r == ERR_CONFLICT || r == ERR_BUSY || r == ERR_FORBIDDEN) && ++s->tries < TRIES)
		return flow_become(f, confirm_steps);
	f->who = s->who;
	if (r == ERR_GONE)
		flow_detail(f, STR("This link has been used."));
	if (r == ERR_DUPLICATE)
		flow_detail(f, STR("You have asked for it already, and that is open. The link to "
				   "it came by letter; at /mine it can be sent again."));
	return r < 0 ? flow_fail(f, r) : flow_become(f, s->then);
}

static const struct flow_step confirm_steps[5] = {
	{"draft", draft_load},
	{"load", around_load},
	{"store", confirm_store},
	{"stored", confirm_stored},
	{0},
};

enum step_result ask_confirm(struct flow *f, struct str token, const struct flow_step *then)
{
	struct confirming *s = f->state = ARENA_NEW(f->arena, struct confirming);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	s->token = token;
	s->then = then;
	s->who = f->who;
	return flow_become(f, confirm_steps);
}

struct str ask_confirmed_token(struct flow *f)
{
	return mine_token(f, ((const struct confirming *)f->state)->link_id);
}

static enum step_result confirmed_answer(struct flow *f)
{
	const struct confirming *s = f->state;

	http_reply_field(f->reply, STR("Event-Id"), s->made.event_id);
	return flow_answer(
		f, 200,
		arena_fmt(f->arena,
			  "{\"state\":\"%s\",\"request_id\":\"%s\",\"received_on\":\"%s\"}",
			  s->ask.stage.at, s->made.id.at,
			  shape_day_text(s->made.form.received_on, f->arena).at));
}

static const struct flow_step confirmed[] = {
	{"answer", confirmed_answer},
	{0},
};

enum step_result ask_confirm_api(struct flow *f, struct str token)
{
	return ask_confirm(f, token, confirmed);
}
