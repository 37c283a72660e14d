/*
 * What is kept of webhooks beside their deliveries: pings and what came of them, and that a
 * receiver wants no more. For the files hook*.c, on the hooks thread.
 */
#pragma once

#include <sys/queue.h>

#include "libassets/base/arena.h"

struct hook_endpoint;
struct hook_proof;
struct hooks;

/* Those that wait to be kept, the oldest first, and the batch that is on its way with some. */
struct hook_notes {
	TAILQ_HEAD(, hook_note) list;
	struct arena arena;
	bool is_sending;
	bool has_moved; /* what is on its way moves versions of webhooks */
};

void notes_init(struct hook_notes *n);
/* Forget those that wait. What is on its way still calls back: the pool ends before the arena. */
void notes_drop(struct hook_notes *n);

/* A ping's attempt (row: taken, may be NULL), and that it has proven itself (NULL: it has not). */
void note_ping(struct hook_endpoint *e, char *row, const struct hook_proof *proof);
/* The receiver wants no more: DISABLED, with the reason (borrowed for ever) shown to its owner. */
void note_disable(struct hook_endpoint *e, const char *reason);
/* Keep what waits, if nothing is on its way. */
void note_turn(struct hooks *h);
