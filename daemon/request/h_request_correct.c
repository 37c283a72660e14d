/*
 * A correction: load the request with all that was said of it, let libassets replay it, store what
 * is different. What stood in the ledger stays in its history: the entry that was wrong is
 * superseded by its replacement, whose id is the event's; entries of others that come out
 * otherwise (another state, a validation that follows its last item) are superseded by a copy of
 * themselves, and what time made and makes no more by the replacement.
 */
#include "h_request_correct.h"

#include "completion.h"
#include "daemon/base/conf.h"
#include "daemon/flow/flow_again.h"
#include "daemon/route/h.h"
#include "h_request_act.h"
#include "libassets/request/representation.h"
#include "libassets/request/request_correct.h"
#include "libassets/request/request_time.h"
#include "q.h"

/* Entries that one correction may replace: each takes two statements of a batch. */
enum { REPLACED_MAX = 16 };

/* The statements of the load. */
enum { REQUEST, SAID, COMPLETION };

/* Bytes of what a preview tells. */
enum { TELL_MAX = 256 * 1024 };

struct correct_flow {
	struct act_flow act; /* act.act: as sent */
	struct correction correction;
	struct completion_mend mend; /* of the disposal that came of it */
	int32_t *place;              /* of each entry that stands, in the order of the ledger */
	struct str *new_id;          /* of its replacement; absent: it stays */
	bool has_representation;     /* what is corrected came with one */
	struct day since;            /* the first day of which anything is otherwise */
};

enum step_result request_correct_load(struct flow *f)
{
	struct correct_flow *s = f->state = ARENA_NEW(f->arena, struct correct_flow);
	struct request_act *act = s ? &s->act.act : NULL;
	int r;

	flow_again(f, f->param[0]);
	r = s ? h_decode(f, &request_act_shape, SHAPE_CREATE, act) : ERR_NOMEM;

	if (r == 0)
		r = request_act_check(f->body, act, &f->flaws, &s->act.event);
	if (r == 0 && s->act.event != REQUEST_EVENT_CORRECT) {
		h_flaw(f, "event", "NOT_IN_LIST", STR("Only a correction is tried before."),
		       STR("Send CORRECT."));
		r = flaws_err(&f->flaws);
	}
	if (r < 0)
		return flow_fail(f, r);
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = f->param[0],
						    .on_day = shape_day_text(act->on, f->arena),
						    .earlier_id = act->earlier_request_id});
	q_request_said_add(flow_batch(f), &(struct q_request_said){.request_id = f->param[0]});
	completion_mend_ask(f, act->on);
	return flow_send(f);
}

/* What was said of each entry of the ledger; the one that is meant. */
static int take_said(struct flow *f, struct correct_flow *s, const struct request *r)
{
	size_t n = r->ledger.count;

	s->correction = (struct correction){
		.now = r, .said = ARENA_ARRAY(f->arena, n + 1, struct request_act), .target = n};
	s->since = DAY_NONE;
	s->place = ARENA_ARRAY(f->arena, n + 1, int32_t);
	s->new_id = ARENA_ARRAY(f->arena, n + 1, struct str);
	if (!s->correction.said || !s->place || !s->new_id)
		return ERR_NOMEM;
	if ((size_t)q_request_said_count(f->got, SAID) != n)
		return ERR_CONFLICT; /* it has moved between the two statements */
	for (size_t i = 0; i < n; i++) {
		struct request_act *said = &s->correction.said[i];
		struct q_request_said_row row;
		int err = q_request_said_row(f->got, SAID, (int)i, &row);

		if (err == 0)
			err = h_stored(f, row.said, &request_act_shape, said);
		if (err < 0)
			return err;
		said->event = arena_str(f->arena, row.event);
		s->place[i] = row.place;
		s->new_id[i] = (struct str){NULL, 0};
		if (!str_eq(row.id, s->act.act.event_id))
			continue;
		s->correction.target = i;
		s->has_representation = row.has_representation;
	}
	return 0;
}

/* Only what a person recorded can be wrong. */
static int check_target(struct flow *f, const struct correct_flow *s, const struct request *r)
{
	const struct ledger_entry *entry = r->ledger.at;
	size_t i = s->correction.target;

	if (i == r->ledger.count) {
		h_unknown(f, "event_id");
		return ERR_INVALID;
	}
	if (entry[i].is_by_time.value) {
		h_flaw(f, "event_id", "BY_TIME",
		       STR("Time brought this about, and follows what is recorded."),
		       STR("Correct the event that it follows from."));
		return ERR_INVALID;
	}
	if (s->has_representation &&
	    (s->act.act.strike_out.value || !str_is_null(s->act.act.becomes))) {
		flow_detail(f,
			    STR("A representation came then: it is set aside where it is read."));
		return ERR_TRANSITION;
	}
	return 0;
}

/*
 * Which entry of the old ledger the i-th of the new one is; the old one's count when it is none.
 * What time made is the same only where nothing before it is another: behind that it is made anew,
 * so that it stands behind what is put in the place of another.
 */
static size_t old_of(const struct request *was, const struct request *now, size_t i, bool is_other)
{
	const struct ledger_entry *old = was->ledger.at, *entry = now->ledger.at;
	size_t k = 0;

	if (str_is_null(entry[i].id))
		return !is_other && i < was->ledger.count && old[i].is_by_time.value &&
				       request_correct_is_same(&old[i], &entry[i])
			       ? i
			       : was->ledger.count;
	while (k < was->ledger.count && !str_eq(old[k].id, entry[i].id))
		k++;
	return k;
}

/* Something is otherwise from that day on. */
static void touch(struct correct_flow *s, struct day on)
{
	if (day_is_none(s->since) || day_cmp(on, s->since) < 0)
		s->since = on;
}

static void add_timed(struct flow *f, const struct ledger_entry *entry, int32_t place)
{
	q_request_event_timed_add(flow_batch(f),
				  &(struct q_request_event_timed){
					  .id = h_id(f, "evt_"),
					  .request_id = f->param[0],
					  .event = entry->event,
					  .happened_on = shape_day_text(entry->on, f->arena),
					  .state_from = entry->state_from,
					  .state_to = entry->state_to,
					  .level_to = entry->level_to,
					  .place = place,
				  });
}

static void add_again(struct flow *f, const struct correct_flow *s, size_t k,
		      const struct ledger_entry *entry, struct str payload)
{
	const struct ledger_entry *old = s->correction.now->ledger.at;

	q_request_event_again_add(flow_batch(f),
				  &(struct q_request_event_again){
					  .id = s->new_id[k],
					  .old_id = old[k].id,
					  .event = str_eq(entry->event, old[k].event)
							   ? (struct str){NULL, 0}
							   : entry->event,
					  .happened_on = shape_day_text(entry->on, f->arena),
					  .state_from = entry->state_from,
					  .state_to = entry->state_to,
					  .level_to = entry->level_to,
					  .payload = payload,
				  });
}

static void supersede(struct flow *f, struct str by_id, struct str *ids, size_t n)
{
	const struct shape_words words = {ids, n};

	if (n)
		q_request_event_supersede_add(flow_batch(f), &(struct q_request_event_supersede){
								     .by_id = by_id,
								     .request_id = f->param[0],
								     .ids = h_words(f, words)});
}

/* The kind of representation that such an entry is of; NULL: of none. */
static const char *kind_of(const struct ledger_entry *entry)
{
	if (str_eq(entry->event, STR("REPRESENTATION_RECEIVED")))
		return "REPRESENTATION";
	return str_eq(entry->event, STR("COMMENTS_RECEIVED")) ? "COMMENTS" : NULL;
}

/* What came with the k-th entry stays with it, and came on the day that the correction says. */
static void follow(struct flow *f, const struct correct_flow *s, size_t k,
		   const struct request *now)
{
	const struct ledger_entry *old = s->correction.now->ledger.at;
	const char *kind = kind_of(&old[k]);
	struct q_representation_follow to = {.old_id = old[k].id, .new_id = s->new_id[k]};
	struct deadline window;

	if (!kind)
		return;
	if (k == s->correction.target && representation_window(now, kind, &window)) {
		struct day on = s->correction.said[k].on;

		to.received_on = shape_day_text(on, f->arena);
		to.timing = str_of(representation_timing(&window, on));
	}
	q_representation_follow_add(flow_batch(f), &to);
}

/* Entry after entry of the new ledger: as it was, in the place of another, or new by time. */
static int store_ledger(struct flow *f, struct correct_flow *s, const struct request *was,
			const struct request *now, struct str payload)
{
	const struct ledger_entry *old = was->ledger.at, *entry = now->ledger.at;
	bool *is_kept = ARENA_ARRAY(f->arena, was->ledger.count + 1, bool);
	struct str *gone = ARENA_ARRAY(f->arena, was->ledger.count + 1, struct str);
	size_t target = s->correction.target, gone_count = 0, last = 0;
	int replaced = 0;

	if (!is_kept || !gone)
		return ERR_NOMEM;
	memset(is_kept, 0, (was->ledger.count + 1) * sizeof(*is_kept));
	for (size_t i = 0; i < now->ledger.count; i++) {
		size_t k = old_of(was, now, i, replaced > 0);

		if (k == was->ledger.count) {
			add_timed(f, &entry[i], s->place[last]);
			touch(s, entry[i].on);
			replaced++;
			continue;
		}
		is_kept[k] = true;
		last = k;
		if (k != target && request_correct_is_same(&old[k], &entry[i]))
			continue;
		if (k != target)
			s->new_id[k] = h_id(f, "evt_");
		touch(s, old[k].on);
		touch(s, entry[i].on);
		add_again(f, s, k, &entry[i], k == target ? payload : (struct str){NULL, 0});
		replaced++;
	}
	for (size_t k = 0; k < was->ledger.count; k++) {
		if (!is_kept[k]) {
			touch(s, old[k].on);
			gone[gone_count++] = old[k].id;
		} else if (!str_is_null(s->new_id[k])) {
			follow(f, s, k, now);
			supersede(f, s->new_id[k], &(struct str){old[k].id.at, old[k].id.len}, 1);
		}
	}
	supersede(f, s->new_id[target], gone, gone_count);
	return replaced > REPLACED_MAX ? ERR_LIMIT : 0;
}

/* The fields of the event that stands now, and what it stands for. */
static struct str payload_of(struct flow *f, const struct correct_flow *s)
{
	struct request_act said = s->correction.said[s->correction.target];

	if (s->correction.is_struck) {
		said = s->act.act;
		said.reasons = (struct str){NULL, 0}; /* the change has them */
	}
	if (s->correction.target == 0)
		said.event = (struct str){NULL, 0}; /* its event is a state, which no act has */
	return h_json(f, &request_act_shape, &said);
}

static void store_request(struct flow *f, struct correct_flow *s, const struct request *now)
{
	struct passing *p = &s->act.passing;
	struct str is_now = passing_kept(p, now);

	passing_deadlines(p, now);
	q_request_store_add(flow_batch(f), &(struct q_request_store){
						   .id = f->param[0],
						   .seen = p->version++,
						   .row = h_json(f, &request_shape, now),
						   .deadlines = p->deadlines,
						   .stale = p->stale,
						   .calendar_id = p->calendar_id,
						   .look_on = passing_look_on(p, now),
					   });
	q_request_items_put_add(
		flow_batch(f),
		&(struct q_request_items_put){.request_id = f->param[0],
					      .items = h_json_list(f, &item_shape, now->items)});
	s->new_id[s->correction.target] = h_change(
		f, &(struct h_change){
			   .type = request_event_info(s->act.event)->type,
			   .subject = f->param[0],
			   .seq = p->version,
			   .authority_id = p->authority_id,
			   .asset_id = p->asset_id,
			   .data = h_json_joined(f, is_now,
						 h_json(f, &request_act_shape, &s->act.act)),
			   .was = passing_kept(p, s->correction.now),
			   .is_now = is_now,
			   .money = "price_pence cost_pence offer_pence agreed_price_pence",
			   .reason = s->act.act.reasons,
		   });
}

/* What struck the entry out, in its place in the history. */
static void strike(struct flow *f, const struct correct_flow *s, const struct request *now)
{
	q_request_event_strike_add(flow_batch(f),
				   &(struct q_request_event_strike){
					   .id = s->new_id[s->correction.target],
					   .request_id = f->param[0],
					   .happened_on = shape_day_text(s->act.act.on, f->arena),
					   .state = now->state,
					   .level = now->level,
					   .payload = payload_of(f, s),
				   });
}

static int store(struct flow *f, struct correct_flow *s, struct request *now)
{
	const struct request_until today = {f->today, REQUEST_EVENT_COUNT, f->today};
	struct passing *p = &s->act.passing;
	int err;

	if (p->other_assets > PASSING_OTHERS_MAX)
		return ERR_LIMIT;
	if (!str_is_null(p->asset_id))
		q_land_hold_add(flow_batch(f), &(struct q_land_hold){.asset_id = p->asset_id});
	store_request(f, s, now);
	if (!str_is_null(s->act.proposal_id))
		q_proposal_approve_add(
			flow_batch(f),
			&(struct q_proposal_approve){.id = s->act.proposal_id,
						     .request_id = f->param[0],
						     .event_id = s->new_id[s->correction.target]});
	if (s->correction.is_struck)
		strike(f, s, now);
	err = store_ledger(f, s, s->correction.now, now, payload_of(f, s));
	if (err < 0)
		return err;
	err = passing_past(p, now, s->since);
	if (err < 0)
		return err;
	err = completion_mend_store(f, &s->mend, &s->act, COMPLETION);
	if (err < 0)
		return err;
	passing_asset(p, s->correction.now, now);
	return passing_until(p, now, &today);
}

/* What it would then be, of the request as it was loaded. */
static int decide(struct flow *f, enum permission needs, struct request *r, struct request *ret_now)
{
	struct correct_flow *s = f->state;
	struct q_request_load_row row;
	int err = q_request_load_one(f->got, REQUEST, &row);

	if (err == 0)
		err = h_may(f, needs, row.authority_id);
	if (err == 0)
		err = flow_if_match(f, row.version);
	if (err == 0)
		err = act_take(f, &s->act, &row, r);
	if (err == 0)
		err = take_said(f, s, r);
	if (err == 0)
		err = check_target(f, s, r);
	if (err == 0)
		err = request_correct_take(&s->correction, f->body, &s->act.act, &f->flaws);
	if (err == 0)
		err = request_correct(&s->correction, f->today, &f->flaws, ret_now);
	if (!str_is_null(s->correction.why))
		flow_detail(f, s->correction.why);
	return err < 0 ? err
		       : completion_mend_decide(f, &s->correction, ret_now, COMPLETION, &s->mend);
}

enum step_result request_correct_store(struct flow *f)
{
	struct correct_flow *s = f->state;
	struct request r, now;
	int err = decide(f, PERM_REQUEST_DECIDE, &r, &now);

	if (err == 0)
		err = store(f, s, &now);
	return err < 0 ? flow_fail(f, err) : flow_store_end(f, "atr", f->param[0], 201);
}

int request_correct_preview(struct flow *f, struct str *ret_told)
{
	CLEANUP(buf_done) struct buf out = BUF(TELL_MAX);
	struct correct_flow *s = f->state;
	struct request r, now;
	int err = decide(f, PERM_REQUEST_ACT, &r, &now); /* who may propose may look */

	if (err < 0)
		return err;
	buf_char(&out, '{');
	request_correct_tell(&s->correction, &now, &out);
	completion_mend_tell(&s->mend, &out);
	buf_char(&out, '}');
	err = buf_err(&out);
	*ret_told = err == 0 ? arena_str(f->arena, buf_view(&out)) : (struct str){NULL, 0};
	return err;
}

static enum step_result preview_answer(struct flow *f)
{
	struct str told;
	int err = request_correct_preview(f, &told);

	return err < 0 ? flow_fail(f, err) : flow_answer(f, 200, told);
}

const struct flow_step flow_correction_preview[] = {
	{"load", request_correct_load},
	{"answer", preview_answer},
	{0},
};
