/*
 * One statement in a batch of its own, whose memory goes with its answer. A failure is not
 * worth a word: the next turn tries again.
 *
 * In turn on a loop's thread, so it must not wait; what it removes is no longer valid at all, so
 * nobody notices whether it was removed now or a turn later.
 */
#include "expire.h"

#include <stdlib.h>

#include "daemon/db/db.h"
#include "q.h"

/* Bytes; a batch of one statement. */
enum { ARENA_MAX = 16 * 1024 };

static void on_expired(void *arg, int err, const struct db_reply *reply)
{
	struct arena *a = arg;

	(void)err;
	(void)reply;
	arena_done(a);
	free(a);
}

void expire_some(struct db_pool *p, int64_t now_us)
{
	struct db_actor nobody = {.request_id = STR("expire"), .now_us = now_us};
	struct arena *a = calloc(1, sizeof(*a));
	struct db_batch *b;

	if (!a)
		return;
	arena_init(a, ARENA_MAX);
	b = db_batch_new(a, DB_WRITE, &nobody);
	if (!b) {
		on_expired(a, 0, NULL);
		return;
	}
	q_expired_drop_add(b, &(struct q_expired_drop){.most = EXPIRE_MOST});
	db_pool_send(p, b, on_expired, a);
}
