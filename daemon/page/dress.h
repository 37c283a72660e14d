/*
 * From what programs read to what people read: the same JSON, with words beside the codes.
 * Pages render what their API twin sends; this adds, to every object in it:
 *
 *   X_pence  → X_pounds "£200,000" or "£79,381.25", and X_money "£200,000.00" for columns
 *   X_on     → X_date "15 June 2027"
 *   due_on   → due_words as well: "in 12 days", "tomorrow", "today", "3 days ago"
 *   X_at     → X_date too, the civil day in Europe/London
 *   quarter  → quarter_words "April to June 2027"
 *   X_m2     → X_words "1,234 m²"; X_count → X_words "1,234"
 *   codes    → X_words, X_tag, X_meaning for the fields of words.def
 *
 * What is there already is never replaced: an X_date that came from the database stays.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"
#include "libassets/base/day.h"

/*
 * Dress a value and all objects in it.
 *
 * value: changed in place; half done on failure.    today: in Europe/London.
 * ERR_LIMIT  nested deeper than 32.    ERR_NOMEM
 *
 * Example: {"gross_pence": 7938125} gains gross_pounds "£79,381.25", gross_money the same.
 */
MUST_CHECK int dress(json_t *value, struct day today);

/* Append "15 June 2027". These six append; whether it went in is the buffer's to say. */
void dress_day(struct buf *out, struct day d);

/* The months of a quarter: "April to June 2027". */
void dress_quarter(struct buf *out, int32_t quarter);
/* The same where there is little room: "Apr to Jun 2027". */
void dress_quarter_short(struct buf *out, int32_t quarter);

/* How far off a day is: "in 12 days", "tomorrow", "today", "yesterday", "3 days ago". */
void dress_distance(struct buf *out, struct day d, struct day today);

/*
 * What people read for a code of a field, by words.def; the code itself in small letters with
 * blanks for underscores if nobody said: UNDER_OFFER is "Under offer".
 */
void dress_code(struct buf *out, struct str field, struct str code);

/* The n-th row of words.def; false past the last. Its texts are constants. */
struct dress_word {
	struct str words, meaning;
};
bool dress_at(size_t n, struct dress_word *ret_word);

/* True where somebody said it. */
bool dress_has(struct str field, struct str code);

/* What a code of a field means, a sentence; "" if nobody said. A constant. */
struct str dress_meaning(struct str field, struct str code);

/* "1,234,567" */
void dress_count(struct buf *out, int64_t n);
