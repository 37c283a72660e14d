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
	enum { FREEZE_SETTLE, FREEZE_READ, FREEZE_COUNT, FREEZE_FIGURES } phase;
	struct book *book; /* NULL until it is begun */
	int64_t position;  /* of the feed: what the data include */
	uint32_t counted;  /* assets */
	uint32_t figure;   /* the next one */
	bool is_begun;     /* something is in `out` */
	struct buf out;
};

/* The book is whole: write the head of the answer. ERR_NOMEM, ERR_LIMIT. */
MUST_CHECK int freeze_head(struct freeze *f);
/* Write the next figures; false when there are no more, the answer then being complete. */
bool freeze_figure(struct freeze *f);
