/*
 * Requests whose calendars are out of date, their deadlines worked out by libassets. A day that
 * moves, or is no longer provisional, is an event and a version of the request; one that stays as
 * it was is only noted as counted by the new calendars. What has ended keeps the day and the
 * reasons it had (deadline_shift.h).
 */
#include "recount.h"

#include "daemon/base/id.h"
#include "daemon/db/db.h"
#include "libassets/base/err.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/request/deadline_shift.h"
#include "libassets/request/request_clock.h"
#include "libassets/request/request_remind.h"
#include "q.h"

/* Bytes of one request's deadlines. */
enum { DEADLINES_JSON_MAX = 256 * 1024 };

static void tell(struct sweep_item *it, const struct q_recount_due_row *row, const char *type,
		 const struct buf *data, int32_t seq)
{
	char id[ID_TEXT];

	id_new("evt_", it->now_us, id);
	q_change_put_add(it->batch, &(struct q_change_put){
					    .id = str_of(id),
					    .type = str_of(type),
					    .subject = row->id,
					    .subject_seq = seq,
					    .authority_id = row->authority_id,
					    .asset_id = row->asset_id,
					    .data = buf_err(data) < 0 ? STR("?") : buf_view(data),
				    });
}

static void put(struct sweep_item *it, const struct q_recount_due_row *row, struct str deadlines,
		struct str look_on, int32_t seen, int32_t next)
{
	q_recount_store_add(it->batch, &(struct q_recount_store){.id = row->id,
								 .seen = seen,
								 .next = next,
								 .deadlines = deadlines,
								 .calendar_id = row->calendar_id,
								 .look_on = look_on});
}

/* The request's deadlines by the calendars that stand, and when it is looked at next. */
static int clocks_of(const struct sweep_item *it, const struct q_recount_due_row *row,
		     struct request_clocks *ret_clocks, struct str *ret_look_on)
{
	struct calendars *all = ARENA_NEW(it->arena, struct calendars);
	struct calendar_version version;
	struct request r;
	int err = shape_stored(&calendar_version_shape, row->calendar, it->arena, &version);

	if (err == 0)
		err = all ? calendar_version_calendars(&version, it->arena, all) : ERR_NOMEM;
	if (err == 0)
		err = shape_stored(&request_shape, row->row, it->arena, &r);
	if (err < 0)
		return err;
	r.calendars = all;
	request_clocks(&r, ret_clocks);
	*ret_look_on = shape_day_text(request_look_on(&r, it->days_ahead), it->arena);
	return 0;
}

static int work_out(struct sweep_item *it, const struct q_recount_due_row *row)
{
	CLEANUP(buf_done) struct buf json = BUF(DEADLINES_JSON_MAX);
	struct request_clocks *clocks = ARENA_NEW(it->arena, struct request_clocks);
	struct deadline_shift *shift = ARENA_ARRAY(it->arena, DEADLINES_MAX, struct deadline_shift);
	const struct deadline **settled =
		ARENA_ARRAY(it->arena, DEADLINES_MAX, const struct deadline *);
	json_auto_t *kept = json_loadb(row->deadlines.at, row->deadlines.len, 0, NULL);
	struct str look_on;
	size_t moved, n;
	int r = clocks && shift && settled && kept ? clocks_of(it, row, clocks, &look_on)
						   : ERR_NOMEM;

	if (r < 0)
		return r;
	moved = deadlines_shifted(kept, clocks->at, clocks->count, shift);
	n = moved + deadlines_settled(kept, clocks->at, clocks->count, settled);
	if (n == 0) {
		put(it, row, row->deadlines, look_on, row->version, row->version);
		return 0;
	}
	deadlines_encode_over(kept, clocks->at, clocks->count, &json);
	r = buf_err(&json);
	for (size_t i = 0; r == 0 && i < n; i++) {
		CLEANUP(buf_done) struct buf data = BUF(4096);
		int32_t seen = row->version + (int32_t)i;

		if (i < moved)
			deadline_shift_encode(&shift[i], &data);
		else
			deadline_settled_encode(settled[i - moved], &data);
		put(it, row, buf_view(&json), look_on, seen, seen + 1);
		tell(it, row, i < moved ? "deadline.moved" : "deadline.settled", &data, seen + 1);
	}
	return r;
}

static void recount_ask(struct db_batch *b, int most)
{
	q_recount_due_add(b, &(struct q_recount_due){.most = most});
}

static int recount_count(const struct db_reply *reply)
{
	return q_recount_due_count(reply, 0);
}

static int recount_run(struct sweep_item *it, const struct db_reply *reply, int i)
{
	struct q_recount_due_row row;
	int err = q_recount_due_row(reply, 0, i, &row);

	if (err < 0)
		return err;
	it->id = arena_str(it->arena, row.id);
	it->version = row.version;
	return work_out(it, &row);
}

const struct sweep_work recount_work = {
	.name = "RECOUNT",
	.about = "deadlines could not be counted anew",
	.ask = recount_ask,
	.count = recount_count,
	.run = recount_run,
};
