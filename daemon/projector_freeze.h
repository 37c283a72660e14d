/*
 * A run being made: its own book, and every figure that is kept, one after the other, so that
 * whoever makes it can stop between two. Each grouping in each scenario, and by year for each
 * authority, partnership, locality and class.
 */
#pragma once

#include <sys/queue.h>

#include "libassets/buf.h"
#include "projector_book.h"

struct ask;

struct freeze {
	TAILQ_ENTRY(freeze) link;
	struct ask *ask;
	enum {
		FREEZE_SETTLE,
		FREEZE_READ,
		FREEZE_COMPARE,
		FREEZE_COUNT,
		FREEZE_FIGURES,
		FREEZE_INPUTS
	} phase;
	struct compare *compare; /* of a movement alone; NULL of one that was kept */
	struct book *book;       /* NULL until it is begun */
	int64_t position;        /* of the feed: what the data include */
	int32_t as_of;           /* of a movement to the register: its day's number; 0: of runs */
	uint32_t counted;        /* assets */
	uint32_t figure;         /* the next one */
	bool is_begun;           /* something is in `out` */
	uint32_t *order;         /* assets by their ids */
	uint32_t ordered;        /* of them are written */
	uint32_t page;           /* assets on one */
	struct buf out;
};

/* Put the rows of the question's overlay in the place of the book's own. ERR_BUG, ERR_NOMEM. */
MUST_CHECK int freeze_overlay(struct freeze *f);

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
