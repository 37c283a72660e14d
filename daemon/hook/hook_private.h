/*
 * What the files hook*.c of the sender share. All of it belongs to the hooks thread.
 *
 *	hook.c           life, lease, which webhooks there are, what is due next
 *	hook_endpoint.c  one webhook: from its row, to its line and signer
 *	hook_filter.c    what webhooks want to be sent, once for all that want the same
 *	hook_ping.c      how it proves that it wants to be called
 *	hook_source.c    events as a principal reads them, shared by its webhooks
 *	hook_send.c      windows: which event goes out next, and what came of it
 *	hook_flush.c     what was done, on its way into the database
 *	hook_note.c      pings and ends, on the same way
 *	hook_prune.c     what was done long ago, on its way out
 */
#pragma once

#include <sys/queue.h>

#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "daemon/db/lease.h"
#include "hook.h"
#include "hook_endpoint.h"
#include "hook_note.h"
#include "hook_ping.h"
#include "hook_setup.h"
#include "hook_source.h"
#include "libassets/base/arena.h"
#include "libassets/base/buf.h"
#include "libassets/notify/retry.h"

struct event;
struct feed_follower;

enum {
	HOOK_WINDOW = 16,             /* events of one webhook on their way; 1 of a STRICT one */
	HOOK_AGAIN = 12,              /* of them that are tried again: new ones have a place left */
	HOOK_IN_FLIGHT_MAX = 1024,    /* of all webhooks */
	HOOK_HOST_MAX_IN_FLIGHT = 32, /* to one machine */
	HOOK_PINGING_MAX = 256,     /* of all, those who are asked whether they want to be called */
	HOOK_READS_MAX = 64,        /* sources being read: more would not be queued */
	HOOK_ASKS_MAX = 4,          /* events being read again: sources wait for no more of them */
	HOOK_POLL_MS = 1000,        /* between two looks at the webhooks */
	HOOK_OLDEST_MS = 2000,      /* … for who has waited longest, and for a clock set back */
	HOOK_CURSOR_MS = 100,       /* between two moves of one cursor in the database */
	HOOK_PASSED_MS = 1000,      /* of one that only passes what is not wanted: at least */
	HOOK_PASSING_MS = 5,        /* and for each webhook there is */
	HOOK_GATHER_MS = 50,        /* for what is done, until it is kept all together */
	HOOK_SETTLE_MS = 5000,      /* for what is on its way, before a new version counts */
	HOOK_PAGE = 500,            /* events of one read */
	HOOK_CACHED_MAX = 1000,     /* events of one source in memory */
	HOOK_FRESH_MS = 30000,      /* then they are read again */
	HOOK_FAIL_LEAST = 20,       /* attempts that fail in HOOK_FAIL_DAYS, then it is DISABLED */
	HOOK_FAIL_MOST = 10,        /* webhooks warned or disabled in one look */
	HOOK_ENDPOINTS_MAX = 10000, /* in memory; further ones are not sent to */
};

/* The sender. */
struct hooks {
	struct loop *loop;
	struct db_pool *pool;      /* our own tables, for the installation */
	struct db_pool *reader;    /* events, each read as the principal of its webhook */
	struct event *tick, *turn; /* turn: once, soon */
	struct feed_follower *follower;
	struct hook_setup setup;
	struct hook_net net;
	_Atomic bool is_woken;
	bool is_leaving; /* the end has begun: nothing new is started */
	int64_t head;    /* of the feed */
	int64_t backlog; /* as the metric has it */

	struct lease lease;
	struct hook_endpoint_list endpoints;
	size_t endpoint_count;
	struct hook_endpoint_list ready, held;     /* to be pumped; is_held */
	size_t unproven;                           /* those that are to be pinged */
	TAILQ_HEAD(, hook_source) sources, unread; /* unread: that wait for their turn to be read */
	struct hook_filter **filter;               /* by number; NULL where that is free */
	size_t filter_room;
	TAILQ_HEAD(hook_host_list, hook_host)
	hosts, waiting;                          /* waiting: with webhooks that a cap holds up */
	int in_flight, pinging, asking, reading; /* asking, reading: events again, sources */
	TAILQ_HEAD(, hook_ask) asks;             /* to be read again, the longest first */

	/* One look at a time. */
	bool is_looking, is_look_due;
	bool has_unkept; /* memory was wanting to keep what was done: the next turn starts over */
	struct arena look_arena;
	int64_t look_due_us;                      /* monotonic */
	int64_t oldest_due_us;                    /* monotonic */
	bool has_lease, has_versions, has_oldest; /* what the look asked for */

	struct hook_delivery_list done; /* to be flushed, or being flushed */
	int fresh;                      /* of them, not yet being flushed */
	int64_t fresh_us;               /* monotonic: since when there are any */
	int64_t cursors_us;             /* monotonic: when cursors were last looked at */
	bool is_flush_due;              /* much of a window waits for it */
	bool is_flushing;
	struct arena flush_arena;
	struct hook_notes notes;
	struct log_gate gate;

	int64_t log_days;
	bool is_pruning;
	int64_t pruned_at_us; /* wall clock; 0: there is more */
	int64_t prune_due_us; /* monotonic: not before */
	struct arena prune_arena;
};

/* hook.c: do what is due; called at the end of every turn. */
void hook_turn(struct hooks *h);
/* The same, once for all that this round of the loop brings. */
void hook_turn_soon(struct hooks *h);
/* Everything again from the beginning: the lease or the database is in doubt. */
void hook_start_over(struct hooks *h, const char *why, int err);

/* hook_send.c */
/* How an attempt failed, in the words of the retry schedule. */
struct retry_failure hook_failure(const struct hook_answer *a);
/* Let every ready webhook send what its window takes. */
void send_pump(struct hooks *h);
/* Nobody waits for it to be read again. */
void send_unask(struct hook_delivery *d);
/* One is to be tried again, as webhook_retry says; does nothing where it is known. */
struct q_hook_due_row;
void send_due(struct hook_endpoint *e, const struct q_hook_due_row *row);

/* hook_prune.c: forget some of the log if that is due. */
void prune_turn(struct hooks *h);

/* hook_flush.c */
/* An attempt, for the log. */
struct hook_tried {
	const char *webhook_id, *event_id;
	int64_t position; /* 0 none */
	int number;
	int64_t at_us, next_us; /* wall clock; next 0: there is none */
	const char *result;
};
/* … as JSON; yours to free(), NULL without memory (the attempt then is missing in the log). */
char *flush_row(const struct hook_tried *t, const struct hook_answer *a);
/* An attempt is over, or parked: it is kept with what else comes within the time below. */
void flush_add(struct hook_delivery *d);
/* It is not to be kept after all. */
void flush_forget(struct hook_delivery *d);
/* Keep what was done, if that is due and nothing is on its way. */
void flush_turn(struct hooks *h);
/* Microseconds until that is due by what was done so far, -1: nothing to wait for. */
int64_t flush_wait_us(const struct hooks *h);
/* True if nothing is on its way to it, and all that came of it was kept or is being kept. */
bool flush_has_all(const struct hook_endpoint *e);
