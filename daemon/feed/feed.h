/*
 * The change feed in this process: where it stands, who is told when it moves, and, in the one
 * process that holds the lease, the sequencer that moves it.
 *
 * Changes are written with a transaction's rows, in an order nobody knows; the sequencer gives
 * each committed one the next position, without gaps and each subject in its own order
 * (sql/queries/feed_tick.sql). Whoever follows the feed reads positions in ascending order and
 * misses nothing. A worker that has committed a change rings feed_wake, so that the next look
 * comes at once; without that it comes every 50 ms, and every second when nothing happens.
 */
#pragma once

#include "libassets/base/base.h"

struct feed;
struct flow_ticket;
struct loop;
struct process;

/*
 * Be part of the feed's life: the first to enter starts it (p->feed), the last to leave ends
 * it, having given the lease back. For the main thread.
 *
 * may_sequence: this process may take the lease; the first to enter decides.
 * ERR_NOMEM  also when the thread cannot be started
 */
MUST_CHECK int feed_enter(struct process *p, bool may_sequence);
void feed_leave(struct process *p);

/* The part `feed` of the process: enters as a sequencer. */
MUST_CHECK int feed_start(struct process *p);

/* Settings were read again: take p->conf. From the main thread. */
void feed_reload(struct process *p);

/* The process ends: nobody waits any longer. From any thread. */
void feed_drain(struct feed *f);

/* Something was committed. From any thread, at the cost of one atomic exchange when it is busy. */
void feed_wake(struct feed *f);

/* The last position that this process knows of; 0 before the first look. From any thread. */
int64_t feed_position(const struct feed *f);

/*
 * How long the oldest change that is committed and has no position has waited for one, as far
 * as this process knows: 0 where another one sequences; while its looks fail, at least since the
 * first that did. From any thread.
 */
int64_t feed_stall_ms(const struct feed *f);

/*
 * Call moved(arg, position) on l's thread whenever the feed has moved, several moves perhaps
 * as one, and once at the beginning. NULL without memory.
 *
 * Two steps end it, and both take NULL. feed_unfollow, on l's thread: nobody is called any
 * more, and the feed's thread is done with l; waits a moment for that thread. Then
 * feed_follower_free, when l is closed: a message may have stood in its mailbox until then.
 */
struct feed_follower;
struct feed_follower *feed_follow(struct feed *f, struct loop *l,
				  void (*moved)(void *arg, int64_t position), void *arg);
void feed_unfollow(struct feed_follower *w);
void feed_follower_free(struct feed_follower *w);

/*
 * Wake the ticket with err 0 when the feed has passed `after`, or wait_ms is over, whichever
 * comes first, or the process drains; with ERR_BUSY when FEED_WAITERS_MAX wait, or without
 * memory. The ticket is taken. From any thread.
 */
void feed_await(struct feed *f, int64_t after, int wait_ms, struct flow_ticket *ticket);
