/*
 * What was told, as disclosure.c tells it and disclosure_kept.c keeps it.
 */
#pragma once

#include "disclosure.h"
#include "disclosure_known.h"

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
	struct known known;
	struct prints sums; /* of blocks that were told: each may be told again just so */
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
	size_t kept;    /* bytes of what is known, where it is kept */
	/* By the last disclosure_take(): is something told otherwise, and the sums it told. */
	bool is_news;
	uint64_t *sum_news;
	size_t sum_news_count, sum_news_room;
};

/* splitmix64's last steps: neighbours become strangers. Never 0. */
uint64_t disclosure_mixed(uint64_t n);

/* Room for figures below that number, and for so many sums more. ERR_LIMIT, ERR_NOMEM. */
MUST_CHECK int disclosure_reserve(struct disclosure *d, uint32_t figures, size_t sums);

/* Was this block told just so? And that it was; there is room. */
bool disclosure_has_sum(const struct disclosure *d, uint64_t print);
void disclosure_add_sum(struct disclosure *d, uint64_t print);

/* What is told of each figure, from the blocks. */
void disclosure_sum(struct disclosure *d);

/* Bytes of what is known are parts, each of a kind: one byte, the year (4), the length (8). */
enum disclosure_part {
	DISCLOSURE_PART_MARKS,
	DISCLOSURE_PART_MOVED,
	DISCLOSURE_PART_FIRST_YEAR,
	DISCLOSURE_PART_SUMS,
	DISCLOSURE_PARTS
};

void disclosure_put_part(struct buf *out, enum disclosure_part kind, int32_t year, size_t length);
/* Little endian. */
void disclosure_put_number(struct buf *out, uint64_t n, size_t bytes);
uint64_t disclosure_number(const char *at, size_t bytes);
