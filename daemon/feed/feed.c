/*
 * The feed's thread: its life, those who follow the feed and those who wait for it to move.
 * What it asks the database is feed_turn.c.
 *
 * Followers and waiters stand in lists of this thread; other threads reach them by messages.
 * A follower is told by its newest position and a flag, so however fast the feed moves, one
 * message for each follower is on its way at most. Losing a message (a full mailbox) loses
 * nothing: the next move, or the next look a second later, tells the same.
 */
#include "feed.h"

#include <assert.h>
#include <event2/event.h>
#include <semaphore.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/loop.h"
#include "daemon/base/metric.h"
#include "daemon/db/db.h"
#include "daemon/flow/flow.h"
#include "daemon/flow/kept.h"
#include "daemon/process/process.h"
#include "daemon/request/recount.h"
#include "daemon/request/tick.h"
#include "feed_private.h"
#include "libassets/base/err.h"

int64_t feed_position(const struct feed *f)
{
	return atomic_load(&f->position);
}

int64_t feed_stall_ms(const struct feed *f)
{
	return atomic_load(&f->stall_ms);
}

static void on_woken(void *arg)
{
	struct feed *f = arg;

	atomic_store(&f->is_woken, false);
	f->wait_ms = FEED_SOON_MS;
	feed_look(f);
}

void feed_wake(struct feed *f)
{
	if (!atomic_exchange(&f->is_woken, true) && loop_post(f->loop, on_woken, f) < 0)
		atomic_store(&f->is_woken, false);
}

/* On the follower's thread. */
static void on_told(void *arg)
{
	struct feed_follower *w = arg;

	atomic_store(&w->is_posted, false);
	if (w->moved)
		w->moved(w->arg, atomic_load(&w->newest));
}

static void follower_tell(struct feed_follower *w, int64_t position)
{
	/* In this order: who clears the flag reads the position afterwards, and so this one. */
	atomic_store(&w->newest, position);
	if (!atomic_exchange(&w->is_posted, true) && loop_post(w->loop, on_told, w) < 0)
		atomic_store(&w->is_posted, false); /* the next move tells it */
}

/* The ticket frees itself by being woken; the waiter is this thread's. */
static void waiter_end(struct feed_waiter *w, int err)
{
	struct feed *f = w->feed;

	TAILQ_REMOVE(&f->waiters, w, link);
	f->waiter_count--;
	flow_wake(w->ticket, err, NULL);
	free(w);
}

void feed_moved(struct feed *f, int64_t position)
{
	struct feed_follower *follower;
	struct feed_waiter *w, *next;

	if (position <= feed_position(f))
		return;
	kept_written(); /* what is kept is never older than a position that was told */
	atomic_store(&f->position, position);
	metric_set(METRIC_FEED_POSITION, position);
	TAILQ_FOREACH (follower, &f->followers, link)
		follower_tell(follower, position);
	for (w = TAILQ_FIRST(&f->waiters); w; w = next) {
		next = TAILQ_NEXT(w, link);
		if (w->after < position)
			waiter_end(w, 0);
	}
}

int feed_patience_ms(struct feed *f, int most_ms)
{
	int64_t now_us = clock_mono_us();
	struct feed_waiter *w, *next;

	for (w = TAILQ_FIRST(&f->waiters); w; w = next) {
		int64_t left_ms = (w->until_us - now_us) / 1000;

		next = TAILQ_NEXT(w, link);
		if (left_ms <= 0)
			waiter_end(w, 0);
		else if (left_ms < most_ms)
			most_ms = (int)left_ms;
	}
	return most_ms;
}

static void ring_at(struct feed *f, int64_t at_us)
{
	int64_t left_us = at_us - clock_mono_us();
	const struct timeval wait = {.tv_sec = left_us > 0 ? left_us / 1000000 : 0,
				     .tv_usec = left_us > 0 ? left_us % 1000000 : 0};

	f->rings_us = at_us;
	(void)event_add(f->timer, &wait);
}

/* For the next look, or before it for who has the least patience. */
static void ring_next(struct feed *f)
{
	int64_t now_us = clock_mono_us(), left_us = f->look_us - now_us;
	int most_ms = left_us > 0 ? (int)((left_us + 999) / 1000) : 0;

	ring_at(f, now_us + feed_patience_ms(f, most_ms) * INT64_C(1000));
}

void feed_rest(struct feed *f)
{
	f->look_us = clock_mono_us() + f->wait_ms * INT64_C(1000);
	ring_next(f);
}

static void on_await(void *arg)
{
	struct feed_waiter *w = arg;
	struct feed *f = w->feed;

	/* First into the list: each way out of here takes it off again. */
	TAILQ_INSERT_TAIL(&f->waiters, w, link);
	f->waiter_count++;
	if (f->is_draining)
		waiter_end(w, 0);
	else if (f->waiter_count > FEED_WAITERS_MAX)
		waiter_end(w, ERR_BUSY);
	else if (w->after < feed_position(f))
		waiter_end(w, 0);
	else if (!f->is_busy && w->until_us < f->rings_us)
		ring_at(f, w->until_us);
}

void feed_await(struct feed *f, int64_t after, int wait_ms, struct flow_ticket *ticket)
{
	struct feed_waiter *w = calloc(1, sizeof(*w));

	if (w) {
		*w = (struct feed_waiter){
			.feed = f,
			.after = after,
			.until_us = clock_mono_us() + wait_ms * INT64_C(1000),
			.ticket = ticket,
		};
		if (loop_post(f->loop, on_await, w) == 0)
			return;
		free(w);
	}
	flow_wake(ticket, ERR_BUSY, NULL);
}

static void on_drain(void *arg)
{
	struct feed *f = arg;

	f->is_draining = true;
	/* The analyzer does not see TAILQ_REMOVE take the first one away. */
	while (!TAILQ_EMPTY(&f->waiters)) /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
		waiter_end(TAILQ_FIRST(&f->waiters), 0);
}

void feed_drain(struct feed *f)
{
	if (loop_post(f->loop, on_drain, f) < 0)
		log_warn("cannot drain", F_Z("thread", "feed"));
}

static void on_follow(void *arg)
{
	struct feed_follower *w = arg;

	TAILQ_INSERT_TAIL(&w->feed->followers, w, link);
	follower_tell(w, feed_position(w->feed));
}

struct feed_follower *feed_follow(struct feed *f, struct loop *l,
				  void (*moved)(void *arg, int64_t position), void *arg)
{
	struct feed_follower *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	*w = (struct feed_follower){.feed = f, .loop = l, .moved = moved, .arg = arg};
	if (loop_post(f->loop, on_follow, w) == 0)
		return w;
	free(w);
	return NULL;
}

struct leaving {
	struct feed_follower *follower;
	sem_t gone;
};

static void on_unfollow(void *arg)
{
	struct leaving *leaving = arg;
	struct feed_follower *w = leaving->follower;

	TAILQ_REMOVE(&w->feed->followers, w, link);
	(void)sem_post(&leaving->gone);
}

void feed_unfollow(struct feed_follower *w)
{
	struct leaving leaving = {.follower = w};

	if (!w)
		return;
	(void)sem_init(&leaving.gone, 0, 0);
	/* A full mailbox empties in a moment, and there is nobody to tell of a failure. */
	while (loop_post(w->feed->loop, on_unfollow, &leaving) < 0)
		;
	/* The feed's thread never waits for anybody, so this is short. */
	while (sem_wait(&leaving.gone) < 0)
		;
	(void)sem_destroy(&leaving.gone);
	w->moved = NULL;
}

void feed_follower_free(struct feed_follower *w)
{
	free(w);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct feed *f = arg;

	(void)fd;
	(void)what;
	if (f->is_busy)
		return; /* it is set anew when the look is over */
	if (clock_mono_us() < f->look_us)
		ring_next(f);
	else
		feed_look(f);
}

static struct feed *feed_new(const struct conf *conf, bool may_sequence)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	TAILQ_INIT(&f->followers);
	TAILQ_INIT(&f->waiters);
	arena_init(&f->arena, FEED_ARENA_MAX);
	f->held = BUF(FEED_HELD_MAX);
	f->wait_ms = FEED_TICK_MS;
	f->may_sequence = may_sequence;
	f->tick.work = &tick_work;
	f->recount.work = &recount_work;
	f->tick.days_ahead = f->recount.days_ahead = (int)conf->deadlines_approaching_days;
	lease_init(&f->lease, "feed");
	f->loop = loop_new("feed");
	if (f->loop)
		f->timer = evtimer_new(loop_base(f->loop), on_timer, f);
	if (f->timer)
		f->pool = db_pool_new(f->loop, conf->database_worker, 1, DB_PREPARE_SENT);
	return f;
}

/* On the feed's thread, the last of it. */
static void on_close(void *arg)
{
	struct feed *f = arg;

	db_pool_free(f->pool); /* what is under way calls back, and may set the timer */
	if (f->timer)
		event_free(f->timer);
}

static void feed_free(struct feed *f)
{
	if (f->loop)
		loop_close(f->loop, on_close, f);
	assert(TAILQ_EMPTY(&f->followers));
	arena_done(&f->arena);
	buf_done(&f->held);
	free(f);
}

static void on_leaving(void *arg)
{
	struct feed *f = arg;

	f->is_leaving = true;
	on_drain(f);
}

static void feed_end(struct feed *f)
{
	if (loop_post(f->loop, on_leaving, f) == 0)
		lease_give_back(&f->lease, f->loop, f->pool);
	feed_free(f); /* calls back whatever is still under way */
}

int feed_enter(struct process *p, bool may_sequence)
{
	if (!p->feed) {
		p->feed = feed_new(p->conf, may_sequence);
		if (!p->feed)
			return ERR_NOMEM;
		if (!p->feed->pool || loop_start(p->feed->loop) < 0) {
			feed_free(TAKE(p->feed));
			return ERR_NOMEM;
		}
		feed_wake(p->feed);
	}
	p->feed->users++;
	return 0;
}

void feed_leave(struct process *p)
{
	if (p->feed && --p->feed->users == 0)
		feed_end(TAKE(p->feed));
}

struct new_days {
	struct feed *feed;
	int days_ahead;
};

static void on_reload(void *arg)
{
	struct new_days *n = arg;

	n->feed->tick.days_ahead = n->feed->recount.days_ahead = n->days_ahead;
	free(n);
}

void feed_reload(struct process *p)
{
	struct new_days *n = malloc(sizeof(*n));

	if (n) {
		*n = (struct new_days){p->feed, (int)p->conf->deadlines_approaching_days};
		if (loop_post(p->feed->loop, on_reload, n) == 0)
			return;
		free(n);
	}
	log_warn("settings not taken", F_Z("thread", "feed"));
}

int feed_start(struct process *p)
{
	return feed_enter(p, true);
}
