/*
 * Telling the world what has moved: projection.changed, one at a time for each public body.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libassets/base/money.h"
#include "libassets/base/str.h"

struct book;
struct projector;

enum {
	PROJECTOR_TELL_MS = 100,   /* between two events of one authority */
	PROJECTOR_CAUSES_MAX = 20, /* event ids named as the cause of one */
};

/*
 * A partner, what the world was told of it last, and what has moved it since. After a restart or a
 * new book nobody has seen what moved it: it is not sure then, and those changes after `since`
 * that are about its land are looked up before it is told.
 */
struct told {
	bool is_dirty;
	int64_t due_us; /* monotonic: not told again before */
	bool is_sure;
	bool is_under_way;                    /* being told, or its causes looked up */
	int64_t since;                        /* a position */
	char cause[PROJECTOR_CAUSES_MAX][31]; /* the newest, oldest first */
	uint32_t causes;
	struct told_year {
		int32_t fy;
		int128 baseline_pence,
			adjusted_pence; /* what 64 bits do not hold is told as such */
	} * year;                       /* LIKELY, as told last */
	uint32_t years;
};

/* Tell the world what has moved, if it is time and ours to tell. */
void projector_tell(struct projector *p);
/* Another book is served: partners have other numbers. position: how far the old one went. */
void projector_renamed(struct projector *p, const struct book *old, int64_t position);
void projector_forget(struct projector *p);

/* A partner's sums have moved because of this event (absent: nobody's doing). */
void projector_touched(struct projector *p, uint32_t partner, struct str event_id);
