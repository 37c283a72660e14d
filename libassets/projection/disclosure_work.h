/*
 * One telling as it is made: disclosure.c cuts and tells, disclosure_sound.c has it audited.
 */
#pragma once

#include "disclosure_audit.h"
#include "disclosure_private.h"

enum { ENTRY_KINDS = 3 };

/* The atoms of one cell: they share all that happens to them. */
struct entry {
	const struct disclosure_cell *cell;
	uint32_t in[DISCLOSURE_SLOTS]; /* the told figures */
	uint32_t piece;                /* the figure of this pass, 0: none that may be told */
	bool has_private, is_told;     /* is_told: as it is now */
	uint64_t print;
	int128 sum;
	size_t fresh_at, fresh;     /* its atoms of which nothing was told, in work.fresh */
	uint32_t kind[ENTRY_KINDS]; /* hands that these are in */
	uint32_t kinds;             /* ENTRY_KINDS + 1: more of them */
	int32_t year;
	/* What stands beside the columns of the audit: is any of it private, and its print. */
	bool has_rest;
	uint64_t rest;
};

struct fresh {
	uint32_t unit, asset;
};

/* One disclosure_take(). */
struct work {
	struct disclosure *d;
	const struct disclosure_now *now;
	struct {
		bool is_known;        /* it, or what it follows from, was told */
		bool had_facts;       /* … and its facts were */
		bool is_column;       /* of the audit */
		uint32_t parts;       /* its atoms: it counts where all of them are together */
		uint32_t stamp, here; /* how many of them were met under that stamp */
	} * unit;
	struct entry *entry;
	size_t entries;
	uint32_t *entry_of; /* by cell: its place + 1; 0: nothing is in it */
	struct fresh *fresh;
	struct block *block; /* to be the told ones */
	size_t blocks;
	struct {
		uint32_t stamp; /* under which it was counted */
		uint32_t hands;
	} * seen; /* by asset */
	uint32_t stamp;
	enum verdict { NOT_HEARD, TELLABLE, REFUSED } * verdict; /* by figure, in this pass */
	bool is_changed;
	struct audit audit;
	struct sound *sound;
};

struct tally {
	uint32_t fresh;     /* assets with an amount of which nothing was told, or enough of them */
	struct hands hands; /* that these are in */
	bool has_private;
	uint64_t print;
	int128 sum;
};

/* One of its atoms, of which nothing was told, behind the others; there is room. */
void work_add_fresh(struct work *w, struct entry *e, uint32_t unit);

struct tally work_tally(struct work *w);
/* More assets than make a difference to what may be told are not counted. */
void work_tally_add(struct work *w, struct tally *t, const struct entry *e);
/* What holds nothing private, enough that is new, or was told just so before. */
bool work_is_tellable(const struct work *w, const struct tally *t);
/* How many assets count in the entries from..to, all of them. */
uint32_t work_fresh(struct work *w, size_t from, size_t to);
/* The entries in the order of blocks, and of the pieces of each. */
void work_sort(struct work *w);
/* The end of the run of entries from `from` on that are in the same block, or piece of it. */
size_t work_run_end(const struct work *w, size_t from, bool of_piece);
bool work_is_open_piece(const struct work *w, const struct entry *e);
/* The figure is not told. */
void work_refuse(struct work *w, uint32_t figure);

/* Was nothing told of it? */
bool work_is_fresh(const struct work *w, uint32_t unit);

/* Its columns: assets of which nothing was told. ERR_NOMEM */
MUST_CHECK int sound_init(struct work *w);
void sound_done(struct work *w);
/* Before any further figure: blocks that would give too much wait. */
void sound_begin(struct work *w);
/* Figures of this slot that would give too much are refused, some of them each time. */
void sound_slot(struct work *w, int round);
