/*
 * Who knows more of what land is worth than everybody is told: a body what it owns or leads, and
 * beside that, since totals are read by all of a partnership, what those own who are in one with
 * it.
 */
#pragma once

#include "libassets/projection/disclosure.h"
#include "projector_book.h"

/* All zero is none. */
struct readers {
	struct arena arena;
	struct names hands; /* the bodies that read an asset; one alone has its own number */
	uint64_t *known_by; /* by hands `words` of them: a bit for each reader */
	size_t count, words;
};

/* Of this book. ERR_NOMEM */
MUST_CHECK int readers_begin(struct readers *r, const struct book *b);
void readers_done(struct readers *r);
/* Whose it is. ERR_NOMEM */
MUST_CHECK int readers_hands(struct readers *r, const struct held *h, uint32_t *ret_hands);
/* No hands are to come. ERR_NOMEM */
MUST_CHECK int readers_find(struct readers *r, const struct book *b);
struct disclosure_knowers readers_knowers(const struct readers *r);
