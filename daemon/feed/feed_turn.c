/*
 * The looks at the database, one at a time on the feed's thread.
 *
 * With the lease a look is a tick: it gives positions. Without it is the question where the
 * feed stands. In between stand the lease itself and, once an hour, the partitions of the days
 * to come; what has expired, and requests that time or other calendars move, go beside it in
 * batches of their own. How soon the next look comes is the only cleverness: at once after a wake
 * or a full tick, in a moment when something committed still waits for an older transaction, and
 * ever later when nothing happens.
 *
 * A tick starts where the last one ended, which this thread remembers; the table knows only
 * where the last full look ended. Full looks come every minute, after any doubt, and when the
 * clock has jumped, since ordinary ones leave out partitions of other months.
 */
#include <stdio.h>

#include "daemon/base/clock.h"
#include "daemon/base/metric.h"
#include "daemon/db/db.h"
#include "daemon/process/expire.h"
#include "daemon/request/tick.h"
#include "feed_private.h"
#include "libassets/base/err.h"
#include "q.h"

/* Between two rounds; after one that failed; days of a round. */
enum { PARTITIONS_MS = 3600 * 1000, PARTITIONS_AGAIN_MS = 10000, PARTITION_DAYS = 8 };

#define US_PER_MS INT64_C(1000)

/* How far back an ordinary look chooses partitions, and which jumps of the clock matter. */
static const int64_t since_us = 2 * INT64_C(86400) * 1000000;
static const int64_t jump_us = INT64_C(86400) * 1000000;

/* Forget what was remembered of the last tick: begin again from where the table says. */
static void start_over(struct feed *f)
{
	f->from_xid[0] = '\0';
	buf_clear(&f->held);
	f->full_due_us = 0;
}

static void add_tick(struct feed *f, struct db_batch *b, int64_t now_us)
{
	char since[CLOCK_TEXT];
	int64_t moved_us = now_us - f->looked_at_us;

	f->is_full = clock_mono_us() >= f->full_due_us || moved_us > jump_us || moved_us < -jump_us;
	f->looked_at_us = now_us;
	clock_format(now_us - since_us, since);
	f->asked_tick = db_batch_count(b);
	q_feed_tick_add(
		b, &(struct q_feed_tick){
			   .fence = f->lease.fence,
			   .from_xid = f->is_full ? (struct str){NULL, 0} : str_of(f->from_xid),
			   .since = f->is_full ? STR("-infinity") : str_of(since),
			   .held = f->held.len && !f->is_full ? buf_view(&f->held) : STR("{}"),
			   .most = FEED_MOST,
			   .is_full = f->is_full,
		   });
}

/*
 * One day at a time, since this locks out writers for its moment. Days run from yesterday (the
 * clock may have been put back a little) to a week ahead; then there is peace for an hour.
 */
static void add_partitions(struct feed *f, struct db_batch *b, int64_t now_us)
{
	char day[DAY_TEXT];

	f->asked_partitions = db_batch_count(b);
	day_format(day_add(clock_today(now_us), f->partitions_ahead - 1), day);
	q_change_partitions_make_add(
		b, &(struct q_change_partitions_make){.first_day = str_of(day), .days = 1});
	if (++f->partitions_ahead < PARTITION_DAYS)
		return;
	f->partitions_ahead = 0;
	f->partitions_due_us = clock_mono_us() + PARTITIONS_MS * US_PER_MS;
}

/* Fill the batch with whatever is due; partitions lock tables and go alone. */
static void add_due(struct feed *f, struct db_batch *b, int64_t now_us)
{
	int64_t mono_us = clock_mono_us();

	f->asked_lease = f->asked_tick = f->asked_head = -1;
	f->asked_blocker = f->asked_partitions = -1;
	if (f->lease.fence && mono_us >= f->partitions_due_us && !f->had_partitions) {
		add_partitions(f, b, now_us);
		f->had_partitions = f->is_again = true;
		return;
	}
	f->had_partitions = false;
	if (f->may_sequence && mono_us >= f->lease.due_us) {
		f->asked_lease = db_batch_count(b);
		lease_take_add(&f->lease, b);
	}
	if (!f->lease.fence) {
		tick_leave(); /* what waits is another daemon's to tell */
		f->asked_head = db_batch_count(b);
		q_feed_head_add(b);
		return;
	}
	add_tick(f, b, now_us);
	if (mono_us >= f->expire_due_us) {
		expire_some(f->pool, now_us);
		f->expire_due_us = mono_us + EXPIRE_EVERY_MS * US_PER_MS;
	}
	sweep_look(&f->tick, f->pool, now_us);
	sweep_look(&f->recount, f->pool, now_us);
	if (f->stall_ms > FEED_STALL_MS && mono_us >= f->blocker_due_us) {
		f->asked_blocker = db_batch_count(b);
		q_feed_blocker_add(b, &(struct q_feed_blocker){.horizon = str_of(f->horizon)});
		f->blocker_due_us = mono_us + FEED_STALL_MS * US_PER_MS;
	}
}

static void keep_text(struct str s, char *to, size_t size)
{
	(void)snprintf(to, size, "%.*s", (int)s.len, s.at);
}

/* How long to wait for the next look. */
static void set_pace(struct feed *f, bool has_moved, bool is_held_up)
{
	if (is_held_up && f->wait_ms > FEED_TICK_MS)
		f->wait_ms = FEED_SOON_MS;
	else if (has_moved)
		f->wait_ms = is_held_up ? FEED_SOON_MS : FEED_TICK_MS;
	else
		f->wait_ms *= 2;
	if (f->wait_ms > (is_held_up ? FEED_TICK_MS : FEED_IDLE_MS))
		f->wait_ms = is_held_up ? FEED_TICK_MS : FEED_IDLE_MS;
}

static void say_waiting(struct feed *f, int64_t ms)
{
	f->stall_ms = ms;
	metric_set(METRIC_FEED_STALL, ms / 1000);
}

/* What waits is not known while no look succeeds: it may have come when the first began that did
 * not. */
static void doubt(struct feed *f, int64_t now_us)
{
	int64_t ms;

	if (!f->doubtful_us)
		f->doubtful_us = now_us;
	ms = (now_us - f->doubtful_us) / US_PER_MS;
	if (ms > f->stall_ms)
		say_waiting(f, ms);
}

static void take_tick(struct feed *f, const struct q_feed_tick_row *row)
{
	keep_text(row->next_xid, f->from_xid, sizeof(f->from_xid));
	keep_text(row->horizon, f->horizon, sizeof(f->horizon));
	buf_clear(&f->held);
	buf_str(&f->held, row->held);
	if (f->is_full)
		f->full_due_us = clock_mono_us() + FEED_FULL_MS * US_PER_MS;
	if (!row->is_sound || buf_err(&f->held) < 0)
		start_over(f);
	if (!row->is_all || !row->is_sound)
		f->is_again = true;
	f->doubtful_us = 0;
	say_waiting(f, row->waiting_ms);
	metric_add(METRIC_FEED_EVENTS, row->given);
	metric_set(METRIC_FEED_HELD, row->held_count);
	set_pace(f, row->given > 0, row->waiting_ms > 0);
	feed_moved(f, row->position);
}

static void say_stall(struct feed *f, const struct db_reply *reply)
{
	struct q_feed_blocker_row row;

	if (q_feed_blocker_one(reply, f->asked_blocker, &row) == 0)
		log_warn("the feed waits for a transaction", F_INT("backend", row.pid),
			 F_INT("waited_ms", f->stall_ms));
	else
		log_warn("the feed waits", F_INT("waited_ms", f->stall_ms),
			 F_Z("transaction", f->horizon));
}

/* A new fence is another term: nothing remembered of the last one counts. */
static void take_reply(struct feed *f, const struct db_reply *reply)
{
	int64_t fence = f->lease.fence;
	struct q_feed_tick_row tick;
	struct q_feed_head_row head;

	if (f->asked_lease >= 0 && lease_taken(&f->lease, reply, f->asked_lease) &&
	    f->lease.fence != fence) {
		start_over(f);
		f->partitions_due_us = 0;
		f->is_again = true;
	}
	if (f->asked_head >= 0 && q_feed_head_one(reply, f->asked_head, &head) == 0) {
		if (head.position > feed_position(f)) {
			f->doubtful_us = 0;
			say_waiting(f, 0);
		}
		set_pace(f, head.position > feed_position(f), false);
		feed_moved(f, head.position);
	}
	if (f->asked_tick >= 0 && f->lease.fence) {
		if (q_feed_tick_one(reply, f->asked_tick, &tick) == 0)
			take_tick(f, &tick);
		else
			lease_lost(&f->lease);
	}
	if (f->asked_blocker >= 0)
		say_stall(f, reply);
}

static void on_looked(void *arg, int err, const struct db_reply *reply)
{
	struct feed *f = arg;
	int64_t dropped;

	f->is_busy = false;
	if (f->is_leaving)
		return;
	if (err == 0) {
		take_reply(f, reply);
	} else if (f->asked_partitions >= 0) {
		log_warn("partitions could not be made", F_ERR(err));
		f->partitions_ahead = 0;
		f->partitions_due_us = clock_mono_us() + PARTITIONS_AGAIN_MS * US_PER_MS;
	} else {
		/* What it did is not known, and the lease may be over when we are back. Of a
		 * database that is away, or not there yet, its pool tells. */
		if (err != ERR_DB_AWAY && log_gate_open(&f->gate, 1, &dropped))
			log_warn("the feed could not be looked at", F_ERR(err),
				 F_INT("unsaid", dropped));
		if (err != ERR_DB_AWAY && f->may_sequence)
			doubt(f, clock_mono_us());
		lease_lost(&f->lease);
		start_over(f);
		f->is_again = false;
		f->wait_ms = f->wait_ms < FEED_IDLE_MS / 2 ? f->wait_ms * 2 : FEED_IDLE_MS;
	}
	if (!f->is_again) {
		feed_rest(f);
		return;
	}
	(void)feed_patience_ms(f, 0); /* however long one look follows another */
	feed_look(f);
}

void feed_look(struct feed *f)
{
	int64_t now_us = clock_now_us();
	const struct db_actor nobody = {.now_us = now_us};
	struct db_batch *b;

	if (f->is_busy || f->is_leaving) {
		f->is_again = true;
		return;
	}
	f->is_again = false;
	arena_done(&f->arena);
	b = db_batch_new(&f->arena, DB_WRITE, &nobody);
	if (!b) {
		feed_rest(f);
		return;
	}
	f->is_busy = true;
	add_due(f, b, now_us);
	db_pool_send(f->pool, b, on_looked, f);
}
