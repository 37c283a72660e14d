/*
 * What everybody is told of the projection: net receipts of the likely scenario, as totals of
 * everything, a partnership, an authority, a locality, a class or a decile, and by year for each
 * but the last; of these what libassets/projection/disclosure.h lets be told, as it was told last.
 * The adjustment for communities is told by itself, under the same rule: with one request behind
 * it, it would be that asset's. The baseline is the sum of both.
 *
 * What is told is kept in the database before anybody is told it, so a restart or another daemon
 * goes on from it (projector_publish.c). All on the projector's thread.
 *
 * Kept are, whole each time: the number of figures (8 bytes, little endian as all) and the name of
 * each (2 bytes of length, and its text), then for the adjusted and for the adjustment what
 * disclosure_put() gives, behind its length (8), the rules of the last telling
 * (projector_rules.h) behind theirs (8), and what is said of all that anything told stands by
 * (projector_told.h) behind its own (8), with what disclosure_put_rules() gives of both, likewise.
 * What is known of all that was ever told is kept apart, and mostly added to.
 */
#pragma once

#include "libassets/base/money.h"
#include "libassets/projection/disclosure.h"
#include "projector_atoms.h"
#include "projector_told.h"

struct buf;
struct projector;

struct public;

struct public_figure {
	int128 adjusted_pence, baseline_pence;
	bool has_baseline;
	struct disclosure_rules rules; /* that its parts were told by */
};

/* Nothing was told. NULL without memory. */
struct public *public_new(void);
void public_free(struct public *p);

/* Another book is served: its numbers are others. What was told stays told. */
void public_renamed(struct public *p);

/*
 * Is it as of the book, which position says, or too soon after a telling that took long? Else it is
 * to be made so, and is then wanted.
 */
bool public_is_settled(struct public *p, const struct book *b, int64_t position);
bool public_is_wanted(const struct public *p);

/* What is known of what was told in one family, as it is kept, and as programs before kept it. */
struct public_marks {
	struct str known, old;
};

/* What was kept: made from this version, 0 for nothing. None but public_tell() may follow. */
MUST_CHECK int public_get(struct public *p, int64_t version, struct str body,
			  const struct public_marks marks[PUBLIC_FAMILIES]);
/* The version it was made from; -1 when that is not known, and it is to be read first. */
int64_t public_version(const struct public *p);
/* What is kept is not known: nothing is told before it was read again. */
void public_doubt(struct public *p);
/* … and it cannot take more: for a minute nothing new is told. */
void public_mute(struct public *p);
/* The database did not do it: not wanted for a second, in which other work goes on. */
void public_later(struct public *p);

/*
 * Tell what may be told of the book. *ret_is_news: it is to be kept, and then public_kept(); nobody
 * is told before. A failure mutes it. ERR_NOMEM, ERR_LIMIT
 */
MUST_CHECK int public_tell(struct public *p, struct book *b, int64_t position, bool *ret_is_news);
/* … as bytes: what is told now, and what is known that was not; *ret_is_whole: all of it, to be
 * kept in place of what is kept. */
void public_put(const struct public *p, struct buf *body, struct buf known[PUBLIC_FAMILIES],
		bool *ret_is_whole);
void public_kept(struct public *p);

/* Can public_read() say what was told, were it of a book before? */
bool public_is_readable(const struct public *p);

/* Which figure, by numbers of a book. */
struct public_question {
	const struct book *book;
	enum projection_scenario scenario;
	enum rollup_dim dim;
	uint32_t key;
	int32_t fy; /* a year or PUBLIC_ALL_YEARS */
};

/* A figure as it was told last. False: it is not told. */
bool public_read(const struct public *p, const struct public_question *q,
		 struct public_figure *ret_figure);

/* What is said of rules that a figure was told by; NULL: nobody kept them. */
const struct told_rules *public_rules(const struct public *p, uint32_t number);

/*
 * The next step to what everybody is to be told of its book: read what was told, or tell and keep
 * it. True when a batch was sent.
 */
bool projector_publish(struct projector *p);
