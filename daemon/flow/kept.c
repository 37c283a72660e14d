/*
 * See kept.h. Why it is sound: an answer's place stands before its read is sent, so its snapshot is
 * later than the place; from then on each look names what was committed since the look before, and
 * drops the places of it, full or empty. So at any time what is in a place shows all that the last
 * look saw, and that look's snapshot is later than the moment it was sent, `seen_us`.
 *
 * Looks follow one another: one is under way at most. When one fails nothing is known any more, and
 * everything goes.
 */
#include "kept.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/db/db.h"
#include "libassets/base/arena.h"
#include "libassets/base/err.h"
#include "q.h"

enum {
	AGAIN_MS = 10,        /* looks again ahead of KEPT_FRESH_MS, so that few find it over */
	CHANGES_MAX = 256,    /* of one look; beyond, everything goes */
	STANDING_MAX = 4096,  /* bytes: a snapshot of some 200 transactions under way */
	ITEM_MAX = 64 * 1024, /* bytes of an answer */
	LIST_MAX = 1024 * 1024,
	LOOK_ARENA_MAX = 64 * 1024,
};

struct kept {
	struct db_pool *pool;
	struct kept_store store[KEPT_KINDS];
	struct arena arena;  /* of the look */
	struct buf standing; /* of the last look; empty: none */
	int64_t asked_us;    /* when the look under way was sent */
	int64_t seen_us;     /* when the last one that came back was; 0: none */
	bool is_looking;
	TAILQ_HEAD(, kept_waiter) waiters; /* for the end of a look */
};

/* When this process last committed something, monotonic: of all workers. */
static _Atomic int64_t written_us;

/* Two threads that write at once: the later moment stays. */
void kept_written(void)
{
	int64_t now_us = clock_mono_us(), last = atomic_load(&written_us);

	while (last < now_us && !atomic_compare_exchange_weak(&written_us, &last, now_us))
		;
}

struct kept *kept_new(struct db_pool *pool, size_t bytes_max)
{
	struct kept *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->pool = pool;
	k->standing = BUF(STANDING_MAX);
	TAILQ_INIT(&k->waiters);
	arena_init(&k->arena, LOOK_ARENA_MAX);
	kept_store_init(&k->store[KEPT_ITEM], bytes_max / 4);
	kept_store_init(&k->store[KEPT_LIST], bytes_max - bytes_max / 4);
	return k;
}

static void forget(struct kept *k)
{
	for (size_t i = 0; i < KEPT_KINDS; i++)
		kept_store_clear(&k->store[i]);
}

void kept_free(struct kept *k)
{
	if (!k)
		return;
	forget(k);
	arena_done(&k->arena);
	buf_done(&k->standing);
	free(k);
}

static void drop_subjects(struct kept *k, struct str subjects)
{
	if (subjects.len)
		kept_store_clear(&k->store[KEPT_LIST]);
	while (subjects.len)
		kept_store_drop(&k->store[KEPT_ITEM], str_cut(subjects, ',', &subjects), 0);
}

/* Those who are woken may wait again: for the next look. */
static void wake(struct kept *k, int err)
{
	TAILQ_HEAD(, kept_waiter) now = TAILQ_HEAD_INITIALIZER(now);
	struct kept_waiter *w;

	TAILQ_CONCAT(&now, &k->waiters, link);
	while ((w = TAILQ_FIRST(&now))) {
		TAILQ_REMOVE(&now, w, link);
		w->woken(w->arg, err);
	}
}

static void on_look(void *arg, int err, const struct db_reply *reply)
{
	struct kept *k = arg;
	struct q_changed_since_row row;

	k->is_looking = false;
	if (!err)
		err = q_changed_since_one(reply, 0, &row);
	if (!err && !row.is_all)
		drop_subjects(k, row.subjects);
	else
		forget(k);
	buf_clear(&k->standing);
	if (!err)
		buf_str(&k->standing, row.standing);
	if (buf_err(&k->standing) < 0)
		buf_clear(&k->standing);
	k->seen_us = err ? 0 : k->asked_us;
	wake(k, err);
}

/* The moment is taken before the look is sent, and so before its snapshot. */
static void look(struct kept *k)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct str since = buf_view(&k->standing);
	struct db_batch *b;

	arena_done(&k->arena);
	b = db_batch_new(&k->arena, DB_READ, &nobody);
	if (!b)
		return;
	q_changed_since_add(
		b, &(struct q_changed_since){.since = since.len ? since : (struct str){NULL, 0},
					     .most = CHANGES_MAX});
	k->is_looking = true;
	k->asked_us = clock_mono_us();
	db_pool_send(k->pool, b, on_look, k);
}

int64_t kept_since_us(void)
{
	int64_t since_us = clock_mono_us() - KEPT_FRESH_MS * INT64_C(1000);
	int64_t last_us = atomic_load(&written_us);

	return last_us > since_us ? last_us : since_us;
}

const struct kept_entry *kept_find(struct kept *k, enum kept_kind kind, struct str key,
				   int64_t since_us)
{
	struct kept_entry *e = kept_store_find(&k->store[kind], key);
	int64_t now_us, newest_us;

	if (!e || !e->body)
		return NULL;
	now_us = clock_mono_us();
	if (now_us - e->asked_us >= KEPT_LIFE_MS * INT64_C(1000)) {
		kept_store_drop(&k->store[kind], key, 0);
		return NULL;
	}
	newest_us = k->seen_us > e->asked_us ? k->seen_us : e->asked_us;
	if (newest_us < since_us)
		return NULL;
	if (!k->is_looking && now_us - newest_us >= AGAIN_MS * INT64_C(1000))
		look(k);
	kept_store_use(&k->store[kind], e);
	return e;
}

bool kept_await(struct kept *k, enum kept_kind kind, struct str key, struct kept_waiter *w)
{
	const struct kept_entry *e = kept_store_find(&k->store[kind], key);

	if (!e || !e->body)
		return false;
	if (!k->is_looking)
		look(k);
	if (!k->is_looking)
		return false;
	TAILQ_INSERT_TAIL(&k->waiters, w, link);
	return true;
}

uint64_t kept_begin(struct kept *k, enum kept_kind kind, struct str key)
{
	return kept_store_begin(&k->store[kind], key, clock_mono_us());
}

void kept_fill(struct kept *k, enum kept_kind kind, struct str key, uint64_t stamp,
	       const struct kept_answer *answer)
{
	if (answer->body_bytes <= (kind == KEPT_ITEM ? ITEM_MAX : LIST_MAX)) {
		kept_store_fill(&k->store[kind], key, stamp, answer);
		return;
	}
	kept_store_drop(&k->store[kind], key, stamp);
	blob_unref(answer->body);
}

void kept_drop(struct kept *k, enum kept_kind kind, struct str key, uint64_t stamp)
{
	kept_store_drop(&k->store[kind], key, stamp);
}
