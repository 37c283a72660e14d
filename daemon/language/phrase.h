/*
 * Single phrases in Gaelic, by the catalogue: words that stand there as they are, a number among
 * words, dates and what is made of them.
 */
#pragma once

#include "catalogue.h"
#include "libassets/base/buf.h"

/* All of them append what a text is called; false, and nothing appended, when it has no Gaelic. */

/* "Home"; "in 12 days" by the entry of "in %d days", in the form for 12. */
bool phrase_words(const struct catalogue *c, struct str text, struct buf *out);
/* "15 June 2027" */
bool phrase_date(const struct catalogue *c, struct str text, struct buf *out);
/* "Tuesday 15 June 2027" */
bool phrase_day(const struct catalogue *c, struct str text, struct buf *out);
/* "April to June 2027", "Apr to Jun 2027" */
bool phrase_quarter(const struct catalogue *c, struct str text, struct buf *out);
/* "Christmas Day", "Boxing Day (substitute day)" */
bool phrase_holiday(const struct catalogue *c, struct str text, struct buf *out);

/* The value of a place, by its name. */
struct phrase_part {
	const char *name;
	struct str text;
};
/* A message with its places filled in; one that is not among the parts stands as its name. */
bool phrase_form(const struct catalogue *c, struct str form, const struct phrase_part *part,
		 size_t n, struct buf *out);

/* The n-th English of what is put together here, such as a month: for lists of what there is to be
 * translated. NULL past the last. */
const char *phrase_at(size_t n);
