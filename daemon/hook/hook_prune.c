/*
 * Forgetting what was tried long ago, a little at a time: on the connection that also keeps what is
 * sent, so that it never waits for us longer than for one day's partition or some thousand rows. On
 * the hooks thread.
 */
#include "daemon/base/clock.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "q.h"

/* Between two rounds, by wall clock; between two pieces of one; rows of a piece. */
enum { EVERY_S = 3600, AGAIN_MS = 1000, ROWS = 5000 };

static void on_pruned(void *arg, int err, const struct db_reply *r)
{
	struct hooks *h = arg;
	struct q_webhook_attempts_drop_row row = {0};

	h->is_pruning = false;
	if (err == 0)
		err = q_webhook_attempts_drop_one(r, 0, &row);
	if (err < 0 && err != ERR_DB_AWAY)
		log_warn("the log of deliveries could not be shortened", F_ERR(err));
	if (err == 0 && row.is_more)
		h->pruned_at_us = 0;
}

void prune_turn(struct hooks *h)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	int64_t mono_us = clock_mono_us();
	char before[CLOCK_TEXT];
	struct db_batch *b;

	if (h->is_pruning || !h->lease.fence || mono_us < h->prune_due_us ||
	    (h->pruned_at_us && nobody.now_us >= h->pruned_at_us &&
	     nobody.now_us < h->pruned_at_us + EVERY_S * INT64_C(1000000)))
		return;
	h->prune_due_us = mono_us + AGAIN_MS * INT64_C(1000);
	h->pruned_at_us = nobody.now_us;
	arena_done(&h->prune_arena);
	b = db_batch_new(&h->prune_arena, DB_WRITE, &nobody);
	if (!b)
		return;
	clock_format(nobody.now_us - h->log_days * INT64_C(86400) * 1000000, before);
	q_webhook_attempts_drop_add(b, &(struct q_webhook_attempts_drop){
					       .before = str_of(before),
					       .most = ROWS,
				       });
	h->is_pruning = true;
	db_pool_send(h->pool, b, on_pruned, h);
}
