/*
 * A request moves: load it with its ledger and what stands beside it, let libassets decide,
 * store what it then is, with what the passing of time did before and after. A bar that begins or
 * ends moves the asset too, because the asset shows it; a completion disposes of the asset.
 */
#include "completion.h"
#include "daemon/base/conf.h"
#include "daemon/flow/flow_again.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "h_answer.h"
#include "h_request.h"
#include "h_request_act.h"
#include "h_request_correct.h"
#include "libassets/request/request_time.h"
#include "q.h"

enum step_result request_act_load(struct flow *f)
{
	struct act_flow *s = f->state = ARENA_NEW(f->arena, struct act_flow);
	int r;

	flow_again(f, f->param[0]);
	r = s ? h_decode(f, &request_act_shape, SHAPE_CREATE, &s->act) : ERR_NOMEM;

	if (r == 0)
		r = request_act_check(f->body, &s->act, &f->flaws, &s->event);
	if (r < 0)
		return flow_fail(f, r);
	if (s->event == REQUEST_EVENT_CORRECT)
		return request_correct_load(f);
	q_request_load_add(flow_batch(f), &(struct q_request_load){
						  .id = f->param[0],
						  .on_day = shape_day_text(s->act.on, f->arena),
						  .earlier_id = s->act.earlier_request_id,
					  });
	if (s->event == REQUEST_EVENT_REPRESENTATIONS_SENT)
		copies_ask(f, s->act.on);
	if (s->event == REQUEST_EVENT_COMPLETE)
		completion_ask(f, s->act.on);
	return flow_send(f);
}

/* Each event has its permission; to override eligibility, and to approve what another proposed, is
 * a decision, whoever may validate or find a body ineligible. */
static int check_may(const struct flow *f, const struct act_flow *s, struct str authority_id)
{
	bool is_approved = !str_is_null(s->proposal_id);
	int r = h_may(f,
		      is_approved ? PERM_REQUEST_DECIDE : request_event_info(s->event)->permission,
		      authority_id);

	if (r == 0 && !str_is_null(s->act.override_reason))
		r = h_may(f, PERM_REQUEST_DECIDE, authority_id);
	return r;
}

/* The calendars that the request's clocks are counted by, and the deadlines that it has. */
static int begin(struct flow *f, struct act_flow *s, const struct q_request_load_row *row)
{
	struct calendar_version version;
	int r = h_stored(f, row->calendar, &calendar_version_shape, &version);

	if (r < 0)
		return r;
	s->passing = (struct passing){
		.batch = flow_batch(f),
		.arena = f->arena,
		.now_us = f->now_us,
		.today = f->today,
		.days_ahead = (int)f->worker->conf->deadlines_approaching_days,
		.stale = h_stale(f),
		.id = f->param[0],
		.authority_id = arena_str(f->arena, row->authority_id),
		.asset_id = arena_str(f->arena, row->asset_id),
		.other_assets = row->other_assets,
		.rivals = row->rivals,
		.calendar_id = arena_str(f->arena, row->calendar_id),
		.version = row->version,
		.deadlines = arena_str(f->arena, row->deadlines),
	};
	return calendar_version_calendars(&version, f->arena, &s->calendars);
}

int act_take(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
	     struct request *ret_request)
{
	int err = h_stored(f, row->row, &request_shape, ret_request);

	if (err == 0)
		err = begin(f, s, row);
	ret_request->calendars = &s->calendars;
	return err;
}

/* The act, as it is stored. */
struct move {
	const struct request *before;
	const struct request *after;
	struct str found;          /* the state that it happened in */
	struct shape_words undone; /* ids of the entries of the ledger that it takes the place of */
};

static struct str change_of(struct flow *f, const struct act_flow *s, const struct move *m,
			    struct str payload)
{
	struct str is_now = passing_kept(&s->passing, m->after);
	bool has_more = !str_is_null(s->more);

	return h_change(f, &(struct h_change){
				   .type = request_event_info(s->event)->type,
				   .subject = f->param[0],
				   .seq = s->passing.version,
				   .authority_id = s->passing.authority_id,
				   .asset_id = s->passing.asset_id,
				   .data = h_json_joined(
					   f, is_now,
					   has_more ? h_json_joined(f, payload, s->more) : payload),
				   .was = passing_kept(&s->passing, m->before),
				   .is_now = is_now,
				   .money = "price_pence cost_pence offer_pence agreed_price_pence",
			   });
}

static void store(struct flow *f, struct act_flow *s, const struct move *m)
{
	struct str payload = h_json(f, &request_act_shape, &s->act);
	struct passing *p = &s->passing;
	struct str event_id;

	passing_deadlines(p, m->after);
	q_request_store_add(flow_batch(f), &(struct q_request_store){
						   .id = f->param[0],
						   .seen = p->version++,
						   .row = h_json(f, &request_shape, m->after),
						   .deadlines = p->deadlines,
						   .stale = p->stale,
						   .calendar_id = p->calendar_id,
						   .look_on = passing_look_on(p, m->after),
					   });
	q_request_items_put_add(flow_batch(f),
				&(struct q_request_items_put){
					.request_id = f->param[0],
					.items = h_json_list(f, &item_shape, m->after->items)});
	s->last_id = s->entry_id = event_id = change_of(f, s, m, payload);
	/* The ledger takes no decision that a second person owes and has not approved by then. */
	if (!str_is_null(s->proposal_id))
		q_proposal_approve_add(flow_batch(f),
				       &(struct q_proposal_approve){.id = s->proposal_id,
								    .request_id = f->param[0],
								    .event_id = event_id});
	q_request_event_insert_add(
		flow_batch(f),
		&(struct q_request_event_insert){
			.id = event_id,
			.request_id = f->param[0],
			.event = s->act.event,
			.happened_on = shape_day_text(s->act.on, f->arena),
			.actor_kind = str_is_null(s->actor_kind) ? STR("AUTHORITY") : s->actor_kind,
			.state_from = m->found,
			.payload = payload,
		});
	if (m->undone.count)
		q_request_event_supersede_add(flow_batch(f), &(struct q_request_event_supersede){
								     .by_id = event_id,
								     .request_id = f->param[0],
								     .ids = h_words(f, m->undone),
							     });
	passing_asset(p, m->before, m->after);
}

/* The ids of the last entries of the ledger; none without memory, which fails the batch later. */
static struct shape_words last_ids(struct flow *f, struct shape_list ledger, size_t n)
{
	const struct ledger_entry *entry = ledger.at;
	struct shape_words ids = {ARENA_ARRAY(f->arena, n + 1, struct str), 0};

	for (size_t i = ledger.count - n; ids.at && i < ledger.count; i++)
		ids.at[ids.count++] = entry[i].id;
	return ids;
}

/* A challenge made in time that stands behind one which was recorded as late. */
static bool is_behind_late(const struct request *r, enum request_event event)
{
	bool is_challenge = event == REQUEST_EVENT_REVIEW_APPLIED ||
			    event == REQUEST_EVENT_APPEAL_LODGED ||
			    event == REQUEST_EVENT_NO_CONTRACT_APPEAL_LODGED;

	for (size_t i = 0; is_challenge && i < r->flags.count; i++) {
		if (str_eq(r->flags.at[i], STR("LATE_CHALLENGE")))
			return true;
	}
	return false;
}

static enum step_result refuse(struct flow *f, const struct request *r, enum request_event event,
			       int err)
{
	CLEANUP(buf_done) struct buf words = BUF(4096);

	if (err == ERR_TRANSITION) {
		shape_encode_words(r->allowed, &words);
		flow_problem(f, "allowed", buf_view(&words));
		flow_detail(f, is_behind_late(r, event)
				       ? STR("A challenge recorded as late stands before this one. "
					     "Correct its day, or strike it out (CORRECT, with its "
					     "event_id), and send this again.")
				       : arena_fmt(f->arena, "The request is %s.", r->state.at));
	}
	return flow_fail(f, err);
}

/* What follows may begin a bar: nobody else decides of the land from here on. */
static int hold_land(struct flow *f, const struct act_flow *s)
{
	if (s->passing.other_assets > PASSING_OTHERS_MAX)
		return ERR_LIMIT;
	if (!str_is_null(s->passing.asset_id))
		q_land_hold_add(flow_batch(f),
				&(struct q_land_hold){.asset_id = s->passing.asset_id});
	return 0;
}

/*
 * The act, with what time had done before its day and does after it. What time did of later days
 * while nobody had told of the act is taken back in the same transaction.
 */
int act_happen(struct flow *f, struct act_flow *s, struct request *r)
{
	const struct request_until until = request_until(s->event, &s->act, f->today);
	const struct request_until now = {f->today, REQUEST_EVENT_COUNT, f->today};
	struct request before = *r;
	size_t undone = request_rewind(r, &until, f->arena);
	int err = hold_land(f, s);
	struct str found;

	if (err == 0)
		err = passing_until(&s->passing, r, &until);
	found = r->state;
	if (err < 0)
		return err;
	if (!undone)
		before = *r;
	err = request_apply(r, &s->act, s->event, f->today, &f->flaws);
	if (err < 0)
		return err;
	store(f, s,
	      &(struct move){.before = &before,
			     .after = r,
			     .found = found,
			     .undone = last_ids(f, before.ledger, undone)});
	err = undone ? passing_past(&s->passing, r, until.on) : 0;
	return err < 0 ? err : passing_until(&s->passing, r, &now);
}

int act_try(struct flow *f, const struct act_flow *s, const struct request *r, struct flaws *flaws)
{
	const struct request_until until = request_until(s->event, &s->act, f->today);
	struct request copy = *r;
	struct request_act act = s->act, passed;

	(void)request_rewind(&copy, &until, f->arena);
	while (request_pass(&copy, &until, f->arena, &passed))
		;
	return request_apply(&copy, &act, s->event, f->today, flaws);
}

enum step_result request_act_store(struct flow *f)
{
	struct act_flow *s = f->state;
	struct q_request_load_row row;
	struct request r;
	int err;

	if (s->event == REQUEST_EVENT_CORRECT)
		return request_correct_store(f);
	err = q_request_load_one(f->got, 0, &row);
	if (err == 0)
		err = check_may(f, s, row.authority_id);
	if (err == 0)
		err = flow_if_match(f, row.version);
	if (err == 0)
		err = act_take(f, s, &row, &r);
	if (err < 0)
		return flow_fail(f, err);
	err = act_happen(f, s, &r);
	for (size_t i = 0; err == 0 && i < s->also.count; i++) {
		s->act.code = s->also.at[i];
		err = act_happen(f, s, &r);
	}
	if (err < 0)
		return refuse(f, &r, s->event, err);
	if (s->event == REQUEST_EVENT_REPRESENTATIONS_SENT)
		err = copies_check(f, 1);
	if (err == 0 && s->event == REQUEST_EVENT_REPRESENTATIONS_SENT)
		err = copies_send(f, &r, s->act.on, 1);
	if (err == 0 && s->event == REQUEST_EVENT_COMPLETE && !str_is_null(row.asset_id))
		err = completion_store(f, s, &row, &r, 1);
	if (err < 0)
		return flow_fail(f, err);
	return flow_store_end(f, "atr", f->param[0], 201);
}

const struct flow_step flow_request_act[] = {
	{"load", request_act_load},
	{"store", request_act_store},
	{"answer", flow_store_answer},
	{0},
};
