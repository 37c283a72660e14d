/*
 * Which figures a reader is shown. Those who may read the money behind a figure are shown it: of
 * an authority itself and its partners in a partnership, of a partnership its members. To
 * everybody else three rules apply, so that no single price can be had, not by subtraction either:
 *
 *   1. Behind a figure stand at least VIEW_PUBLIC_LEAST unsold assets.
 *   2. Where one of several figures that make up a whole is held back (the keys of a
 *      dimension at one time, the years of a series, the quarters of a year), the smallest of
 *      those that could be shown is held back too. An asset's money is spread over quarters
 *      and owners, so two figures held back may well be one asset.
 *   3. Where rule 2 finds none to hold back, and the reader knows some of the others, it is the
 *      whole that is held back.
 *
 * Answers for several filters together are only for those who are shown everything in them.
 */
#pragma once

#include "projector.h"
#include "projector_book.h"

struct shown_to {
	const struct book *book;
	const struct view *view;
	enum projection_scenario scenario;
	/* By number in the book: */
	bool *money;  /* partners whose money this reader reads */
	bool *totals; /* partners whose totals: its own and theirs who plan with them */
	bool *cpp;    /* partnerships that one of its own is a member of */
	bool is_everywhere, is_nobody;
	struct shown_parts *parts; /* by dimension and time, as far as they were looked at */
	uint32_t slots;            /* times that there are for each */
};

/* Tables in the arena. ERR_NOMEM. */
MUST_CHECK int shown_init(struct shown_to *ret_to, const struct book *b,
			  const struct projector_question *q, struct arena *arena);

/* Is everything of this key shown, whatever stands behind it? */
bool shown_reads(const struct shown_to *to, enum rollup_dim dim, uint32_t key);

/* May the total of this key be shown; of ROLLUP_ALL with key 0 that of the register? */
bool shown_total(const struct shown_to *to, enum rollup_dim dim, uint32_t key);

/* May the year, or the quarter, of this key's series be shown? */
bool shown_year(const struct shown_to *to, enum rollup_dim dim, uint32_t key, int32_t fy);
bool shown_quarter(const struct shown_to *to, enum rollup_dim dim, uint32_t key, int32_t quarter);
