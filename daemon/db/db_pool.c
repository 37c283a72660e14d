/*
 * Batches to connections: two lanes, each with a bounded queue in front of its connections.
 * Reads and writes share one; reports, which are slow, have their own.
 *
 * A batch goes at once to the connection with the least under way; it waits only when all
 * have DB_DEPTH_MAX. Reads by key come gathered, many askers a batch: db_gather.c.
 *
 * The tick is the pool's only clock: deadlines, the next try to connect, the ping. While
 * nothing of a pool is up only one of its connections tries, so that a database that is
 * away hears little of us and is noticed soon when it is back (DECISIONS 29);
 * the whole daemon has at most two tries under way.
 *
 * Call backs that did not come from a connection wait in `over` for the next turn of the
 * loop, because whoever sends must have returned first.
 */
#include <assert.h>
#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/base/id.h"
#include "daemon/base/log.h"
#include "daemon/base/loop.h"
#include "db_gather.h"
#include "db_private.h"
#include "libassets/base/err.h"
#include "q.h"

enum {
	TICK_MS = 50,                /* while something waits or is away */
	CALM_TICK_MS = 200,          /* else */
	AWAY_WAIT_MS = 80,           /* how long a batch waits for any connection at all */
	BACKOFF_MIN_MS = 50,         /* after the first refusal, doubled with each */
	BACKOFF_MAX_MS = 5000,       /* while others are up */
	BACKOFF_ALONE_MAX_MS = 1000, /* of the one that tries while nothing is up */
	CONNECTING_MAX = 2,          /* in the whole daemon */
	UP_FRESH_MS = 1000,          /* an answer so old still says that it is up */
	PING_AFTER_MS = 400,         /* without an answer, so that the last is always fresh */
	PING_ARENA_MAX = 16 * 1024,  /* bytes; a batch of actor_set alone */
};

struct db_lane {
	struct db_batch_list queue;
	int queued;
	int first, end; /* its connections: first … end - 1 */
};

struct db_pool {
	struct loop *loop;
	char *conninfo;
	struct event *tick;
	struct event *over_event;
	struct db_batch_list over; /* ended without having been sent */
	struct db_lane main, report;
	struct db_gather *gather;
	int64_t answered_us; /* when a connection last answered, monotonic */
	int backoff_ms;      /* after the last failure to connect */
	int64_t next_try_us; /* not before, monotonic */
	bool is_bare;        /* counted among those that wait to try */
	bool is_pinging;
	bool is_closing;
	struct arena ping_arena;
	int conn_count;
	struct db_conn conn[];
};

/* Of all pools of this process: tries under way, and pools that have nothing and wait to try. */
static _Atomic int connecting, bare;

static struct db_lane *lane_of(struct db_pool *p, enum db_purpose purpose)
{
	return purpose >= DB_REPORT ? &p->report : &p->main;
}

static bool pool_has_up(const struct db_pool *p)
{
	for (int i = 0; i < p->conn_count; i++) {
		if (p->conn[i].state == DB_CONN_UP)
			return true;
	}
	return false;
}

/* The connection with the least under way that takes one more, NULL if none. */
static struct db_conn *lane_conn(struct db_pool *p, const struct db_lane *lane)
{
	struct db_conn *best = NULL;

	for (int i = lane->first; i < lane->end; i++) {
		struct db_conn *c = &p->conn[i];

		if (c->state != DB_CONN_UP || c->is_broken || c->sent_count >= DB_DEPTH_MAX)
			continue;
		if (!best || c->sent_count < best->sent_count)
			best = c;
	}
	return best;
}

static void lane_dispatch(struct db_pool *p, struct db_lane *lane)
{
	struct db_conn *c;
	struct db_batch *b;

	while ((b = TAILQ_FIRST(&lane->queue)) && (c = lane_conn(p, lane))) {
		TAILQ_REMOVE(&lane->queue, b, link);
		lane->queued--;
		db_conn_send(c, b);
	}
}

static void batch_finish(struct db_batch *b, int err)
{
	struct db_reply reply = b->reply; /* the call back may free the arena, and b with it */

	(void)FAULT_POINT(DB_BEFORE_DONE);
	b->done(b->arg, err, &reply);
	db_reply_clear(&reply);
}

/* Call back in the next turn of the loop. */
static void batch_defer(struct db_pool *p, struct db_batch *b, int err)
{
	b->err = err;
	TAILQ_INSERT_TAIL(&p->over, b, link);
	event_active(p->over_event, EV_TIMEOUT, 0);
}

static void on_over(evutil_socket_t fd, short what, void *arg)
{
	struct db_pool *p = arg;
	struct db_batch_list now = TAILQ_HEAD_INITIALIZER(now);
	struct db_batch *b;

	(void)fd;
	(void)what;
	/* Whoever is called may send, and fail, again: into the list for the next turn. */
	TAILQ_CONCAT(&now, &p->over, link);
	while ((b = TAILQ_FIRST(&now))) {
		TAILQ_REMOVE(&now, b, link);
		batch_finish(b, b->err);
	}
}

void db_pool_send(struct db_pool *p, struct db_batch *b, db_done_fn *done, void *arg)
{
	struct db_lane *lane = lane_of(p, b->purpose);

	b->done = done;
	b->arg = arg;
	if (!b->queued_us)
		b->queued_us = clock_mono_us();
	if (!b->err && FAULT_POINT(DB_QUEUED) < 0)
		b->err = ERR_BUSY;
	if (!b->err && p->is_closing)
		b->err = ERR_DB_AWAY;
	else if (!b->err && lane->queued >= DB_QUEUE_MAX * (lane->end - lane->first))
		b->err = ERR_BUSY;
	if (b->err) {
		batch_defer(p, b, b->err);
		return;
	}
	TAILQ_INSERT_TAIL(&lane->queue, b, link);
	lane->queued++;
	lane_dispatch(p, lane);
}

void db_pool_want(struct db_pool *p, struct db_want *w, db_done_fn *done, void *arg)
{
	w->done = done;
	w->arg = arg;
	db_gather_add(p->gather, w, p->is_closing ? ERR_DB_AWAY : 0);
}

void db_pool_batch_over(struct db_pool *p, struct db_batch *b, int err)
{
	if (err != ERR_DB_AWAY)
		p->answered_us = clock_mono_us();
	batch_finish(b, err);
}

int db_pool_width(const struct db_pool *p)
{
	return p->conn_count;
}

void db_pool_batch_again(struct db_pool *p, struct db_batch *b)
{
	struct db_lane *lane = lane_of(p, b->purpose);

	db_reply_clear(&b->reply);
	b->agains++;
	b->is_sent = false;
	/* It was first already. */
	TAILQ_INSERT_HEAD(&lane->queue, b, link);
	lane->queued++;
}

static void stop_trying(struct db_conn *c)
{
	if (c->is_trying)
		atomic_fetch_sub(&connecting, 1);
	c->is_trying = false;
}

void db_pool_conn_up(struct db_conn *c)
{
	struct db_pool *p = c->pool;

	stop_trying(c);
	p->answered_us = p->next_try_us = clock_mono_us();
	log_info("database connection ready", F_INT("number", c->number));
	db_pool_conn_idle(c);
}

void db_pool_conn_idle(struct db_conn *c)
{
	struct db_pool *p = c->pool;

	lane_dispatch(p, c->number < p->main.end ? &p->main : &p->report);
}

/* Between half of it and the whole, so that many do not come at once. */
static int jitter(int ms)
{
	uint32_t r;

	id_random(&r, sizeof(r));
	return ms / 2 + (int)(r % (unsigned)(ms / 2 + 1));
}

/* After the loss of a connection that was of use we try at once, after a refusal later. */
void db_pool_conn_lost(struct db_conn *c)
{
	struct db_pool *p = c->pool;
	int max = pool_has_up(p) ? BACKOFF_MAX_MS : BACKOFF_ALONE_MAX_MS;
	int64_t now = clock_mono_us();

	p->backoff_ms = p->backoff_ms ? p->backoff_ms * 2 : BACKOFF_MIN_MS;
	if (p->backoff_ms > max)
		p->backoff_ms = max;
	if (c->was_of_use)
		p->backoff_ms = 0;
	c->was_of_use = false;
	p->next_try_us = now + (int64_t)jitter(p->backoff_ms) * 1000;
	stop_trying(c);
	event_active(p->tick, EV_TIMEOUT, 0);
}

static bool pool_is_trying(const struct db_pool *p)
{
	for (int i = 0; i < p->conn_count; i++) {
		if (p->conn[i].is_trying)
			return true;
	}
	return false;
}

static void set_bare(struct db_pool *p, bool is_bare)
{
	if (p->is_bare != is_bare)
		atomic_fetch_add(&bare, is_bare ? 1 : -1);
	p->is_bare = is_bare;
}

/* Who has nothing goes before those who want more: at a start the last to come answers clients. */
static bool take_try(struct db_pool *p)
{
	bool has_up = pool_has_up(p);

	if (has_up && atomic_load(&bare))
		return false;
	if (atomic_fetch_add(&connecting, 1) < CONNECTING_MAX) {
		set_bare(p, false);
		return true;
	}
	atomic_fetch_sub(&connecting, 1);
	set_bare(p, !has_up);
	return false;
}

/* One try at a time while nothing is up, all at once after that; two in the whole daemon. */
static void tick_connect(struct db_pool *p, int64_t now)
{
	for (int i = 0; i < p->conn_count; i++) {
		struct db_conn *c = &p->conn[i];

		if (c->state != DB_CONN_AWAY || now < p->next_try_us)
			continue;
		if (!pool_has_up(p) && pool_is_trying(p))
			return;
		if (!take_try(p))
			return;
		c->is_trying = true;
		db_conn_start(c, loop_base(p->loop), p->conninfo);
	}
}

/*
 * Give up on what has waited for too long: soon while no connection is there at all, else at
 * its deadline. What is sent has the connection's patience.
 */
static void tick_queue(struct db_pool *p, struct db_lane *lane, int64_t now)
{
	bool is_away = !pool_has_up(p);
	struct db_batch *b, *next;

	for (b = TAILQ_FIRST(&lane->queue); b; b = next) {
		int64_t waited_ms = (now - b->queued_us) / 1000;

		next = TAILQ_NEXT(b, link);
		if (!(is_away && waited_ms >= AWAY_WAIT_MS) &&
		    waited_ms < db_deadline_ms(b->purpose))
			continue;
		TAILQ_REMOVE(&lane->queue, b, link);
		lane->queued--;
		batch_defer(p, b, is_away ? ERR_DB_AWAY : ERR_DEADLINE);
	}
}

/* The same for those who wait to be gathered. */
static void tick_gather(struct db_pool *p, int64_t now)
{
	if (pool_has_up(p))
		db_gather_check(p->gather, now, db_deadline_ms(DB_READ), ERR_DEADLINE);
	else
		db_gather_check(p->gather, now, AWAY_WAIT_MS, ERR_DB_AWAY);
}

static void on_pong(void *arg, int err, const struct db_reply *reply)
{
	struct db_pool *p = arg;

	(void)err;
	(void)reply;
	p->is_pinging = false;
	arena_done(&p->ping_arena);
}

/* A batch with nothing but its actor, where nothing else says that the database answers. */
static void tick_ping(struct db_pool *p, int64_t now)
{
	struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_conn *c = lane_conn(p, &p->main);
	struct db_batch *b;

	if (p->is_pinging || !c || c->sent_count || now - p->answered_us < PING_AFTER_MS * 1000)
		return;
	b = db_batch_new(&p->ping_arena, DB_READ, &nobody);
	if (!b)
		return;
	p->is_pinging = true;
	b->done = on_pong;
	b->arg = p;
	db_conn_send(c, b);
}

/* Often while something waits or is away, else seldom. */
static void tick_again(struct db_pool *p)
{
	bool is_calm = !p->main.queued && !p->report.queued && !db_gather_has_waiting(p->gather);
	struct timeval wait = {0, 0};

	for (int i = 0; i < p->conn_count; i++)
		is_calm &= p->conn[i].state == DB_CONN_UP;
	wait.tv_usec = (is_calm ? CALM_TICK_MS : TICK_MS) * 1000;
	evtimer_add(p->tick, &wait);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct db_pool *p = arg;
	int64_t now = clock_mono_us();

	(void)fd;
	(void)what;
	for (int i = 0; i < p->conn_count; i++)
		db_conn_check(&p->conn[i], now);
	tick_connect(p, now);
	tick_queue(p, &p->main, now);
	tick_queue(p, &p->report, now);
	tick_gather(p, now);
	tick_ping(p, now);
	tick_again(p);
}

struct db_pool *db_pool_new(struct loop *l, const char *conninfo, int connections,
			    enum db_preparing preparing)
{
	int count = connections + 1;
	struct db_pool *p = calloc(1, sizeof(*p) + (size_t)count * sizeof(p->conn[0]));

	if (!p)
		return NULL;
	p->loop = l;
	p->conninfo = strdup(conninfo);
	p->tick = evtimer_new(loop_base(l), on_tick, p);
	p->over_event = evtimer_new(loop_base(l), on_over, p);
	TAILQ_INIT(&p->over);
	TAILQ_INIT(&p->main.queue);
	TAILQ_INIT(&p->report.queue);
	p->main.end = p->report.first = connections;
	p->report.end = p->conn_count = count;
	p->gather = db_gather_new(p, loop_base(l), DB_QUEUE_MAX * connections);
	arena_init(&p->ping_arena, PING_ARENA_MAX);
	for (int i = 0; i < count; i++)
		db_conn_init(&p->conn[i], p, i, i < connections ? preparing : DB_PREPARE_SENT);
	if (!p->conninfo || !p->tick || !p->over_event || !p->gather) {
		db_pool_free(p);
		return NULL;
	}
	event_active(p->tick, EV_TIMEOUT, 0);
	return p;
}

static void give_up(struct db_lane *lane)
{
	struct db_batch *b;

	while ((b = TAILQ_FIRST(&lane->queue))) {
		TAILQ_REMOVE(&lane->queue, b, link);
		lane->queued--;
		batch_finish(b, ERR_DB_AWAY);
	}
}

void db_pool_free(struct db_pool *p)
{
	if (!p)
		return;
	p->is_closing = true;
	set_bare(p, false);
	for (int i = 0; i < p->conn_count; i++) {
		stop_trying(&p->conn[i]);
		db_conn_done(&p->conn[i]);
	}
	give_up(&p->main);
	give_up(&p->report);
	while (!TAILQ_EMPTY(&p->over))
		on_over(-1, 0, p);
	/* Nothing of theirs is under way any more. */
	db_gather_free(p->gather);
	if (p->tick)
		event_free(p->tick);
	if (p->over_event)
		event_free(p->over_event);
	free(p->conninfo);
	free(p);
}

bool db_pool_is_up(const struct db_pool *p)
{
	return pool_has_up(p) && clock_mono_us() - p->answered_us <= UP_FRESH_MS * 1000;
}
