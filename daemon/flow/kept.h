/*
 * What a worker has shown to the public, kept in its memory: for whoever reads the same again
 * before it has changed, without asking the database.
 *
 * Nothing is answered that the database was not seen to stand by in the KEPT_FRESH_MS before the
 * question, nor without a look after this process last committed something or heard of it from the
 * feed: so who writes here reads it here, on whatever thread, and a write of another daemon shows
 * to who asks KEPT_FRESH_MS later. A look is one statement for all that is kept
 * (sql/queries/changed_since.sql), and there is none while nobody asks. Whatever no change speaks
 * of, such as a repair by hand, shows within KEPT_LIFE_MS.
 *
 * Only for what is the same for all who have no key. On the worker's thread, but kept_written.
 */
#pragma once

#include "kept_store.h"

enum {
	KEPT_FRESH_MS = 20,
	KEPT_LIFE_MS = 1000, /* without being read from the database again */
};

struct db_pool;
struct kept;

/* An item is of one subject, whose changes end it; a list ends with any change. */
enum kept_kind { KEPT_ITEM, KEPT_LIST, KEPT_KINDS };

/* bytes_max of both together. NULL without memory. kept_free after the pool's end; takes NULL. */
struct kept *kept_new(struct db_pool *pool, size_t bytes_max);
void kept_free(struct kept *k);

/* The moment since which an answer must have been seen to be right, for who asks now. */
int64_t kept_since_us(void);
/* The answer, borrowed until the next call; NULL when there is none that was right at that moment.
 * Of an item the key is its id. */
const struct kept_entry *kept_find(struct kept *k, enum kept_kind kind, struct str key,
				   int64_t since_us);

/* Who waits for a look; their own memory, until they are called. */
struct kept_waiter {
	TAILQ_ENTRY(kept_waiter) link;
	void (*woken)(void *arg, int err);
	void *arg;
};
/*
 * After kept_find found nothing: true when there is an answer that a look may show to be right, and
 * the waiter is called once after one, never before this returned, with an error of db_done_fn
 * where it failed. False: ask the database.
 */
bool kept_await(struct kept *k, enum kept_kind kind, struct str key, struct kept_waiter *w);
/*
 * Before the database is asked for what was not found. 0: not to be kept, or there is an answer
 * already; else kept_fill or kept_drop is owed, with this stamp.
 */
uint64_t kept_begin(struct kept *k, enum kept_kind kind, struct str key);
/* See kept_store_fill. */
void kept_fill(struct kept *k, enum kept_kind kind, struct str key, uint64_t stamp,
	       const struct kept_answer *answer);
void kept_drop(struct kept *k, enum kept_kind kind, struct str key, uint64_t stamp);

/* Something was committed, or may have been. Before anybody is told. From any thread. */
void kept_written(void);
