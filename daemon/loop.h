/*
 * A thread with an event base and a mailbox. Threads share nothing; one speaks to another
 * only by posting a message, which runs there.
 */
#pragma once

#include "libassets/base.h"

struct event_base;
struct loop;

/* A loop whose thread is not started yet; name shows in logs and in the thread's name. NULL without
 * memory. */
struct loop *loop_new(const char *name);
struct event_base *loop_base(struct loop *l);

/* Start the thread, which runs until loop_stop. 0 or ERR_NOMEM. */
MUST_CHECK int loop_start(struct loop *l);

/*
 * Run `run(arg)` on l's thread, soon, in the order of posting from one thread. From any
 * thread. ERR_BUSY when the mailbox is full (65,536 messages): arg then stays the caller's.
 */
MUST_CHECK int loop_post(struct loop *l, void (*run)(void *arg), void *arg);

/* Ask the thread to leave its loop after what is posted, wait for it, and free everything. */
void loop_stop(struct loop *l);

/* Milliseconds since the thread last took a turn: for /livez and the watchdog. */
int64_t loop_lag_ms(const struct loop *l);
