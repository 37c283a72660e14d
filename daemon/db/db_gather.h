/*
 * Reads by key that share their statement: all who ask for items of one kind in the same turn
 * of the loop as the same actor are answered by one batch, one actor_set and one statement,
 * which costs little more than one of them alone. Each hears of its own item and of
 * nothing else, in the terms of a batch of its own.
 *
 * Row policies see the actor and the id, as ever. `request_id` only names who writes, and is left
 * out; the moment is that of the newest of those who ask.
 *
 *	w->kind = …, w->id = …, w->actor = …;      on_answer(arg, err, reply):
 *	db_pool_want(pool, w, on_answer, f);              q_item_show_one(reply, 0, &row)
 */
#pragma once

#include <sys/queue.h>

#include "db.h"

enum {
	DB_GATHER_MAX = 64,    /* askers of one batch, at most */
	DB_GATHER_ID_MAX = 64, /* bytes of an id; ours have 30 */
};

/* May this id be asked for with others? One that may not can be no item's, and goes alone. */
bool db_may_gather(struct str id);

/*
 * One who asks; the asker's memory, and all that it points to, until it has been called back.
 * The asker sets what stands above the line.
 */
struct db_want {
	struct str kind; /* as item_gather takes it */
	struct str id;   /* db_may_gather */
	int share_max;   /* askers of one batch: few where one item may take long */
	int out_max;     /* batches of one actor and kind under way; both are equal for a kind */
	struct db_actor actor;
	/* ---- db_gather.c's own ---- */
	TAILQ_ENTRY(db_want) link;
	db_done_fn *done;
	void *arg;
	int64_t asked_us; /* monotonic */
	int err;          /* why it is over without having been sent */
};

/*
 * Ask, on the pool's thread, as a batch of DB_READ: `done` is called once, never before this
 * returned, with the errors of db_done_fn. Of its reply statement 0 is item_gather, with the
 * rows of this id alone: one, or none.
 */
void db_pool_want(struct db_pool *p, struct db_want *w, db_done_fn *done, void *arg);
