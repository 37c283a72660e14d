/*
 * What is done for each request is passing.c's, the same as around an act of a person; here are
 * the look and its gauge. Nothing is remembered between two looks: a daemon that dies in the midst
 * leaves what is stored stored and the rest due.
 */
#include "tick.h"

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "daemon/base/metric.h"
#include "daemon/db/db.h"
#include "libassets/base/err.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/request/request_remind.h"
#include "passing.h"
#include "q.h"

static void tick_ask(struct db_batch *b, int most)
{
	q_tick_due_add(b, &(struct q_tick_due){.most = most});
	q_tick_lag_add(b);
}

/* More reports than that are told of on the next day: a hundred bodies owe one each a year. */
enum { REPORTS_MOST = 512 };

/* Reports are due on one day for all (clock K26), and belong to no request. */
static void tick_heed(struct sweep_item *it)
{
	struct str *ids = ARENA_ARRAY(it->arena, REPORTS_MOST, struct str);

	q_tick_sooner_add(it->batch, &(struct q_tick_sooner){.days_ahead = it->days_ahead});
	for (size_t i = 0; ids && i < REPORTS_MOST; i++) {
		char id[ID_TEXT];

		id_new("evt_", it->now_us, id);
		ids[i] = arena_str(it->arena, str_of(id));
	}
	if (ids)
		q_report_remind_add(
			it->batch, &(struct q_report_remind){
					   .days_ahead = it->days_ahead,
					   .event_ids = db_text_array(it->arena, ids, REPORTS_MOST),
				   });
}

/* How long ago the day began on which the one that waits longest should have been looked at. */
static void tick_read(const struct db_reply *reply, int64_t now_us)
{
	struct q_tick_lag_row row;
	struct day oldest;
	int64_t lag_us = 0;

	if (q_tick_lag_one(reply, 1, &row) < 0)
		return;
	if (!str_is_null(row.oldest_on) && day_parse(row.oldest_on, &oldest) == 0)
		lag_us = now_us - clock_day_begins_us(oldest);
	metric_set(METRIC_CLOCK_LAG, lag_us > 0 ? lag_us / 1000000 : 0);
	metric_set(METRIC_CLOCK_FAILING, row.failing);
}

static int tick_count(const struct db_reply *reply)
{
	return q_tick_due_count(reply, 0);
}

static int begin(struct sweep_item *it, const struct q_tick_due_row *row, struct request *r,
		 struct passing *ret)
{
	struct calendars *all = ARENA_NEW(it->arena, struct calendars);
	struct calendar_version version;
	int err = shape_stored(&calendar_version_shape, row->calendar, it->arena, &version);

	if (err == 0)
		err = all ? calendar_version_calendars(&version, it->arena, all) : ERR_NOMEM;
	if (err == 0)
		err = shape_stored(&request_shape, row->row, it->arena, r);
	if (err < 0)
		return err;
	r->calendars = all;
	*ret = (struct passing){
		.batch = it->batch,
		.arena = it->arena,
		.now_us = it->now_us,
		.today = clock_today(it->now_us),
		.days_ahead = it->days_ahead,
		.stale = -ERR_CONFLICT,
		.id = it->id,
		.authority_id = arena_str(it->arena, row->authority_id),
		.asset_id = arena_str(it->arena, row->asset_id),
		.other_assets = row->other_assets,
		.rivals = row->rivals,
		.calendar_id = arena_str(it->arena, row->calendar_id),
		.version = row->version,
		.deadlines = arena_str(it->arena, row->deadlines),
	};
	return 0;
}

/*
 * Nothing to do after all, as with what was there before the column was. What is due still and
 * cannot be done (a ledger that is full) is a failure, or it would be tried at every look.
 */
static int leave(struct sweep_item *it, const struct passing *p, const struct request *r)
{
	struct day look_on = request_look_on(r, p->days_ahead);

	if (!day_is_none(look_on) && day_cmp(look_on, p->today) <= 0)
		return ERR_LIMIT;
	q_request_look_add(it->batch, &(struct q_request_look){.id = it->id,
							       .seen = p->version,
							       .look_on = passing_look_on(p, r)});
	return 0;
}

static int tick_run(struct sweep_item *it, const struct db_reply *reply, int i)
{
	struct q_tick_due_row row;
	struct request_until now;
	struct passing p;
	struct request r;
	int err = q_tick_due_row(reply, 0, i, &row);

	if (err < 0)
		return err;
	it->id = arena_str(it->arena, row.id);
	it->version = row.version;
	err = begin(it, &row, &r, &p);
	if (err < 0)
		return err;
	if (p.other_assets > PASSING_OTHERS_MAX)
		return ERR_LIMIT;
	if (!str_is_null(p.asset_id)) /* first, as with an act: two never wait in a circle */
		q_land_hold_add(it->batch, &(struct q_land_hold){.asset_id = p.asset_id});
	now = (struct request_until){p.today, REQUEST_EVENT_COUNT, p.today};
	err = passing_until(&p, &r, &now);
	return err == 0 && p.version == row.version ? leave(it, &p, &r) : err;
}

const struct sweep_work tick_work = {
	.name = "TICK",
	.about = "time could not act on a request",
	.ask = tick_ask,
	.read = tick_read,
	.heed = tick_heed,
	.count = tick_count,
	.run = tick_run,
};

void tick_leave(void)
{
	metric_set(METRIC_CLOCK_LAG, 0);
	metric_set(METRIC_CLOCK_FAILING, 0);
}
