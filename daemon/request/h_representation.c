/*
 * Representations as officers see them: recorded when they came by letter or mail, marked,
 * redacted, published, erased. What may happen to one is libassets/request/representation.c's to
 * say.
 *
 * A representation is part of its request: each change of it is a change of the request, which
 * tells that and when, never what was written or by whom. Text and writer are in tables of their
 * own, so that no event, fact or log has to be erased with them.
 */
#include "h_representation.h"

#include "daemon/flow/flow_again.h"
#include "daemon/route/h.h"
#include "h_request_act.h"
#include "libassets/request/representation.h"
#include "q.h"

struct add_flow {
	struct representation form;
	struct act_flow act;
};

static struct str told_of(struct flow *f, struct str id, const char *timing,
			  const struct representation_come *come)
{
	return arena_fmt(f->arena,
			 "{\"representation_id\":\"%s\",\"representation_kind\":\"%s\","
			 "\"received_on\":\"%s\",\"timing\":\"%s\"}",
			 id.at, come->kind, shape_day_text(come->received_on, f->arena).at, timing);
}

/* The request has one more change, and stands otherwise as it did. */
static struct str step_request(struct flow *f, const struct q_request_load_row *row,
			       struct str told)
{
	q_request_step_add(flow_batch(f), &(struct q_request_step){.id = f->param[0],
								   .seen = row->version,
								   .stale = h_stale(f)});
	return h_change(f,
			&(struct h_change){.type = "representation.received",
					   .subject = f->param[0],
					   .seq = row->version + 1,
					   .authority_id = arena_str(f->arena, row->authority_id),
					   .asset_id = arena_str(f->arena, row->asset_id),
					   .data = told});
}

/*
 * Into the ledger where that takes it. Where the request takes none any more (it is decided, or was
 * answered before), it is kept all the same: never dropped, and late for all to see.
 */
static int move_request(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
			struct request *r, const char *kind, const char *timing)
{
	struct flaws tried;
	int err;

	flaws_init(&tried, f->arena);
	err = representation_is_for_ledger(r, kind, timing) ? act_try(f, s, r, &tried)
							    : ERR_TRANSITION;
	if (err != ERR_TRANSITION)
		return act_happen(f, s, r);
	s->last_id = step_request(f, row, s->more);
	return 0;
}

/* Nobody is answered before they have asked. */
static int check_asked(struct flow *f, const struct request *r,
		       const struct representation_come *come, struct deadline *ret_window)
{
	bool is_answer = representation_is_answer(come->kind);

	if (!representation_window(r, come->kind, ret_window)) {
		flow_detail(f, is_answer ? STR("The community body has not been sent copies yet.")
					 : STR("No notice has asked for representations yet."));
		return ERR_TRANSITION;
	}
	if (day_cmp(come->received_on, is_answer ? ret_window->starts_on : r->validated_on) >= 0)
		return 0;
	h_flaw(f, "received_on", "BEFORE_CAUSE",
	       is_answer ? STR("That is before the copies were sent.")
			 : STR("That is before the request was validated."),
	       STR("Give the day on which it arrived."));
	return ERR_BEFORE_CAUSE;
}

int representation_put(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
		       const struct representation_come *come, struct str *ret_id)
{
	struct request r;
	bool is_answer = representation_is_answer(come->kind);
	struct deadline window;
	const char *timing;
	int err = act_take(f, s, row, &r);

	if (err < 0)
		return err;
	err = check_asked(f, &r, come, &window);
	if (err < 0)
		return err;
	timing = representation_timing(&window, come->received_on);
	*ret_id = h_id(f, "rep_");
	s->event =
		is_answer ? REQUEST_EVENT_COMMENTS_RECEIVED : REQUEST_EVENT_REPRESENTATION_RECEIVED;
	s->act.event = is_answer ? STR("COMMENTS_RECEIVED") : STR("REPRESENTATION_RECEIVED");
	s->act.on = come->received_on;
	s->more = told_of(f, *ret_id, timing, come);
	err = move_request(f, s, row, &r, come->kind, timing);
	if (err < 0)
		return err;
	q_representation_insert_add(
		flow_batch(f), &(struct q_representation_insert){
				       .id = *ret_id,
				       .request_id = f->param[0],
				       .kind = str_of(come->kind),
				       .channel = come->channel,
				       .received_on = shape_day_text(come->received_on, f->arena),
				       .timing = str_of(timing),
				       .event_id = s->entry_id,
				       .body = come->text,
				       .writer = come->writer,
			       });
	return 0;
}

enum step_result representation_add_load(struct flow *f)
{
	struct add_flow *s = f->state = ARENA_NEW(f->arena, struct add_flow);
	int r;

	flow_again(f, f->param[0]);
	r = s ? h_decode(f, &representation_shape, SHAPE_CREATE, &s->form) : ERR_NOMEM;

	if (r == 0)
		r = shape_not_after(s->form.received_on, f->today, "received_on", &f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	shape_clear(&request_act_shape, &s->act.act);
	q_request_load_add(
		flow_batch(f),
		&(struct q_request_load){.id = f->param[0],
					 .on_day = shape_day_text(s->form.received_on, f->arena)});
	return flow_send(f);
}

enum step_result representation_add_store(struct flow *f)
{
	struct add_flow *s = f->state;
	struct representation_come come = {
		.kind = str_eq(s->form.kind, STR("COMMENTS")) ? "COMMENTS" : "REPRESENTATION",
		.channel = s->form.channel,
		.received_on = s->form.received_on,
		.text = s->form.text,
	};
	struct q_request_load_row row;
	struct str id;
	int r = q_request_load_one(f->got, 0, &row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (s->form.writer)
		come.writer = h_json(f, &contact_shape, s->form.writer);
	if (r == 0)
		r = representation_put(f, &s->act, &row, &come, &id);
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "rep", id, 201);
}

const struct flow_step flow_representation_add[] = {
	{"load", representation_add_load},
	{"store", representation_add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result representation_act_load(struct flow *f)
{
	struct representation_act *act = f->state = ARENA_NEW(f->arena, struct representation_act);
	int r;

	flow_again(f, f->param[0]);
	r = act ? h_decode(f, &representation_act_shape, SHAPE_CREATE, act) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_representation_load_add(flow_batch(f),
				  &(struct q_representation_load){.id = f->param[0],
								  .duplicate_of = act->duplicate_of,
								  .redacted = act->text});
	return flow_send(f);
}

/* That it happened and what it is marked as; reasons and texts are the officers'. */
static void tell(struct flow *f, const struct q_representation_load_row *row, const char *type,
		 const struct representation_row *now)
{
	q_request_step_add(flow_batch(f),
			   &(struct q_request_step){.id = arena_str(f->arena, row->request_id),
						    .seen = row->request_version,
						    .stale = -ERR_CONFLICT});
	h_change(f, &(struct h_change){
			    .type = type,
			    .subject = arena_str(f->arena, row->request_id),
			    .seq = row->request_version + 1,
			    .authority_id = arena_str(f->arena, row->authority_id),
			    .asset_id = arena_str(f->arena, row->asset_id),
			    .data = arena_fmt(f->arena,
					      "{\"representation_id\":\"%s\",\"mark\":\"%s\","
					      "\"shown\":%s}",
					      f->param[0].at, now->mark.at,
					      now->shown.value ? "true" : "false"),
		    });
}

static int change(struct flow *f, const struct q_representation_load_row *row,
		  struct representation_row *ret_now, const char **ret_type)
{
	const struct representation_act *act = f->state;
	const char *why = NULL;
	int r = h_stored(f, row->row, &representation_row_shape, ret_now);

	if (r == 0 && !str_is_null(act->duplicate_of) && !row->has_duplicate)
		h_unknown(f, "duplicate_of");
	if (r == 0 && row->tells_writer)
		h_flaw(f, "text", "PERSONAL_DATA",
		       STR("It still has the e-mail or postal address of whoever wrote it."),
		       STR("Take it out: what is redacted is what others are shown."));
	if (r == 0)
		r = representation_apply(ret_now, act, &f->flaws, ret_type, &why);
	if (why)
		flow_detail(f, str_of(why));
	return r;
}

enum step_result representation_act_store(struct flow *f)
{
	struct q_representation_load_row row;
	struct representation_row now;
	const char *type;
	int r = q_representation_load_one(f->got, 0, &row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = change(f, &row, &now, &type);
	if (r < 0)
		return flow_fail(f, r);
	q_representation_store_add(flow_batch(f),
				   &(struct q_representation_store){
					   .id = f->param[0],
					   .seen = row.version,
					   .row = h_json(f, &representation_row_shape, &now),
					   .stale = h_stale(f),
				   });
	tell(f, &row, type, &now);
	return flow_store_end(f, "rep", f->param[0], 201);
}

const struct flow_step flow_representation_act[] = {
	{"load", representation_act_load},
	{"store", representation_act_store},
	{"answer", flow_store_answer},
	{0},
};
