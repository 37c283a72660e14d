/*
 * An answer of the projector as a table for a spreadsheet: years across and partners down, a block
 * for each of baseline, adjusted and adjustment, then what they consist of, then percentiles. Of
 * whatever dimensions: time stands across, what is left of two keys too.
 *
 * Pence become pounds with two decimals, exactly. A figure that is held back is no number:
 * "withheld" in a workbook, an empty cell in CSV. What is not a sum is called "not additive" and
 * summed nowhere.
 */
#pragma once

#include <jansson.h>

#include "libassets/buf.h"
#include "libassets/day.h"

struct arena;

struct receipts_sheet {
	const json_t *answer; /* as GET /v1/projections/receipts has it */
	const json_t *names;  /* of authorities, partnerships and localities by their ids */
	json_t *parameters;   /* what it was worked out with; NULL: not told */
	struct str address;   /* of the same as JSON */
	const char *down,
		*across; /* members of `group`, such as "authority_id"; NULL: there is none */
	bool is_guarded; /* of CSV: names that a spreadsheet would run get an apostrophe */
	struct day on;
};

enum { RECEIPTS_FILE_MAX = 64 << 20 };

/*
 * The whole file, appended. A workbook has a second sheet with what it was worked out with and what
 * is held back; CSV says the former in each line.
 * ERR_LIMIT  more columns or cells than a table should have    ERR_NOMEM
 */
MUST_CHECK int receipts_csv(struct buf *out, const struct receipts_sheet *s, struct arena *arena);
MUST_CHECK int receipts_book(struct buf *out, const struct receipts_sheet *s, struct arena *arena);
