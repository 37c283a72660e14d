/*
 * Names of webhook receivers to addresses, off the event loop.
 *
 * getaddrinfo() blocks, so threads of its own do it: four for names that were answered the last
 * time, sixteen for the others. They share pipes with the loop that asks and nothing else: a
 * question is a pointer written to one of two, the answer the same pointer written to a third. An
 * answer is kept for 30 seconds, a failure not at all. Vetting the addresses is the caller's
 * (hook_url_vet): the answers here are what the name service says. A pipe and no mailbox, because
 * its threads have no loop: they sit in getaddrinfo().
 */
#pragma once

#include <sys/queue.h>

#include "libassets/base/address.h"

struct event_base;
struct hook_names;

enum {
	HOOK_NAMES_THREADS = 4,
	HOOK_NAMES_UNSURE_THREADS = 16,
	HOOK_NAMES_UNSURE_MAX = 1000, /* questions under way that may find nobody */
	HOOK_NAMES_WAIT_MS = 5000,    /* for one who asks; the look-up itself goes on */
	HOOK_NAMES_KEEP_MS = 30000,   /* an answer is good for */
	HOOK_ADDRESS_MAX = 16,        /* of one name; further ones are dropped */
};

/* What a name resolves to, in the order of the name service (RFC 6724). */
struct hook_addresses {
	size_t count;
	struct address at[HOOK_ADDRESS_MAX];
};

/* Threads start here. NULL without memory or file descriptors. Everything runs on base's thread. */
struct hook_names *hook_names_new(struct event_base *base);

/* Nobody may be waiting (assert). Threads end by themselves when their look-up does. Takes NULL. */
void hook_names_free(struct hook_names *n);

/* One that waits; it lives in its owner, who fills `found` and `arg`. */
struct hook_wait {
	LIST_ENTRY(hook_wait) link;
	bool is_waiting;
	/*
	 * Called once, on the loop's thread, perhaps before hook_names_find returns. err is 0, or:
	 * ERR_NOT_FOUND  the name has no address, or the name service failed
	 * ERR_DEADLINE   no answer within 5 seconds
	 * ERR_BUSY       too many questions are under way        ERR_NOMEM
	 */
	void (*found)(void *arg, int err, const struct hook_addresses *addresses);
	void *arg;
};

/* Find its addresses. host: of at most HOOK_HOST_MAX bytes (assert); case does not matter. */
void hook_names_find(struct hook_names *n, struct str host, struct hook_wait *w);

/* Stop waiting; `found` will not be called. Does nothing when it does not wait. */
void hook_wait_stop(struct hook_wait *w);
