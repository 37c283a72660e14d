/*
 * Single values of real lists: blanks of every kind folded, numbers with a stray decimal,
 * words turned into codes. A no-break space (U+00A0), which spreadsheets leave behind, is a
 * blank like any other here.
 */
#pragma once

#include "libassets/base/arena.h"

/* Without blanks at both ends; borrowed from s. */
struct str csv_trim(struct str s);

/* Without those at its front; borrowed from s. */
struct str csv_skip_blanks(struct str s);

/* Each run of blanks one space, none at the ends; in the arena, absent without room. */
struct str csv_fold(struct str s, struct arena *a);

/* From the first visible character to the line break after it; borrowed from s. */
struct str csv_first_line(struct str s);

/* True if there is something and all of it is ASCII digits. */
bool csv_is_digits(struct str s);

/*
 * A decimal number rounded to a whole one, half away from zero; digits with an optional
 * minus, at most 15 before the point; no separators, no exponent.
 * ERR_INVALID  anything else.
 *
 * Example: "621499.4" is 621499, "-3.5" is -4, "12." is 12; "1,250" and "1E+5" are invalid.
 */
MUST_CHECK int csv_whole(struct str s, int64_t *ret_value);

/*
 * A code: upper case, each run of other characters one underscore, none at the ends, at most
 * 40 characters and beginning with a letter ("X_" is put before a digit); OTHER when nothing
 * is left. In the arena or a constant; absent without room.
 *
 * Example: "Car park (public)" is CAR_PARK_PUBLIC, "2nd homes" X_2ND_HOMES, "—" OTHER.
 */
struct str csv_code(struct str s, struct arena *a);
