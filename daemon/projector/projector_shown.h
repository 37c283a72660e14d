/*
 * Whose figures a reader is shown as they are: of an authority its own and those of its partners
 * in a partnership, of a partnership its members. That is totals, over time. What cuts them into
 * classes, places or deciles may be one asset's, or leave one over: it is for who reads the money
 * of all that is cut. So is what its reader chose the parameters or the day of, by which totals can
 * be made to differ by one asset. Everything else is shown as everybody is shown it
 * (projector_public.h).
 */
#pragma once

#include "projector.h"
#include "projector_book.h"

struct shown_to {
	const struct book *book;
	/* By number in the book: */
	bool *money;  /* partners whose money this reader reads */
	bool *totals; /* partners whose totals: its own and theirs who plan with them */
	bool *cpp;    /* partnerships that one of its own is a member of */
	bool *whole;  /* … of whose members it reads all money */
	bool is_everywhere, is_nobody;
};

/* Tables in the arena. ERR_NOMEM. */
MUST_CHECK int shown_init(struct shown_to *ret_to, const struct book *b,
			  const struct projector_question *q, struct arena *arena);

/* Is everything of this key shown as it is, whatever stands behind it? */
bool shown_reads(const struct shown_to *to, enum rollup_dim dim, uint32_t key);
/* … and everything that it may be cut into? */
bool shown_reads_money(const struct shown_to *to, enum rollup_dim dim, uint32_t key);
