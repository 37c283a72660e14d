/*
 * Cells of a CSV file as RFC 4180 has them, and the guard against formulas.
 *
 * A spreadsheet takes a text that begins with = + - @ or a tab for a formula and runs it. Such a
 * text gets an apostrophe before it, and so does one whose apostrophes stand before such a
 * character already; csv_unguarded takes one off again, so that what comes back is what was.
 */
#pragma once

#include "libassets/base/buf.h"

/* The text as a cell, quoted where it must be; absent is an empty cell. */
void csv_write_cell(struct buf *out, struct str text);

/* The same with a guard where it needs one. A plain number, such as -4.25, needs none. */
void csv_write_guarded(struct buf *out, struct str text);

/* The text without the guard it has, borrowed from s; s itself if it has none. */
struct str csv_unguarded(struct str s);
