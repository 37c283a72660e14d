/*
 * How much memory the inputs of a book take, for who decides whether there is room for a copy.
 */
#include "projector_book.h"

enum { BLOCK = 16 /* of the allocator, for each */, NAME = sizeof(struct str) + 2 * 4 + 30 };

static size_t held_bytes(const struct held *h)
{
	const struct projection_completed *c = h->in.completed;

	return sizeof(*h) + BLOCK + h->in.owners * sizeof(*h->in.owner) +
	       h->in.requests * sizeof(*h->in.request) + sizeof(*c) +
	       (c ? c->baseline_quarters * sizeof(*c->baseline) : 0);
}

size_t book_bytes(const struct book *b)
{
	size_t bytes = sizeof(*b) + b->room * sizeof(struct held *) + (size_t)b->asset.count * NAME;

	for (uint32_t i = 0; i < b->room; i++) {
		if (b->held[i])
			bytes += held_bytes(b->held[i]);
	}
	return bytes;
}
