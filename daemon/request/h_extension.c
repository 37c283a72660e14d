/*
 * What is offered is judged as if it were agreed to today, so that no letter asks for what the law
 * does not take.
 */
#include "h_extension.h"

#include "daemon/route/h.h"
#include "h_answer.h"
#include "h_mine.h"
#include "h_request_act.h"
#include "libassets/request/case.h"
#include "libassets/request/request_move.h"
#include "q.h"

/* Statements of the load. */
enum { REQUEST, REACH, LINK };

struct offering {
	struct extension sent;
	struct act_flow act; /* as it would be agreed to */
};

enum step_result extension_load(struct flow *f)
{
	struct offering *s = f->state = ARENA_NEW(f->arena, struct offering);
	int r = s ? h_decode(f, &extension_shape, SHAPE_CREATE, &s->sent) : ERR_NOMEM;

	if (r == 0)
		r = extension_check(&s->sent, &f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = f->param[0],
						    .on_day = shape_day_text(f->today, f->arena)});
	q_answer_reach_add(flow_batch(f), &(struct q_answer_reach){.request_id = f->param[0]});
	q_extension_load_add(flow_batch(f), &(struct q_extension_load){.request_id = f->param[0]});
	return flow_send(f);
}

static bool is_allowed(const struct request *r, const char *event)
{
	for (size_t i = 0; i < r->allowed.count; i++) {
		if (str_eq(r->allowed.at[i], str_of(event)))
			return true;
	}
	return false;
}

/* Which of the two periods runs, and would that act make it longer today? */
static int try_offer(struct flow *f, struct offering *s, const struct request *r)
{
	struct request_act *act = &s->act.act;

	shape_clear(&request_act_shape, act);
	s->act.event =
		is_allowed(r, "EXTEND") ? REQUEST_EVENT_EXTEND : REQUEST_EVENT_EXTEND_CONTRACT;
	act->event = str_of(request_event_info(s->act.event)->name);
	act->on = act->agreed_on = f->today;
	act->until_on = s->sent.until_on;
	return act_try(f, &s->act, r, &f->flaws);
}

static void tell(struct flow *f, const char *type, struct str data)
{
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_request_change_hide_add(flow_batch(f),
				  &(struct q_request_change_hide){.id = h_id(f, "evt_"),
								  .type = str_of(type),
								  .request_id = f->param[0],
								  .data = data});
}

static void end_offer(struct flow *f, int none)
{
	q_extension_end_add(flow_batch(f), &(struct q_extension_end){.request_id = f->param[0],
								     .state = STR("WITHDRAWN"),
								     .none = none});
}

/* The letter goes by the link that works, so that nobody's ends because they are asked. */
static int put_letter(struct flow *f)
{
	struct q_extension_load_row row;
	int r = q_extension_load_one(f->got, LINK, &row);
	struct str id;

	if (r < 0)
		return r;
	id = arena_str(f->arena, row.link_id);
	if (str_is_null(id)) {
		q_answer_link_revoke_add(flow_batch(f),
					 &(struct q_answer_link_revoke){.request_id = f->param[0]});
		id = mine_link_put(f, f->param[0]);
	}
	answer_letter_put(f, id, "EXTENSION");
	return 0;
}

static int put_offer(struct flow *f, struct offering *s, const struct request *r)
{
	struct str until = shape_day_text(s->sent.until_on, f->arena);
	int err = try_offer(f, s, r);

	if (err == ERR_TRANSITION)
		flow_detail(f, STR("No time to decide or to conclude a contract runs that could be "
				   "made longer."));
	if (err == 0)
		err = answer_may_send(f, REACH);
	if (err < 0)
		return err;
	tell(f, "case.extension_offered",
	     arena_fmt(f->arena, "{\"event\":\"%s\",\"until_on\":\"%s\"}", s->act.act.event.at,
		       until.at));
	end_offer(f, 0);
	q_extension_insert_add(flow_batch(f),
			       &(struct q_extension_insert){.request_id = f->param[0],
							    .event = s->act.act.event,
							    .until_on = until,
							    .reasons = s->sent.reasons});
	return put_letter(f);
}

enum step_result extension_store(struct flow *f)
{
	struct offering *s = f->state;
	struct q_request_load_row row;
	struct request request;
	int r = q_request_load_one(f->got, REQUEST, &row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = act_take(f, &s->act, &row, &request);
	if (r == 0 && str_eq(s->sent.event, STR("OFFER"))) {
		r = put_offer(f, s, &request);
	} else if (r == 0) {
		tell(f, "case.extension_withdrawn", STR("{}"));
		end_offer(f, -ERR_NOT_FOUND);
	}
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "cas", f->param[0], 201);
}

const struct flow_step flow_extension[] = {
	{"load", extension_load},
	{"store", extension_store},
	{"answer", flow_store_answer},
	{0},
};
