/*
 * A run being made: its own book, and every figure that is kept, one after the other, so that
 * whoever makes it can stop between two. Each grouping in each scenario, and by year for each
 * authority, partnership, locality and class.
 */
#pragma once

#include <sys/queue.h>

#include "libassets/base/buf.h"
#include "projector_book.h"

struct ask;
struct freeze_course;

/* What the work of a run may take. */
struct freeze_means {
	uint32_t threads; /* that share the paths */
	size_t bytes;     /* of sums of paths at a time; less than one node's is as much as that */
	size_t copies;    /* bytes of inputs copied for those that wait; one may be larger */
};

enum { FREEZE_XID_TEXT = 24, FREEZE_ID_TEXT = 31 };

struct freeze {
	TAILQ_ENTRY(freeze) link;
	struct ask *ask;
	enum {
		FREEZE_SETTLE,
		FREEZE_READ,
		FREEZE_COMPARE,
		FREEZE_COUNT,
		FREEZE_SIMULATE,
		FREEZE_FIGURES,
		FREEZE_INPUTS
	} phase;
	struct compare *compare; /* of a movement alone; NULL of one that was kept */
	struct book *book;       /* NULL until it is begun */
	_Atomic size_t *copied;  /* of all there are, its copy's bytes among them; NULL: no copy */
	size_t bytes;            /* of its copy */
	int64_t position;        /* of the feed: what the data include */
	int32_t as_of;           /* of a movement to the register: its day's number; 0: of runs */
	char above[FREEZE_XID_TEXT];  /* empty: the moment has not passed long enough */
	char after[FREEZE_ID_TEXT];   /* the last asset read */
	unsigned aside;               /* how often others went before it once it was begun */
	uint32_t counted;             /* assets */
	struct freeze_course *course; /* of its simulation; NULL before and after */
	uint32_t figure;              /* the next one */
	bool is_begun;                /* something is in `out` */
	uint32_t *order;              /* assets by their ids */
	uint32_t ordered;             /* of them are written */
	uint32_t page;                /* assets on one */
	struct buf out;
};

/* How long one that is asked for may take. */
int freeze_patience_ms(const struct ask *a);
/* How far it is, to who looks. */
void freeze_say(const struct freeze *z);
/* … of its simulation, in assets of all passes; `of` 0 before it has begun. */
void freeze_simulated(const struct freeze *z, uint32_t *ret_done, uint32_t *ret_of);
/* A look at totals, or a movement. */
bool freeze_is_short(const struct ask *a);

/*
 * Room for a copy of the inputs, beside the `copied` bytes that there are: one may be larger than
 * `most`, all together may not. ERR_BUSY. It is given back when the run is freed.
 */
MUST_CHECK int freeze_reserve(struct freeze *f, const struct book *from, _Atomic size_t *copied,
			      size_t most);
/*
 * The inputs as they are, under the question's parameters; or a glance's. ERR_INVALID with flaws in
 * its answer, ERR_NOMEM.
 */
MUST_CHECK int freeze_copy(struct freeze *f, const struct book *from, int64_t position);

/* Put the rows of the question's overlay in the place of the book's own. ERR_BUG, ERR_NOMEM. */
MUST_CHECK int freeze_overlay(struct freeze *f);

/*
 * The sums are whole: simulate, and give the book its percentiles, until about a moment and further
 * with the next call. ERR_NOMEM, after which there is nothing to go on with.
 */
MUST_CHECK int freeze_simulate(struct freeze *f, const struct freeze_means *means, int64_t until_us,
			       bool *ret_is_done);
/* Whatever is left of one that was not done. Accepts NULL. */
void freeze_course_free(struct freeze_course *c);

/*
 * A glance (struct projector_question): its book, copied from another, in z->book; and, once that
 * is whole, the answer, which is all of it. ERR_INVALID with flaws, ERR_NOMEM.
 */
MUST_CHECK int glance_begin(struct freeze *z, const struct book *from, struct flaws *flaws);
MUST_CHECK int glance_end(struct freeze *z);

/* The book is whole: write the head of the answer. ERR_NOMEM, ERR_LIMIT. */
MUST_CHECK int freeze_head(struct freeze *f);
/* Write the next figures; false when there are no more. */
bool freeze_figure(struct freeze *f);

/*
 * Then the inputs, each a line behind the figures: first the frame, then pages of assets, at most
 * RUN_PAGES_MAX together. ERR_NOMEM.
 */
MUST_CHECK int freeze_inputs_begin(struct freeze *f);
/* Write the next page; false after the last, the answer then being complete. */
bool freeze_inputs(struct freeze *f);
