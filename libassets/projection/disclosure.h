/*
 * What may be told of sums to everybody, so that no arithmetic on all that was ever told gives
 * the amount of fewer than DISCLOSURE_LEAST assets.
 *
 * An amount of an asset (an atom) belongs to several figures: the whole, its partnership, its
 * class in a year. Figures that are told cut the atoms into blocks, each block the atoms that are
 * in the very same told figures, and what is told of a figure is the sum of its blocks. A block
 * is told anew only when at least DISCLOSURE_LEAST assets in it have amounts that no block told
 * before contained, nor one from which they follow by a rule; until then what was told of it stays.
 * A further figure is told only when every piece into which it cuts a block may be told by itself.
 *
 * Why that is enough: take any sum of multiples of blocks that were ever told, and of those in it
 * the block told last. Its new amounts stand in no other, so they do not cancel. What several own
 * stands in figures of each in proportions that everybody knows, so it is in sums and never new.
 *
 * A rule (parameters, a day) that changes amounts makes none of them new: whoever knows it counts
 * them as the same unknowns, each times something known, and would else have from two tellings
 * of the same assets the sum of those that the rule moved more. So what is asked is whether
 * the facts behind an amount were told, under whatever rules. The caller says is_derived of what
 * disclosure_knows() as it was, or would have been, under the rules of the last telling; all that
 * is known is marked at each telling under the rules of then.
 *
 * One thread at a time. The years of an asset are unknowns of their own: who knows how one follows
 * from another knows more than this counts on.
 */
#pragma once

#include "libassets/base/exact.h"
#include "libassets/base/str.h"

struct buf;

enum {
	DISCLOSURE_LEAST = 3,
	DISCLOSURE_SLOTS = 11, /* figures that an atom is in */
	DISCLOSURE_FIGURES_MAX = 1 << 24,
	DISCLOSURE_PRINTS_MAX = 1 << 24 /* places for what was ever told, twice its number */
};

struct disclosure_atom {
	uint32_t asset; /* any number; those of one asset stand together */
	/* Numbers from 1 on, each figure always in one slot; 0 is none. Earlier slots go first. */
	uint32_t figure[DISCLOSURE_SLOTS];
	int64_t amount;  /* not 0 */
	uint64_t print;  /* of whose amount this is, and of the amount */
	uint64_t facts;  /* of the facts that it follows from, and of the year; not a print */
	bool is_derived; /* follows by a rule from what was told */
	bool is_open;    /* everybody knows it: of what is sold */
	bool is_shared;  /* others of its asset follow from it, in other figures: never counted */
};

struct disclosure;

/* Nothing was told. NULL without memory. */
struct disclosure *disclosure_new(void);
void disclosure_free(struct disclosure *d);

/*
 * How things are now; tells what may be told of it. Keeps no reference.
 * ERR_LIMIT  too many figures, or too much was told. ERR_NOMEM.
 * In both cases what was told before stays.
 */
MUST_CHECK int disclosure_take(struct disclosure *d, const struct disclosure_atom *atom,
			       size_t atoms);

/* How things are now, telling nothing: what was told stays, but of figures of too few. The same
 * errors. */
MUST_CHECK int disclosure_follow(struct disclosure *d, const struct disclosure_atom *atom,
				 size_t atoms);

/* Was this amount, or what follows from these facts, ever told? By a print, or by facts. */
bool disclosure_knows(const struct disclosure *d, uint64_t print);

/*
 * Of what disclosure_take() tells from now on it is to be known that it was told by these rules: a
 * number from 1 on that only grows. What is told just as it was is told by them anew.
 */
void disclosure_begin_rules(struct disclosure *d, uint32_t rules);

/* By which rules the parts of a told figure were told, the first and the last, 0 where nobody kept
 * it; first > last where it has no part. */
struct disclosure_rules {
	uint32_t first, last;
};

/* Of a sum of two figures. */
static inline struct disclosure_rules disclosure_rules_both(struct disclosure_rules a,
							    struct disclosure_rules b)
{
	return (struct disclosure_rules){
		.first = a.first < b.first ? a.first : b.first,
		.last = a.last > b.last ? a.last : b.last,
	};
}

struct disclosure_rules disclosure_rules_of(const struct disclosure *d, uint32_t figure);
/* Does anything that is told stand by them? */
bool disclosure_stands_by(const struct disclosure *d, uint32_t rules);

/*
 * A figure as it was told last. False when it is not told, or when fewer than DISCLOSURE_LEAST
 * assets, but some, stand behind it now. One that no atom is in is told, and 0.
 */
bool disclosure_read(const struct disclosure *d, uint32_t figure, int128 *ret_amount);

/*
 * Of the places for what was ever told, how many in a hundred are taken when so many atoms more are
 * told anew: beyond 100 nothing is, and ERR_LIMIT.
 */
int disclosure_full_percent(const struct disclosure *d, size_t atoms);

/* Is anything told otherwise by the last disclosure_take() than before it? */
bool disclosure_is_news(const struct disclosure *d);

/*
 * What was told outlives a process as bytes: what is told now, whole each time, and the marks of
 * what was ever told, to which each disclosure_take() adds. disclosure_get() goes on from both.
 * ERR_INVALID  they are not such bytes    ERR_LIMIT    ERR_NOMEM
 */
void disclosure_put(const struct disclosure *d, struct buf *out);
void disclosure_put_marks(const struct disclosure *d, struct buf *out); /* by the last take */
MUST_CHECK int disclosure_get(struct str told, struct str marks,
			      struct disclosure **ret_disclosure);

/* By which rules it was told, for what disclosure_get() gave. ERR_INVALID  not such bytes, or of
 * another. */
void disclosure_put_rules(const struct disclosure *d, struct buf *out);
MUST_CHECK int disclosure_get_rules(struct disclosure *d, struct str rules);
