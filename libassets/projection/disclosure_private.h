/*
 * What was told, as disclosure.c tells it and disclosure_kept.c keeps it.
 */
#pragma once

#include "disclosure.h"

/* What was told of the atoms that are in exactly these told figures. */
struct block {
	uint32_t in[DISCLOSURE_SLOTS];
	uint64_t print; /* of all its atoms */
	int128 sum;
	uint32_t rules; /* that it was told by; 0: not known */
};

/* Prints, open addressing; 0 is a free place. */
struct prints {
	uint64_t *at;
	size_t count, room; /* room is a power of two */
};

struct disclosure {
	struct prints told; /* atoms and blocks that were told, ever */
	struct block *block;
	size_t blocks;
	/* By figure: */
	struct figure {
		bool is_told, is_there; /* is_there: some atom is in it now */
		uint32_t behind;        /* assets that are not open, now */
		uint32_t last;          /* the asset counted last, + 1 */
		int128 sum;
		size_t blocks; /* that were told of it */
		struct disclosure_rules rules;
	} * figure;
	uint32_t figures;
	uint32_t rules; /* of the next telling */
	/* By the last disclosure_take(): is something told otherwise, and the marks it made. */
	bool is_news;
	uint64_t *mark;
	size_t news, mark_room;
};

/* Room for figures below that number, and for so many marks more. ERR_LIMIT, ERR_NOMEM. */
MUST_CHECK int disclosure_reserve(struct disclosure *d, uint32_t figures, size_t marks);

/* Was it told, ever? And that it was; there is room. */
bool disclosure_has(const struct disclosure *d, uint64_t mark);
void disclosure_mark(struct disclosure *d, uint64_t mark);

/* What is told of each figure, from the blocks. */
void disclosure_sum(struct disclosure *d);
