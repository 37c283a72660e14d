/*
 * Submitting takes no account and confirming no name: whoever confirms acts as the draft, which is
 * what row policies and events know it by (actor_set), and may move the one request that it is for.
 *
 * Many may confirm at one moment for one request, and the request's version lets one pass at a
 * time; the others try again here instead of telling people that somebody else was faster.
 */
#include "h_submission.h"

#include "daemon/base/conf.h"
#include "daemon/mail/mail.h"
#include "daemon/notify/h_follow.h"
#include "daemon/notify/link.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "h_ask.h"
#include "h_representation.h"
#include "h_request_act.h"
#include "q.h"

#define PURPOSE "representation draft"

/* Tries of one confirmation before it is called a conflict. */
enum { TRIES = 64 };

void submission_ask(struct flow *f, struct str request_id)
{
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = request_id,
						    .on_day = shape_day_text(f->today, f->arena)});
}

int submission_may(struct flow *f, int statement, const char **ret_timing)
{
	struct act_flow *s = ARENA_NEW(f->arena, struct act_flow);
	struct q_request_load_row row;
	struct deadline window;
	struct request r;
	bool is_asked;
	int err = q_request_load_one(f->got, statement, &row);

	if (err == 0)
		err = s ? act_take(f, s, &row, &r) : ERR_NOMEM;
	if (err < 0)
		return err;
	is_asked = representation_window(&r, "REPRESENTATION", &window);
	*ret_timing = is_asked ? representation_timing(&window, f->today) : NULL;
	if (!is_asked || !representation_is_taken_in(r.state)) {
		flow_detail(f, !is_asked ? STR("No notice has asked for representations yet.")
					 : STR("The request has been decided, or is closed."));
		return ERR_TRANSITION;
	}
	return mail_is_set(f->worker->conf) ? 0 : ERR_NO_MAIL;
}

/* The writer as the columns take it. */
static struct str writer_json(struct flow *f, const struct submission *s)
{
	struct submission writer = *s;

	writer.text = (struct str){NULL, 0};
	return h_json(f, &submission_shape, &writer);
}

int submission_put(struct flow *f, const struct submission *s)
{
	struct str id = h_id_once(f, "rpd_");
	int r = flow_letter(f);

	if (r < 0)
		return r;
	q_draft_insert_add(flow_batch(f), &(struct q_draft_insert){
						  .id = id,
						  .request_id = f->param[0],
						  .body = s->text,
						  .writer = writer_json(f, s),
						  .days = MAIL_DAYS,
						  .mail_id = h_id_once(f, "mal_"),
						  .ticket = link_ticket(f, PURPOSE, id),
						  .network = link_network(f),
					  });
	return 0;
}

static enum step_result add_load(struct flow *f)
{
	struct submission *s = f->state = ARENA_NEW(f->arena, struct submission);
	int r = s ? h_decode(f, &submission_shape, SHAPE_CREATE, s) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	submission_ask(f, f->param[0]);
	return flow_send(f);
}

static enum step_result add_store(struct flow *f)
{
	const char *timing;
	int r = submission_may(f, 0, &timing);

	if (r == 0)
		r = submission_put(f, f->state);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

const struct flow_step flow_submission_add[] = {
	{"load", add_load},
	{"store", add_store},
	{"answer", link_answer},
	{0},
};

/* --- The link of the letter ------------------------------------------------------------ */

struct confirm_flow {
	struct str token;
	const struct flow_step *then;
	const struct principal *who; /* as whom they came, and are again when it is stored */
	struct str draft_id;
	struct str request_id;
	struct str rep_id;
	struct representation_come come;
	struct act_flow act;
	int tries;
};

struct confirm_flow *confirm_new(struct flow *f, struct str token, const struct flow_step *then)
{
	struct confirm_flow *s = f->state = ARENA_NEW(f->arena, struct confirm_flow);

	if (s) {
		s->token = token;
		s->then = then;
		s->who = f->who;
	}
	return s;
}

struct str confirm_request(const struct confirm_flow *s)
{
	return s->request_id;
}

int submission_bear(struct flow *f, struct str token, struct str *ret_id)
{
	int r = link_read(f, PURPOSE, token, ret_id);

	if (r == 0)
		r = link_act(f, *ret_id);
	if (r == 0)
		q_draft_load_add(flow_batch(f), &(struct q_draft_load){.id = *ret_id});
	return r;
}

static enum step_result draft_load(struct flow *f)
{
	struct confirm_flow *s = f->state;
	int r = submission_bear(f, s->token, &s->draft_id);

	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static enum step_result request_load(struct flow *f)
{
	struct confirm_flow *s = f->state;
	struct str *param = ARENA_NEW(f->arena, struct str);
	struct q_draft_load_row row;
	int r = q_draft_load_one(f->got, 0, &row);

	if (r < 0) {
		flow_detail(f,
			    STR("This link has been used, or it is too old, or very many wrote on "
				"the same before it was used. If you have not confirmed it, "
				"please send the form again."));
		return flow_fail(f, r == ERR_NOT_FOUND ? ERR_GONE : r);
	}
	s->request_id = arena_str(f->arena, row.request_id);
	s->come = (struct representation_come){
		.kind = "REPRESENTATION",
		.channel = STR("FORM"),
		.text = arena_str(f->arena, row.body),
		.writer = arena_str(f->arena, row.writer),
	};
	if (day_parse(row.submitted_on, &s->come.received_on) < 0)
		return flow_fail(f, ERR_BUG);
	if (!param || str_is_null(s->come.text) || str_is_null(s->come.writer))
		return flow_fail(f, ERR_NOMEM);
	*param = s->request_id;
	f->param = param; /* representation_put() looks for its request there */
	submission_ask(f, s->request_id);
	return flow_send(f);
}

static enum step_result confirm_store(struct flow *f)
{
	struct confirm_flow *s = f->state;
	struct q_request_load_row row;
	int r = q_request_load_one(f->got, 0, &row);

	s->act = (struct act_flow){.actor_kind = STR("SYSTEM")};
	shape_clear(&request_act_shape, &s->act.act);
	if (r == 0)
		r = representation_put(f, &s->act, &row, &s->come, &s->rep_id);
	if (r < 0)
		return flow_fail(f, r);
	q_draft_take_add(flow_batch(f), &(struct q_draft_take){.id = s->draft_id});
	return flow_send_trying(f);
}

static enum step_result confirm_stored(struct flow *f)
{
	struct confirm_flow *s = f->state;
	int r = flow_send_err(f);

	/* Somebody else moved the request, or has its row: from what it now is, again. */
	if ((r == ERR_CONFLICT || r == ERR_BUSY || r == ERR_FORBIDDEN) && ++s->tries < TRIES)
		return flow_become(f, confirm_steps);
	if (r == ERR_GONE)
		flow_detail(f, STR("This link has been used."));
	if (r < 0)
		return flow_fail(f, r);
	f->who = s->who;
	return flow_become(f, s->then);
}

const struct flow_step confirm_steps[] = {
	{"draft", draft_load},
	{"load", request_load},
	{"store", confirm_store},
	{"stored", confirm_stored},
	{0},
};

static enum step_result confirm_answer(struct flow *f)
{
	const struct confirm_flow *s = f->state;

	http_reply_field(f->reply, STR("Event-Id"), s->act.last_id);
	return flow_answer(f, 200,
			   arena_fmt(f->arena,
				     "{\"state\":\"RECEIVED\",\"request_id\":\"%s\","
				     "\"received_on\":\"%s\"}",
				     s->request_id.at,
				     shape_day_text(s->come.received_on, f->arena).at));
}

static const struct flow_step confirm_done[] = {
	{"answer", confirm_answer},
	{0},
};

static enum step_result confirm_read(struct flow *f)
{
	struct confirmation sent;
	int r = h_decode(f, &confirmation_shape, SHAPE_CREATE, &sent);

	if (r == 0 && follow_is_token(sent.token))
		return follow_confirm_api(f, sent.token);
	if (r == 0 && ask_is_token(sent.token))
		return ask_confirm_api(f, sent.token);
	if (r == 0 && !confirm_new(f, sent.token, confirm_done))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : flow_become(f, confirm_steps);
}

const struct flow_step flow_confirm[] = {
	{"read", confirm_read},
	{0},
};
