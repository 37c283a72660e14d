/*
 * Values of a list that are brought in as the type of their field in asset.def says: numbers, days
 * and flags as people and spreadsheets write them, joint owners, and texts.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/arena.h"

/* What became of a value. */
enum csv_plain {
	CSV_PLAIN_MADE,
	CSV_PLAIN_WRONG,   /* it is none of its type: *ret_cure says how to write one */
	CSV_PLAIN_NO_ROOM, /* for want of memory */
};

/*
 * The value of this field, as POST /v1/assets takes it. What it may be beyond its type is
 * asset.def's to check.
 *
 * field: of an asset, of the types TEXT, FORM, ENUM, ID, NUMBER, FLAG, DATE, or "owners".
 * text: not blank.    is_exact: a text is taken as it stands, else its blanks are folded.
 * ret_value: yours, where it is made.    ret_cure: a constant.
 *
 * Example: common_good "Yes" is true; checked_on "31/03/2026" is "2026-03-31", as a British
 * spreadsheet writes it; owners "aut_…a:3 aut_…b:1" are two, with three units and one.
 */
enum csv_plain csv_plain_value(const char *field, struct str text, bool is_exact, struct arena *a,
			       json_t **ret_value, const char **ret_cure);

/*
 * A text as it stands but for blanks at its ends; blanks folded where it holds what is no text,
 * such as a tab, or a line break in a field of one line. Absent without room.
 */
struct str csv_plain_text(const char *field, struct str text, struct arena *a);
