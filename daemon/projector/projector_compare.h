/*
 * A movement being worked out, on the freezer's thread: pages of a run's inputs are read and walked
 * side by side with those of the other run, or with the register as a book holds it. A piece at a
 * time; of the runs no more than a page each is in memory.
 */
#pragma once

#include "projector_book.h"
#include "projector_moved.h"

struct compare;
struct db_batch;
struct db_reply;

/*
 * From a run to another (live NULL), or to the register: a book of its own, taken, whose sums
 * need not be made; position: what it includes. NULL without memory, the book is then freed.
 */
struct compare *compare_new(struct str from, struct str to, struct book *live, int64_t position);
void compare_free(struct compare *c);

enum compare_state {
	COMPARE_READ, /* it needs a batch: compare_ask, and compare_take of what comes */
	COMPARE_WORK, /* another turn, please */
	COMPARE_DONE, /* compare_moved has it */
};

/*
 * Go on until that time (monotonic).
 * ERR_NOT_FOUND  a run keeps no inputs    ERR_BUG  they are not sound    ERR_NOMEM, ERR_LIMIT
 */
MUST_CHECK int compare_turn(struct compare *c, int64_t until_us, enum compare_state *ret_state);
void compare_ask(const struct compare *c, struct db_batch *b);
MUST_CHECK int compare_take(struct compare *c, const struct db_reply *reply);

/* The whole, which is the caller's; once, after COMPARE_DONE. */
struct moved *compare_moved(struct compare *c);
