/*
 * How the last day of a period was found, for people: sentences in plain words, and the days that
 * do not count with their names. Written as members of JSON; whether they went in is the
 * buffer's to say.
 */
#pragma once

#include "libassets/base/buf.h"
#include "period.h"

/* Days with a name that one period may pass over; a longer one does not name them all. */
enum { PERIOD_SKIPPED_MAX = 1000 };

/* A period that has been worked out. */
struct period_how {
	struct period period;
	struct calendar calendar; /* by which working days were counted */
	struct day start;
	const char *start_words; /* what the start is, "the date of the offer"; NULL: not known */
	struct day last;
};

/* Sentences on their way into a JSON array; begin, any number of them, end. */
struct sentences {
	struct buf *out;
	struct buf text; /* of the sentence that is being made */
	bool is_next;    /* one is in already */
};

void sentences_begin(struct sentences *s, struct buf *out);
/* Close the sentence that was written into s->text; an empty one is left out. */
void sentences_close(struct sentences *s);
void sentences_end(struct sentences *s);

/* Append "1 October 2026"; "Thursday 1 October 2026". */
void period_day_words(struct day d, struct buf *out);
void period_weekday_words(struct day d, struct buf *out);

/* Sentences on where the count starts, its rule, and what is left out; not yet the last day. */
void period_how_start(const struct period_how *h, struct sentences *s);
void period_how_rule(const struct period_how *h, struct sentences *s);
void period_how_skipped(const struct period_how *h, struct sentences *s);

/* "So the last day is Thursday 1 April 2027, to midnight." */
void period_how_last(const struct period_how *h, struct sentences *s);

/* A sentence on a last day that is no working day, and that nothing moves all the same. */
void period_how_rest(const struct period_how *h, struct sentences *s);

/* Append [{on, why}] of every day from the start to the last that does not count. */
void period_skipped_encode(const struct period_how *h, struct buf *out);
