/*
 * A request moves: load it with its ledger and what stands beside it, let libassets decide,
 * store what it then is, with what the passing of time did before and after. A bar that begins or
 * ends moves the asset too, because the asset shows it; a completion disposes of the asset.
 */
#include "h.h"
#include "h_disposal.h"
#include "h_request.h"
#include "h_request_act.h"
#include "libassets/deadline_shift.h"
#include "libassets/request_clock.h"
#include "libassets/request_time.h"
#include "q.h"

/* Bytes of the deadlines of one request, sentences included. */
enum { DEADLINES_JSON_MAX = 256 * 1024 };
/* Other assets that a bar is shown on: parts, wholes, confirmed pairs. */
enum { OTHER_ASSETS_MAX = 1000 };
/* Moves by time in one go: each leads on, and none leads back. */
enum { TIMED_MAX = 16 };

static enum step_result act_load(struct flow *f)
{
	struct act_flow *s = f->state = ARENA_NEW(f->arena, struct act_flow);
	int r = s ? h_decode(f, &request_act_shape, SHAPE_CREATE, &s->act) : ERR_NOMEM;

	if (r == 0)
		r = request_act_check(f->body, &s->act, &f->flaws, &s->event);
	if (r < 0)
		return flow_fail(f, r);
	q_request_load_add(flow_batch(f), &(struct q_request_load){
						  .id = f->param[0],
						  .on_day = shape_day_text(s->act.on, f->arena),
						  .earlier_id = s->act.earlier_request_id,
					  });
	if (s->event == REQUEST_EVENT_COMPLETE)
		q_baseline_input_add(
			flow_batch(f),
			&(struct q_baseline_input){.request_id = f->param[0],
						   .as_of = shape_day_text(s->act.on, f->arena)});
	return flow_send(f);
}

/* Each event has its permission; to override eligibility is a decision, whoever may validate. */
static int check_may(const struct flow *f, const struct act_flow *s, struct str authority_id)
{
	int r = h_may(f, request_event_info(s->event)->permission, authority_id);

	if (r == 0 && !str_is_null(s->act.override_reason))
		r = h_may(f, PERM_REQUEST_DECIDE, authority_id);
	return r;
}

static struct str deadlines_json(struct flow *f, const struct act_flow *s, const struct request *r)
{
	CLEANUP(buf_done) struct buf json = BUF(DEADLINES_JSON_MAX);
	struct request_clocks *clocks = ARENA_NEW(f->arena, struct request_clocks);
	json_auto_t *kept = json_loadb(s->deadlines.at, s->deadlines.len, 0, NULL);

	if (!clocks || !kept)
		return (struct str){NULL, 0};
	request_clocks(r, clocks);
	deadlines_encode_over(kept, clocks->at, clocks->count, &json);
	return buf_err(&json) < 0 ? (struct str){NULL, 0} : arena_str(f->arena, buf_view(&json));
}

/* The calendars that the request's clocks are counted by, and the deadlines that it has. */
static int take_calendars(struct flow *f, struct act_flow *s, const struct q_request_load_row *row)
{
	struct calendar_version version;
	int r = h_stored(f, row->calendar, &calendar_version_shape, &version);

	if (r < 0)
		return r;
	s->deadlines = arena_str(f->arena, row->deadlines);
	s->calendar_id = arena_str(f->arena, row->calendar_id);
	return calendar_version_calendars(&version, f->arena, &s->calendars);
}

int act_take(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
	     struct request *ret_request)
{
	int err = h_stored(f, row->row, &request_shape, ret_request);

	if (err == 0)
		err = take_calendars(f, s, row);
	ret_request->calendars = &s->calendars;
	s->version = row->version;
	return err;
}

/* What a change keeps of a request: its fields, not the ledger, which has its own rows. */
static struct str kept_json(struct flow *f, const struct request *r)
{
	struct request kept = *r;

	kept.ledger = (struct shape_list){NULL, 0};
	kept.allowed = (struct shape_words){NULL, 0};
	kept.around = NULL;
	return h_json(f, &request_shape, &kept);
}

/* A new id for the change of each of n assets. */
static struct shape_words change_ids(struct flow *f, int64_t n)
{
	struct shape_words ids = {ARENA_ARRAY(f->arena, (size_t)n + 1, struct str), 0};

	while (ids.at && ids.count < (size_t)n)
		ids.at[ids.count++] = h_id(f, "evt_");
	return ids;
}

/* The disposal member of the asset, and of all that overlaps it, changes with the bar. */
static void move_asset(struct flow *f, const struct q_request_load_row *row, bool is_barred)
{
	struct str asset_id = arena_str(f->arena, row->asset_id);
	struct str data = arena_fmt(f->arena, "{\"request_id\":\"%s\",\"is_barred\":%s}",
				    f->param[0].at, is_barred ? "true" : "false");

	q_asset_move_add(flow_batch(f), &(struct q_asset_move){.id = asset_id,
							       .effective_on = shape_day_text(
								       f->today, f->arena)});
	h_change(f, &(struct h_change){
			    .type = "asset.updated",
			    .subject = asset_id,
			    .authority_id = arena_str(f->arena, row->authority_id),
			    .asset_id = asset_id,
			    .data = data,
		    });
	if (row->other_assets)
		q_land_move_add(flow_batch(f),
				&(struct q_land_move){
					.asset_id = asset_id,
					.event_ids = h_words(f, change_ids(f, row->other_assets)),
					.data = data});
}

/* One thing that has happened, to be stored: an act, or what time did before or after it. */
struct move {
	enum request_event event;
	const struct request_act *act;
	const struct request *before;
	const struct request *after;
	struct str found;          /* the state that it happened in */
	struct shape_words undone; /* ids of the entries of the ledger that it takes the place of */
};

static struct str change_of(struct flow *f, const struct act_flow *s,
			    const struct q_request_load_row *row, const struct move *m,
			    struct str payload)
{
	const struct request_event_info *info = request_event_info(m->event);
	struct str now = kept_json(f, m->after);
	bool has_more = m->act == &s->act && !str_is_null(s->more);

	return h_change(
		f, &(struct h_change){
			   .type = info->type,
			   .subject = f->param[0],
			   .seq = s->version,
			   .authority_id = arena_str(f->arena, row->authority_id),
			   .asset_id = arena_str(f->arena, row->asset_id),
			   .data = h_json_joined(
				   f, now, has_more ? h_json_joined(f, payload, s->more) : payload),
			   .was = kept_json(f, m->before),
			   .is_now = now,
			   .money = "price_pence cost_pence offer_pence agreed_price_pence",
			   .is_by_time = info->is_timed,
		   });
}

/* Who did it, as the ledger says it. */
static struct str actor_kind_of(const struct act_flow *s, const struct move *m)
{
	if (request_event_info(m->event)->is_timed)
		return STR("SYSTEM");
	return str_is_null(s->actor_kind) ? STR("AUTHORITY") : s->actor_kind;
}

static void store(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
		  const struct move *m)
{
	struct str payload = h_json(f, &request_act_shape, m->act);
	struct str event_id;

	s->deadlines = deadlines_json(f, s, m->after);
	q_request_store_add(flow_batch(f), &(struct q_request_store){
						   .id = f->param[0],
						   .seen = s->version++,
						   .row = h_json(f, &request_shape, m->after),
						   .deadlines = s->deadlines,
						   .stale = h_stale(f),
						   .calendar_id = s->calendar_id,
					   });
	q_request_items_put_add(flow_batch(f),
				&(struct q_request_items_put){
					.request_id = f->param[0],
					.items = h_json_list(f, &item_shape, m->after->items)});
	event_id = change_of(f, s, row, m, payload);
	if (m->act == &s->act)
		s->entry_id = event_id;
	q_request_event_insert_add(flow_batch(f),
				   &(struct q_request_event_insert){
					   .id = event_id,
					   .request_id = f->param[0],
					   .event = m->act->event,
					   .happened_on = shape_day_text(m->act->on, f->arena),
					   .actor_kind = actor_kind_of(s, m),
					   .state_from = m->found,
					   .payload = payload,
				   });
	if (m->undone.count)
		q_request_event_supersede_add(flow_batch(f), &(struct q_request_event_supersede){
								     .by_id = event_id,
								     .request_id = f->param[0],
								     .ids = h_words(f, m->undone),
							     });
	if (!str_is_null(row->asset_id) &&
	    request_is_barring(m->before) != request_is_barring(m->after))
		move_asset(f, row, request_is_barring(m->after));
}

/* What time does before `until`, one move after another, each stored as it happens. */
static int pass(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
		const struct request_until *until, struct request *r)
{
	for (int n = 0; n < TIMED_MAX; n++) {
		struct request before = *r;
		struct request_act *act = ARENA_NEW(f->arena, struct request_act);
		enum request_event event;

		if (!act)
			return ERR_NOMEM;
		if (!request_pass(r, until, f->arena, act))
			return 0;
		if (request_event_parse(act->event, &event) < 0)
			return ERR_BUG;
		store(f, s, row,
		      &(struct move){.event = event,
				     .act = act,
				     .before = &before,
				     .after = r,
				     .found = before.state});
	}
	return ERR_BUG;
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

/* What the register gets for the land: as sent, else as agreed, else as offered. */
static struct disposal completion(const struct act_flow *s, const struct request *r,
				  struct str body_name)
{
	struct shape_number price = s->act.price_pence;
	struct disposal d;

	if (!price.is_set)
		price = r->agreed_price_pence.is_set ? r->agreed_price_pence : r->offer_pence;
	shape_clear(&disposal_shape, &d);
	d.kind = STR("TRANSFER");
	d.completed_on = s->act.on;
	d.gross_pence = (struct shape_number){price.value, true};
	d.cost_pence = (struct shape_number){s->act.cost_pence.value, true};
	d.to = body_name;
	return d;
}

static int complete(struct flow *f, const struct act_flow *s, const struct q_request_load_row *row,
		    const struct request *r)
{
	struct disposal d = completion(s, r, arena_str(f->arena, row->body_name));
	struct q_baseline_input_row input;
	struct str id;
	int err = q_baseline_input_one(f->got, 1, &input);

	return err < 0 ? err
		       : disposal_store(
				 f,
				 &(struct disposal_of){
					 .asset_id = arena_str(f->arena, row->asset_id),
					 .authority_id = arena_str(f->arena, row->authority_id),
					 .request_id = f->param[0],
					 .disposal = &d,
					 .input = input.input,
					 .other_requests = row->other_live_requests,
				 },
				 &id);
}

static enum step_result refuse(struct flow *f, const struct request *r, int err)
{
	CLEANUP(buf_done) struct buf words = BUF(4096);

	if (err == ERR_TRANSITION) {
		shape_encode_words(r->allowed, &words);
		flow_problem(f, "allowed", buf_view(&words));
		flow_detail(f, arena_fmt(f->arena, "The request is %s.", r->state.at));
	}
	return flow_fail(f, err);
}

/* What follows may begin a bar: nobody else decides of the land from here on. */
static int hold_land(struct flow *f, const struct q_request_load_row *row)
{
	if (row->other_assets > OTHER_ASSETS_MAX)
		return ERR_LIMIT;
	if (!str_is_null(row->asset_id))
		q_land_hold_add(
			flow_batch(f),
			&(struct q_land_hold){.asset_id = arena_str(f->arena, row->asset_id)});
	return 0;
}

/*
 * The act, with what time had done before its day and does after it. What time did of later days
 * while nobody had told of the act is taken back in the same transaction.
 */
int act_happen(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
	       struct request *r)
{
	const struct request_until until = request_until(s->event, &s->act, f->today);
	const struct request_until now = {f->today, REQUEST_EVENT_COUNT, f->today};
	struct request before = *r;
	size_t undone = request_rewind(r, &until, f->arena);
	int err = hold_land(f, row);
	struct str found;

	if (err == 0)
		err = pass(f, s, row, &until, r);
	found = r->state;
	if (err < 0)
		return err;
	if (!undone)
		before = *r;
	err = request_apply(r, &s->act, s->event, f->today, &f->flaws);
	if (err < 0)
		return err;
	store(f, s, row,
	      &(struct move){.event = s->event,
			     .act = &s->act,
			     .before = &before,
			     .after = r,
			     .found = found,
			     .undone = last_ids(f, before.ledger, undone)});
	return pass(f, s, row, &now, r);
}

int act_try(struct flow *f, const struct act_flow *s, const struct request *r)
{
	const struct request_until until = request_until(s->event, &s->act, f->today);
	struct flaws flaws;
	struct request copy = *r;
	struct request_act act = s->act, passed;

	flaws_init(&flaws, f->arena);
	(void)request_rewind(&copy, &until, f->arena);
	for (int n = 0; n < TIMED_MAX && request_pass(&copy, &until, f->arena, &passed);)
		n++;
	return request_apply(&copy, &act, s->event, f->today, &flaws);
}

static enum step_result act_store(struct flow *f)
{
	struct act_flow *s = f->state;
	struct q_request_load_row row;
	struct request r;
	int err = q_request_load_one(f->got, 0, &row);

	if (err == 0)
		err = check_may(f, s, row.authority_id);
	if (err == 0)
		err = flow_if_match(f, row.version);
	if (err == 0)
		err = act_take(f, s, &row, &r);
	if (err < 0)
		return flow_fail(f, err);
	err = act_happen(f, s, &row, &r);
	if (err < 0)
		return refuse(f, &r, err);
	if (s->event == REQUEST_EVENT_COMPLETE && !str_is_null(row.asset_id))
		err = complete(f, s, &row, &r);
	if (err < 0)
		return flow_fail(f, err);
	return flow_store_end(f, "atr", f->param[0], 201);
}

const struct flow_step flow_request_act[] = {
	{"load", act_load},
	{"store", act_store},
	{"answer", flow_store_answer},
	{0},
};
