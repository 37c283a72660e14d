/*
 * An answer of receipts as a table for a spreadsheet: years across and partners down, a block
 * for each of baseline, adjusted and adjustment, then what they consist of, then percentiles. Of
 * whatever dimensions: time stands across, what is left of two keys too, or beside the first where
 * each pair has a row (receipts_grid.h).
 *
 * Pence become pounds with two decimals, exactly. A figure that is held back is no number:
 * "withheld" in a workbook, an empty cell in CSV. What is not a sum is called "not additive" and
 * summed nowhere.
 *
 * Rows are written some at a time, so that they can leave as they are made:
 *	receipts_sheet_begin → receipts_sheet_rows … until it is whole
 */
#pragma once

#include "daemon/export/sheet.h"
#include "libassets/base/day.h"
#include "receipts_grid.h"

struct receipts_figure;

struct receipts_sheet {
	/* All of it borrowed. */
	const struct receipts_grid *grid; /* settled */
	struct arena *arena;
	json_t *parameters; /* what it was worked out with, row by row; NULL: not told */
	struct str address; /* of the same as JSON */
	struct day on;
	bool is_guarded;        /* of CSV: names that a spreadsheet would run get an apostrophe */
	struct workbook **book; /* yours, made when it begins; NULL: it is CSV */

	/* receipts_sheet.c's own. */
	struct sheet sheet;
	struct str *head;
	int columns;
	size_t measure;
	uint32_t row;                /* the next one of the measure */
	int64_t rows;                /* so far, of all measures */
	struct receipts_figure *sum; /* of each column, over the rows of the measure so far */
};

/* Everything up to the first row. ERR_NOMEM */
MUST_CHECK int receipts_sheet_begin(struct receipts_sheet *s, struct buf *out);
/*
 * Further rows, appended, of about so many cells; at the end of a workbook a second sheet with
 * where it is from and what is held back, which CSV says in each line, and a third with each
 * parameter.
 *
 * ERR_LIMIT  it is beyond what a file can be    ERR_NOMEM
 */
MUST_CHECK int receipts_sheet_rows(struct receipts_sheet *s, size_t cells, struct buf *out,
				   bool *ret_is_whole);
