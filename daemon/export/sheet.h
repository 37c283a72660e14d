/*
 * Rows of cells as CSV or as a sheet of a workbook, from the same calls: receipts and plans go
 * out as either.
 */
#pragma once

#include "libassets/base/buf.h"
#include "workbook.h"

/* All of it borrowed. book: NULL, then it is CSV and goes to `out`. */
struct sheet {
	struct workbook *book;
	struct buf *out;
	bool is_guarded; /* of CSV: texts that a spreadsheet would take for a formula */
	int column;      /* of the next cell */
};

void sheet_row(struct sheet *s);
/* The next cell of the row, by its kind; empty ones are of none. */
void sheet_cell(struct sheet *s, enum xlsx_kind kind, struct str text);
void sheet_row_end(struct sheet *s);
