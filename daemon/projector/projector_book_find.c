/*
 * What is looked up in a book that is whole: an asset, the key of its sums, those with exceptions.
 */
#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/projection/projection_flags.h"
#include "projector_book.h"

const struct held *book_find(const struct book *b, struct str asset_id)
{
	uint32_t number;

	if (names_find(&b->asset, asset_id, &number) < 0 || number >= b->room)
		return NULL;
	return b->held[number];
}

uint32_t book_key(const struct held *h, enum rollup_dim dim, uint32_t partner)
{
	switch (dim) {
	case ROLLUP_CLASS:
		return h->in.class;
	case ROLLUP_CPP:
		return h->in.cpp;
	case ROLLUP_DECILE:
		return h->in.decile;
	case ROLLUP_LOCALITY:
		return h->in.locality;
	case ROLLUP_PARTNER:
		return partner;
	case ROLLUP_ALL:
	case ROLLUPS:
		break;
	}
	return 0;
}

int book_settle(struct book *b)
{
	uint32_t exceptions = 0;

	for (enum projection_flag f = 0; f < FLAGS; f++)
		exceptions |= (uint32_t)projection_flag_is_exception(f) << f;
	b->excepted = reallocarray(NULL, b->room + 1, sizeof(*b->excepted));
	if (!b->excepted)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < b->room; i++) {
		if (b->held[i] && b->held[i]->flags & exceptions)
			b->excepted[b->excepted_count++] = i;
	}
	return 0;
}
