/*
 * What is wrong with something sent, one row a fault: where (a JSON pointer, RFC 6901, or a
 * column), which kind, in words, and how to mend it. Every decoder of input collects these,
 * so that a sender sees all faults at once, and they become `errors` of the problem
 * document (RFC 9457).
 */
#pragma once

#include "libassets/base/arena.h"

enum { FLAW_MAX = 100 }; /* further ones are counted, not kept */

struct flaw {
	struct str pointer; /* "/owners/1/units"; "" is the whole of it */
	struct str code; /* upper-case, such as UNKNOWN_FIELD, WRONG_TYPE, REQUIRED, OUT_OF_RANGE */
	struct str detail; /* a sentence: what is wrong */
	struct str cure;   /* a sentence: what to send instead */
};

struct flaws {
	struct arena *arena; /* everything below lives there */
	struct flaw *at;     /* flaws_kept() of them; NULL before the first */
	size_t count;        /* how many there were; min(count, FLAW_MAX) are kept */
	bool is_range;       /* some amount does not fit: the whole answer is ERR_RANGE */
};

/* No faults yet. The arena is borrowed; what is added lives there. */
void flaws_init(struct flaws *f, struct arena *arena);

/*
 * Add one; the texts are copied. Never fails: past FLAW_MAX, or without room, it is counted
 * only, and of one that is kept a text without room is absent.
 */
void flaw_add(struct flaws *f, struct str pointer, struct str code, struct str detail,
	      struct str cure);

/*
 * Does it stand at that member of the document, or within it? *ret_inside: where within it, such as
 * "coordinates/0/3"; absent at the member itself. Borrowed.
 */
bool flaw_is_in(const struct flaw *flaw, struct str member, struct str *ret_inside);

/* How many stand in `at`: at most FLAW_MAX, and 0 where there was no room for the first. */
static inline size_t flaws_kept(const struct flaws *f)
{
	if (!f->at)
		return 0;
	return f->count < FLAW_MAX ? f->count : FLAW_MAX;
}

/*
 * 0 without faults.
 * ERR_RANGE  some amount is beyond what is kept.    ERR_INVALID  any other fault.
 */
MUST_CHECK int flaws_err(const struct flaws *f);
