/*
 * The latest movements, kept so that further pages of one need not be worked out again, and say the
 * same. Questions are answered on one thread; whether there is an answer may be asked from any.
 */
#pragma once

#include <pthread.h>

#include "projector.h"
#include "projector_moved.h"

enum { KEPT_MOVES = 3 };

struct kept_moves {
	pthread_mutex_t lock;            /* of `moved` */
	struct moved *moved[KEPT_MOVES]; /* the newest first; NULL: none */
};

void kept_init(struct kept_moves *k);
void kept_done(struct kept_moves *k);

/* Keep it in the place of the oldest. Takes it. */
void kept_put(struct kept_moves *k, struct moved *m);

/*
 * Is there one between these runs as the question wants it: that of its earlier page, or one that
 * includes as much as the register did when it was asked, on that day (0: of runs)?
 */
bool kept_has(struct kept_moves *k, const struct projector_question *q, int64_t position,
	      int32_t as_of);
/* Answer from it, on the thread that puts; false where there is none. */
bool kept_answer(struct kept_moves *k, const struct projector_question *q, int64_t position,
		 int32_t as_of, struct buf *out);
