/*
 * What feed.c (life, followers, those who wait) and feed_turn.c (the looks at the database)
 * share. All but the atomics belongs to the feed's thread.
 */
#pragma once

#include <stdatomic.h>
#include <sys/queue.h>

#include "daemon/base/log.h"
#include "daemon/db/lease.h"
#include "daemon/request/sweep.h"
#include "feed.h"
#include "libassets/base/arena.h"
#include "libassets/base/buf.h"

struct db_pool;
struct event;

enum {
	FEED_TICK_MS = 50,        /* while something happens */
	FEED_IDLE_MS = 1000,      /* at most, when nothing does */
	FEED_SOON_MS = 2,         /* again, when something committed waits for other transactions */
	FEED_MOST = 4000,         /* changes looked at in one turn */
	FEED_FULL_MS = 60000,     /* between two looks at all partitions */
	FEED_STALL_MS = 5000,     /* then it is said who is in the way */
	FEED_WAITERS_MAX = 10000, /* requests that wait; more are refused with 503 */
	FEED_ARENA_MAX = 4 << 20, /* bytes of one look's batch */
	FEED_HELD_MAX = 1 << 20,  /* bytes of the ids held back; more begins anew */
};

/* A request that waits for the feed to pass a position. */
struct feed_waiter {
	TAILQ_ENTRY(feed_waiter) link;
	struct feed *feed;
	int64_t after;
	int64_t until_us; /* monotonic */
	struct flow_ticket *ticket;
};
TAILQ_HEAD(feed_waiter_list, feed_waiter);

/* A thread that is told of every move; several become one message. */
struct feed_follower {
	TAILQ_ENTRY(feed_follower) link;
	struct feed *feed;
	struct loop *loop;
	void (*moved)(void *arg, int64_t position);
	void *arg;
	_Atomic int64_t newest; /* the position to be told */
	_Atomic bool is_posted; /* a message is on its way */
};

struct feed {
	struct loop *loop;
	struct db_pool *pool;
	struct event *timer;
	int64_t look_us;          /* monotonic: the next look, while none is under way */
	int64_t rings_us;         /* the timer, for that or for somebody's patience */
	_Atomic int64_t position; /* see feed_position */
	_Atomic bool is_woken;    /* a look has been asked for and has not begun */
	int users;                /* the main thread's */
	bool may_sequence;

	TAILQ_HEAD(, feed_follower) followers;
	struct feed_waiter_list waiters;
	int waiter_count;

	/* One look at a time. */
	bool is_busy, is_again, is_draining, is_leaving;
	struct arena arena;
	struct lease lease;
	/* Numbers of the batch's statements, -1 those not in it. */
	int asked_lease, asked_tick, asked_head, asked_blocker, asked_partitions;
	bool is_full; /* the look under way takes all partitions */
	int64_t full_due_us, partitions_due_us, blocker_due_us, expire_due_us; /* monotonic */
	struct sweep tick, recount;
	int partitions_ahead;     /* days already made in this round */
	bool had_partitions;      /* the last look did nothing else */
	int64_t looked_at_us;     /* wall clock of the last look: a jump asks for a full one */
	char from_xid[24];        /* where the last tick ended */
	char horizon[24];         /* below it no transaction is under way */
	struct buf held;          /* ids not yet to be told, as text[] */
	int wait_ms;              /* until the next look */
	_Atomic int64_t stall_ms; /* how long the oldest committed change has waited */
	int64_t doubtful_us; /* monotonic: looks fail since then and nothing moved; 0 they do not */
	struct log_gate gate;
};

/* Look again in wait_ms. */
void feed_rest(struct feed *f);
/* Look now, or as soon as the look under way is over. */
void feed_look(struct feed *f);
/* The feed stands there: tell all who follow or wait. A position already known is no news. */
void feed_moved(struct feed *f, int64_t position);
/* Wake those who have waited long enough; milliseconds until the next has, at most `most_ms`. */
int feed_patience_ms(struct feed *f, int most_ms);
