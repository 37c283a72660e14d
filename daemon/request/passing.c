/*
 * Moves and reminders in turns, each its own version of the request, so that its events tell
 * them one by one. The statements are those of a worker too: time changes neither money nor what
 * has arrived.
 */
#include "passing.h"

#include "daemon/base/id.h"
#include "daemon/db/db.h"
#include "libassets/base/err.h"
#include "libassets/request/deadline_shift.h"
#include "libassets/request/request_clock.h"
#include "libassets/request/request_past.h"
#include "libassets/request/request_remind.h"
#include "q.h"

/* Bytes of the deadlines of one request, sentences included; of a request's fields. */
enum { DEADLINES_JSON_MAX = 256 * 1024, ROW_JSON_MAX = 1 << 20, REMINDER_JSON_MAX = 4096 };
/* Bytes of the days of a request's past, each with its deadlines. */
enum { PAST_JSON_MAX = 4 << 20 };
/* Statements in a batch beyond which nothing more begins: a move takes six, an act twelve. */
enum { STATEMENTS_MAX = 44 };

static struct str kept_text(struct arena *a, struct buf *b)
{
	return buf_err(b) < 0 ? (struct str){NULL, 0} : arena_str(a, buf_view(b));
}

static struct str new_event(const struct passing *p)
{
	char id[ID_TEXT];

	id_new("evt_", p->now_us, id);
	return arena_str(p->arena, str_of(id));
}

void passing_deadlines(struct passing *p, const struct request *r)
{
	CLEANUP(buf_done) struct buf json = BUF(DEADLINES_JSON_MAX);
	struct request_clocks *clocks = ARENA_NEW(p->arena, struct request_clocks);
	json_auto_t *kept = json_loadb(p->deadlines.at, p->deadlines.len, 0, NULL);

	p->deadlines = (struct str){NULL, 0};
	if (!clocks || !kept)
		return;
	request_clocks(r, clocks);
	deadlines_encode_over(kept, clocks->at, clocks->count, &json);
	p->deadlines = kept_text(p->arena, &json);
}

struct str passing_look_on(const struct passing *p, const struct request *r)
{
	return shape_day_text(request_look_on(r, p->days_ahead), p->arena);
}

static struct str row_json(const struct passing *p, const struct request *r)
{
	CLEANUP(buf_done) struct buf b = BUF(ROW_JSON_MAX);

	shape_encode(&request_shape, r, &b);
	return kept_text(p->arena, &b);
}

/* One day of a request, as request_past_put() takes it. */
static void put_day(const struct request *r, struct day on, struct request_clocks *clocks,
		    struct buf *out)
{
	struct request row = *r;
	char text[DAY_TEXT];

	request_clocks(r, clocks);
	row.ledger = row.reminders = row.items = (struct shape_list){NULL, 0};
	row.around = NULL;
	day_format(on, text);
	buf_fmt(out, "{\"on\":\"%s\",\"row\":", text);
	shape_encode(&request_shape, &row, out);
	buf_str(out, STR(",\"deadlines\":"));
	deadlines_encode_over(NULL, clocks->at, clocks->count, out);
	buf_char(out, '}');
}

/* Of the days from that one on before the next, it was not there. */
static void put_before(struct day on, struct buf *out)
{
	char text[DAY_TEXT];

	day_format(on, text);
	buf_fmt(out, "{\"on\":\"%s\",\"row\":null}", text);
}

int passing_past(struct passing *p, const struct request *r, struct day since)
{
	CLEANUP(buf_done) struct buf days = BUF(PAST_JSON_MAX);
	struct request_clocks *clocks = ARENA_NEW(p->arena, struct request_clocks);
	struct day day[REQUEST_DAYS_MAX];
	size_t n = request_past_days(r, since, p->today, day);
	const struct ledger_entry *first = r->ledger.at;
	struct request then;

	if (!clocks)
		return ERR_NOMEM;
	buf_char(&days, '[');
	if (r->ledger.count && day_cmp(since, first->on) < 0)
		put_before(since, &days);
	for (size_t i = 0; i < n; i++) {
		if (buf_view(&days).len > 1)
			buf_char(&days, ',');
		if (request_past(r, day[i], p->arena, &then))
			put_day(&then, day[i], clocks, &days);
	}
	buf_char(&days, ']');
	if (buf_err(&days) < 0)
		return buf_err(&days);
	if (buf_view(&days).len > 2)
		q_request_past_add(p->batch, &(struct q_request_past){
						     .id = p->id,
						     .past = arena_str(p->arena, buf_view(&days))});
	return 0;
}

static struct str act_json(const struct passing *p, const struct request_act *act)
{
	CLEANUP(buf_done) struct buf b = BUF(ROW_JSON_MAX);

	shape_encode(&request_act_shape, act, &b);
	return kept_text(p->arena, &b);
}

struct str passing_kept(const struct passing *p, const struct request *r)
{
	struct request kept = *r;

	kept.ledger = kept.reminders = (struct shape_list){NULL, 0};
	kept.allowed = (struct shape_words){NULL, 0};
	kept.around = NULL;
	return row_json(p, &kept);
}

/* n new ids of changes. */
static struct str change_ids(const struct passing *p, int64_t n)
{
	struct str *ids = ARENA_ARRAY(p->arena, (size_t)n + 1, struct str);

	for (int64_t i = 0; ids && i < n; i++)
		ids[i] = new_event(p);
	return ids ? db_text_array(p->arena, ids, (size_t)n) : (struct str){NULL, 0};
}

static bool is_open(const struct request *r)
{
	enum request_state state;

	return request_state_parse(r->state, &state) == 0 && request_state_info(state)->is_open;
}

/* With some more ids than rivals were seen, for those who came meanwhile. */
static void tell_rivals(struct passing *p, const struct request *before,
			const struct request *after)
{
	if (!str_is_null(p->asset_id) && is_open(before) != is_open(after))
		q_request_compete_add(p->batch, &(struct q_request_compete){
							.request_id = p->id,
							.event_ids = change_ids(p, p->rivals + 4),
						});
}

void passing_asset(struct passing *p, const struct request *before, const struct request *after)
{
	bool is_barred = request_is_barring(after);
	struct str data = arena_fmt(p->arena, "{\"request_id\":\"%s\",\"is_barred\":%s}", p->id.at,
				    is_barred ? "true" : "false");

	tell_rivals(p, before, after);
	if (str_is_null(p->asset_id) || request_is_barring(before) == is_barred)
		return;
	q_asset_move_add(p->batch, &(struct q_asset_move){
					   .id = p->asset_id,
					   .effective_on = shape_day_text(p->today, p->arena)});
	q_change_write_add(p->batch, &(struct q_change_write){
					     .id = new_event(p),
					     .type = STR("asset.updated"),
					     .subject = p->asset_id,
					     .authority_id = p->authority_id,
					     .asset_id = p->asset_id,
					     .data = data,
					     .money = STR("{}"),
				     });
	if (p->other_assets)
		q_land_move_add(p->batch,
				&(struct q_land_move){.asset_id = p->asset_id,
						      .event_ids = change_ids(p, p->other_assets),
						      .data = data});
}

static void store_move(struct passing *p, const struct request *before, const struct request *after,
		       const struct request_act *act, const char *type)
{
	struct request row = *after;
	struct str event_id = new_event(p), is_now = passing_kept(p, after);
	struct str said = act_json(p, act);

	row.ledger = row.reminders = (struct shape_list){NULL, 0};
	row.around = NULL;
	passing_deadlines(p, after);
	q_request_pass_add(p->batch, &(struct q_request_pass){
					     .id = p->id,
					     .seen = p->version++,
					     .row = row_json(p, &row),
					     .deadlines = p->deadlines,
					     .stale = p->stale,
					     .calendar_id = p->calendar_id,
					     .look_on = passing_look_on(p, after),
				     });
	q_change_write_add(p->batch, &(struct q_change_write){
					     .id = event_id,
					     .type = str_of(type),
					     .subject = p->id,
					     .seq = p->version,
					     .has_seq = true,
					     .authority_id = p->authority_id,
					     .asset_id = p->asset_id,
					     .data = shape_joined(is_now, said, p->arena),
					     .was = passing_kept(p, before),
					     .is_now = is_now,
					     .money = STR("{offer_pence,agreed_price_pence}"),
					     .actor_kind = STR("SYSTEM"),
				     });
	q_request_pass_event_add(p->batch, &(struct q_request_pass_event){
						   .id = event_id,
						   .request_id = p->id,
						   .event = act->event,
						   .happened_on = shape_day_text(act->on, p->arena),
						   .state_from = before->state,
					   });
	passing_asset(p, before, after);
}

static void store_reminder(struct passing *p, const struct request *r,
			   const struct request_reminder *m)
{
	CLEANUP(buf_done) struct buf data = BUF(REMINDER_JSON_MAX);

	request_reminder_encode(m, &data);
	if (m->is_missed)
		passing_deadlines(p, r);
	q_request_remind_add(
		p->batch,
		&(struct q_request_remind){
			.id = p->id,
			.seen = p->version++,
			.event_id = new_event(p),
			.type = m->is_missed ? STR("deadline.missed") : STR("deadline.approaching"),
			.clock = str_of(m->deadline->clock->id),
			.starts_on = shape_day_text(m->deadline->starts_on, p->arena),
			.due_on = shape_day_text(m->deadline->due_on, p->arena),
			.what = m->is_missed ? STR("MISSED") : STR("APPROACHING"),
			.happened_on = shape_day_text(m->on, p->arena),
			.data = kept_text(p->arena, &data),
			.stale = p->stale,
			.look_on = passing_look_on(p, r),
			.deadlines = m->is_missed ? p->deadlines : (struct str){NULL, 0},
			.calendar_id = p->calendar_id,
		});
}

static int pass_one(struct passing *p, struct request *r, const struct request_until *until,
		    bool *ret_done)
{
	struct request before = *r;
	struct request_act *act = ARENA_NEW(p->arena, struct request_act);
	enum request_event event;

	*ret_done = false;
	if (!act)
		return ERR_NOMEM;
	if (!request_pass(r, until, p->arena, act))
		return 0;
	if (request_event_parse(act->event, &event) < 0)
		return ERR_BUG;
	store_move(p, &before, r, act, request_event_info(event)->type);
	*ret_done = true;
	return 0;
}

int passing_until(struct passing *p, struct request *r, const struct request_until *until)
{
	struct request_reminder m;
	bool is_moved = true;

	while (is_moved) {
		int err;

		while (db_batch_count(p->batch) < STATEMENTS_MAX &&
		       request_remind(r, until, p->days_ahead, p->arena, &m))
			store_reminder(p, r, &m);
		if (db_batch_count(p->batch) >= STATEMENTS_MAX)
			return 0;
		err = pass_one(p, r, until, &is_moved);
		if (err < 0)
			return err;
	}
	return 0;
}
