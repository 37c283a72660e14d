/*
 * A thread with an event base and a mailbox. Threads share nothing; one speaks to another
 * only by posting a message, which runs there.
 */
#pragma once

#include "libassets/base/base.h"

struct event_base;
struct loop;

/*
 * A loop whose thread is not started yet; `name` (at most 15 characters) shows in logs and is
 * the thread's name. NULL without memory or descriptors, or past 128 loops in the life of the
 * process.
 */
struct loop *loop_new(const char *name);
/* Its event base, borrowed; without locks, so for its own thread once that has started. */
struct event_base *loop_base(struct loop *l);

/* Start the thread, which runs until loop_close. ERR_NOMEM  there can be no further thread. */
MUST_CHECK int loop_start(struct loop *l);

/*
 * Run `run(arg)` on l's thread, soon, in the order of posting from one thread. From any
 * thread, also before loop_start. What is posted to a loop that is closing may never run: then
 * nobody frees arg.
 * ERR_BUSY  the mailbox is full (65,536 messages)    ERR_NOMEM    On both arg stays the caller's.
 */
MUST_CHECK int loop_post(struct loop *l, void (*run)(void *arg), void *arg);

/*
 * Run `last(arg)` on the thread after all that is posted, let the thread leave its loop, wait
 * for it, and free the loop. `last` takes everything off the base; it runs here when the
 * thread was never started. Accepts NULL. loop_stop is the same without a last.
 */
void loop_close(struct loop *l, void (*last)(void *arg), void *arg);
void loop_stop(struct loop *l);

/*
 * Milliseconds by which the latest of all running threads is late with its next turn, and its
 * name ("" when none is): for /livez and the watchdog. From any thread.
 */
int64_t loop_worst_lag_ms(const char **ret_name);
