/*
 * Reads a few requests whose calendars are out of date, works their deadlines out by libassets,
 * and stores each in a batch of its own: a request that somebody moves meanwhile is refused by
 * its version and comes again at the next look. A day that moves is an event and a version of
 * the request; one that stays is only noted as counted by the new calendars.
 *
 * On the feed's thread, so nothing here waits. What has ended keeps the day and the reasons it
 * had (deadline_shift.h).
 */
#include "recount.h"

#include <stdlib.h>

#include "clock.h"
#include "db.h"
#include "id.h"
#include "libassets/calendar_list.h"
#include "libassets/deadline_shift.h"
#include "libassets/err.h"
#include "libassets/request_clock.h"
#include "log.h"
#include "q.h"

/* Bytes: of one look with all it works out; of one request's deadlines. */
enum { ARENA_MAX = 32 << 20, DEADLINES_JSON_MAX = 256 * 1024 };

/* A look under way; owns its memory, which goes with its last batch. */
struct look {
	struct recount *owner; /* NULL: a batch that stores, which nobody waits for */
	struct db_pool *pool;
	struct arena arena;
	int64_t now_us;
};

static struct look *look_new(struct recount *owner, struct db_pool *p, int64_t now_us)
{
	struct look *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	*l = (struct look){.owner = owner, .pool = p, .now_us = now_us};
	arena_init(&l->arena, ARENA_MAX);
	return l;
}

static void look_free(struct look *l)
{
	arena_done(&l->arena);
	free(l);
}

static struct db_batch *batch_of(struct look *l, enum db_purpose purpose)
{
	const struct db_actor nobody = {.request_id = STR("recount"), .now_us = l->now_us};

	return db_batch_new(&l->arena, purpose, &nobody);
}

static void on_stored(void *arg, int err, const struct db_reply *reply)
{
	(void)reply;
	/* Somebody was faster: the next look takes it again. */
	if (err < 0 && err != ERR_CONFLICT)
		log_warn("deadlines could not be counted anew", F_ERR(err));
	look_free(arg);
}

static void tell(struct look *l, struct db_batch *b, const struct q_recount_due_row *row,
		 const struct deadline_shift *shift, int32_t seq)
{
	CLEANUP(buf_done) struct buf data = BUF(4096);
	char id[ID_TEXT];

	id_new("evt_", l->now_us, id);
	deadline_shift_encode(shift, &data);
	q_change_put_add(b, &(struct q_change_put){
				    .id = str_of(id),
				    .type = STR("deadline.moved"),
				    .subject = row->id,
				    .subject_seq = seq,
				    .authority_id = row->authority_id,
				    .asset_id = row->asset_id,
				    .data = buf_err(&data) < 0 ? STR("?") : buf_view(&data),
			    });
}

static void put(struct db_batch *b, const struct q_recount_due_row *row, struct str deadlines,
		int32_t seen, int32_t next)
{
	q_recount_store_add(b, &(struct q_recount_store){.id = row->id,
							 .seen = seen,
							 .next = next,
							 .deadlines = deadlines,
							 .calendar_id = row->calendar_id});
}

/* The request's deadlines by the calendars that stand. */
static int clocks_of(struct look *l, const struct q_recount_due_row *row,
		     struct request_clocks *ret_clocks, struct calendars *ret_all)
{
	struct calendar_version version;
	struct request r;
	int err = shape_stored(&calendar_version_shape, row->calendar, &l->arena, &version);

	if (err == 0)
		err = calendar_version_calendars(&version, &l->arena, ret_all);
	if (err == 0)
		err = shape_stored(&request_shape, row->row, &l->arena, &r);
	if (err < 0)
		return err;
	r.calendars = ret_all;
	request_clocks(&r, ret_clocks);
	return 0;
}

static int work_out(struct look *l, const struct q_recount_due_row *row, struct db_batch *b)
{
	CLEANUP(buf_done) struct buf json = BUF(DEADLINES_JSON_MAX);
	struct request_clocks *clocks = ARENA_NEW(&l->arena, struct request_clocks);
	struct calendars *all = ARENA_NEW(&l->arena, struct calendars);
	struct deadline_shift *shift = ARENA_ARRAY(&l->arena, DEADLINES_MAX, struct deadline_shift);
	json_auto_t *kept = json_loadb(row->deadlines.at, row->deadlines.len, 0, NULL);
	size_t n;
	int r = clocks && all && shift && kept ? clocks_of(l, row, clocks, all) : ERR_NOMEM;

	if (r < 0)
		return r;
	n = deadlines_shifted(kept, clocks->at, clocks->count, shift);
	if (n == 0) {
		put(b, row, row->deadlines, row->version, row->version);
		return 0;
	}
	deadlines_encode_over(kept, clocks->at, clocks->count, &json);
	r = buf_err(&json);
	for (size_t i = 0; r == 0 && i < n; i++) {
		int32_t seen = row->version + (int32_t)i;

		put(b, row, buf_view(&json), seen, seen + 1);
		tell(l, b, row, &shift[i], seen + 1);
	}
	return r;
}

/* In a batch and a memory of its own, so that one request never holds up the others. */
static void store(const struct look *look, const struct q_recount_due_row *row)
{
	struct look *l = look_new(NULL, look->pool, look->now_us);
	struct db_batch *b = l ? batch_of(l, DB_WRITE) : NULL;
	int r = b ? work_out(l, row, b) : ERR_NOMEM;

	if (r == 0) {
		db_pool_send(l->pool, b, on_stored, l);
		return;
	}
	log_warn("deadlines could not be counted anew", F_TEXT("request", row->id), F_ERR(r));
	if (l)
		look_free(l);
}

static void on_read(void *arg, int err, const struct db_reply *reply)
{
	struct look *l = arg;
	int n = err == 0 ? q_recount_due_count(reply, 0) : 0;

	for (int i = 0; i < n; i++) {
		struct q_recount_due_row row;

		if (q_recount_due_row(reply, 0, i, &row) == 0)
			store(l, &row);
	}
	l->owner->is_busy = false;
	look_free(l);
}

void recount_some(struct recount *it, struct db_pool *p, int64_t now_us)
{
	struct look *l = it->is_busy ? NULL : look_new(it, p, now_us);
	struct db_batch *b = l ? batch_of(l, DB_READ) : NULL;

	if (!b) {
		if (l)
			look_free(l);
		return;
	}
	it->is_busy = true;
	q_recount_due_add(b, &(struct q_recount_due){.most = RECOUNT_MOST});
	db_pool_send(p, b, on_read, l);
}
