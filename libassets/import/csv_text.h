/*
 * What a list is written in, before anything of it is read: UTF-16, which spreadsheets call
 * "Unicode text", and what separates its columns.
 *
 * Source: Unicode 15, section 3.10 (byte order mark, surrogates).
 */
#pragma once

#include "csv_layout.h"

/* Does it begin with a byte order mark of UTF-16? */
bool csv_is_utf16(struct str file);

/*
 * Such a file as UTF-8 without its mark, in the arena.
 * ERR_INVALID  half a character: an odd byte at the end, or a surrogate alone
 * ERR_NOMEM
 */
MUST_CHECK int csv_of_utf16(struct str file, struct arena *a, struct str *ret_text);

/*
 * A comma, a tab or a semicolon: under which the header (csv_head_find) knows most columns; where
 * none knows any, which of them stands most often in the first line that holds something, outside
 * quotes. A comma on a tie.
 *
 * text: UTF-8; no more than its beginning is looked at.    name, saved: as csv_head_find has them.
 */
char csv_separator(struct str text, struct str name, const struct csv_layout *saved);
