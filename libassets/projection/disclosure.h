/*
 * What may be told of sums to everybody, so that no arithmetic on all that was ever told gives
 * the amount of fewer than DISCLOSURE_LEAST assets.
 *
 * An amount of an asset (an atom) belongs to several figures: the whole, its partnership, its
 * class in a year. Figures that are told cut the atoms into blocks, each block the atoms that are
 * in the very same told figures; what is told of a figure is the sum of its blocks. A block
 * is told anew only when at least DISCLOSURE_LEAST assets in it have amounts that no block told
 * before contained, nor one from which they follow by a rule; until then what was told of it stays.
 * A further figure is told only when every piece into which it cuts a block may be told by itself.
 *
 * Why that is enough: of any sum of multiples of blocks that were ever told take the block told
 * last. Its new amounts stand in no other, so they do not cancel. What several own stands in
 * figures of each in known proportions, so it is new only to a block that holds all of it. All of
 * that holds for each of those who know some assets, with DISCLOSURE_LEFT others
 * (disclosure_hands.h).
 *
 * A rule (parameters, a day) that changes amounts makes none of them new, nor does what everybody
 * sees of an asset (a stage): they are the same unknowns, each times something known. Facts are all
 * that an amount follows from and nobody sees; what is asked is whether they were told, under
 * whatever rules, of whatever year. The caller says
 * is_derived of what disclosure_knows_…() as it was, or would be, under the rules of the last
 * telling; all that is known is noted at each under the rules of then (disclosure_known.h).
 *
 * Of an amount that moves with nothing that is hidden, or with what another disclosure told, the
 * caller says is_bound: it is told with others, and counts as none. One thread at a time. How much
 * an amount moves with its facts everybody knows: years are solved together (disclosure_audit.h).
 */
#pragma once

#include "disclosure_hands.h"
#include "libassets/base/exact.h"
#include "libassets/base/str.h"

struct buf;

enum {
	DISCLOSURE_SLOTS = 11, /* figures that an atom is in */
	DISCLOSURE_FIGURES_MAX = 1 << 24,
	DISCLOSURE_MARKS_MAX = 1 << 24 /* of what was ever told; each of 4 bytes */
};

/* Where amounts stand: those of one cell are in the same figures. */
struct disclosure_cell {
	uint32_t figure[DISCLOSURE_SLOTS]; /* from 1 on, each in one slot; 0: none; earlier first */
	uint32_t hands;                    /* whose parts they are */
};

/* What an asset amounts to in a year, whoever owns it: one thing that nobody is to know. */
struct disclosure_unit {
	uint32_t asset; /* any number; those of one asset stand together */
	uint32_t hands; /* of the asset: all who read what it is worth */
	int32_t year;
	uint64_t whose;  /* of the asset, for ever; not 0 */
	uint64_t amount; /* print of the asset, the year and the amount */
	uint64_t facts;  /* … of the facts nobody sees that it follows from; not a print */
	uint64_t like;   /* … of what the same would be as another asset; 0: of nothing */
	bool is_derived; /* follows by a rule from what was told */
	bool is_bound;   /* … or from what was told elsewhere, or from nothing that is hidden */
	bool is_open;    /* everybody knows it: of what is sold */
	float moves;     /* with its facts, in pence for a penny of it: by that years are solved */
};

/* … and what one owner has of it. */
struct disclosure_atom {
	uint32_t unit, cell; /* their places; those of one unit stand together, in the same order */
	int64_t amount;      /* not 0 */
	uint64_t print;      /* of whose amount this is, and of the amount */
};

/* How things are. */
struct disclosure_now {
	const struct disclosure_cell *cell;
	const struct disclosure_unit *unit;
	const struct disclosure_atom *atom;
	size_t cells, units, atoms;
	struct disclosure_knowers knowers;
};

struct disclosure;

/* Nothing was told. NULL without memory. */
struct disclosure *disclosure_new(void);
void disclosure_free(struct disclosure *d);

/* Tells what may be told of how things are now. Keeps no reference. What was told before stays on
 * ERR_LIMIT: too many figures, or too much was told; and on ERR_NOMEM. */
MUST_CHECK int disclosure_take(struct disclosure *d, const struct disclosure_now *now);

/* … tells nothing: what was told stays, but of figures of too few. The same errors. */
MUST_CHECK int disclosure_follow(struct disclosure *d, const struct disclosure_now *now);

/* Was this amount ever told? Or what follows from these facts, or from such facts of any? */
bool disclosure_knows_amount(const struct disclosure *d, const struct disclosure_unit *u);
bool disclosure_knows_facts(const struct disclosure *d, const struct disclosure_unit *u);
bool disclosure_knows_like(const struct disclosure *d, const struct disclosure_unit *u);

/* Earlier years are over: amounts known of them are forgotten, never what they followed from, since
 * an asset may come back. Were such a year to come back, what is then there counts as known. */
void disclosure_forget(struct disclosure *d, int32_t first_year);

/* What disclosure_take() tells from now on is told by these rules: a number from 1 on that only
 * grows. What is told just as it was is told by them anew. */
void disclosure_begin_rules(struct disclosure *d, uint32_t rules);

/* By which rules parts of a told figure were told, the first and the last, 0 where nobody kept it;
 * first > last where it has none. */
struct disclosure_rules {
	uint32_t first, last;
};

/* Of a sum of two figures. */
static inline struct disclosure_rules disclosure_rules_both(struct disclosure_rules a,
							    struct disclosure_rules b)
{
	return (struct disclosure_rules){a.first < b.first ? a.first : b.first,
					 a.last > b.last ? a.last : b.last};
}

struct disclosure_rules disclosure_rules_of(const struct disclosure *d, uint32_t figure);
/* Does anything that is told stand by them? */
bool disclosure_stands_by(const struct disclosure *d, uint32_t rules);

/* A figure as it was told last. False when it is not told, or when fewer than DISCLOSURE_LEAST
 * assets, but some, stand behind it now. One that no atom is in is told, and 0. */
bool disclosure_read(const struct disclosure *d, uint32_t figure, int128 *ret_amount);

/* How much in a hundred of the room for what was ever told is taken, and was asked for by the last
 * disclosure_take(): beyond 100 that told nothing, ERR_LIMIT. */
int disclosure_full_percent(const struct disclosure *d);

/* Is anything told otherwise by the last disclosure_take() than before it? */
bool disclosure_is_news(const struct disclosure *d);

/*
 * What was told outlives a process as bytes: what is told now, whole each time, and what is known
 * of all that was ever told, to which each disclosure_take() adds. disclosure_get() goes on from
 * both. old: marks of 8 bytes, as once kept. ERR_INVALID  not such bytes    ERR_LIMIT    ERR_NOMEM
 */
void disclosure_put(const struct disclosure *d, struct buf *out);
/* By the last take, or, to be kept in place of all that is kept, everything. */
void disclosure_put_known(struct disclosure *d, bool is_whole, struct buf *out);
MUST_CHECK int disclosure_get(struct str told, struct str known, struct str old,
			      struct disclosure **ret_disclosure);
/* Is most of what is kept of no use, so that everything is better kept anew? */
bool disclosure_is_scattered(const struct disclosure *d);

/* By which rules it was told, for what disclosure_get() gave. ERR_INVALID  not such bytes */
void disclosure_put_rules(const struct disclosure *d, struct buf *out);
MUST_CHECK int disclosure_get_rules(struct disclosure *d, struct str rules);
