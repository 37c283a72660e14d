/*
 * A workbook on its way out: rows go in, and the bytes of an XLSX file come out as they are made,
 *so however long a list is, a page of it and 300 KiB of zlib's are held.
 *
 *	workbook_new → workbook_row … workbook_take … → workbook_end, workbook_take
 *
 * A sheet that is full is followed by another with the same head. On one thread at a time.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/base/day.h"
#include "libassets/file/xlsx.h"

struct workbook;

struct workbook_shape {
	struct str name; /* of the sheet; at most 20 characters */
	const struct str *head;
	const int *widths;
	int columns;
	int rows_max; /* of a sheet with its head; XLSX_ROWS_MAX but in tests */
	struct day on;
	int frozen; /* columns at the left that stay where they are; 0: none */
};

/*
 * The texts of the shape are borrowed until workbook_free(), which takes NULL. NULL without memory.
 */
struct workbook *workbook_new(const struct workbook_shape *shape);
void workbook_free(struct workbook *b);

/* A new row, to be filled with workbook_cell() from left to right. */
void workbook_row(struct workbook *b);
void workbook_cell(struct workbook *b, int column, enum xlsx_kind kind, struct str text);
/* Further rows go to another sheet, of that shape, as those of workbook_new. */
void workbook_sheet(struct workbook *b, const struct workbook_shape *shape);
/* No more rows; the file is whole with what workbook_take() then gives. */
void workbook_end(struct workbook *b);

/*
 * Move the bytes there are to the end of `out`.
 * ERR_LIMIT  it is beyond what an archive can be (4 GiB, or 64 sheets)      ERR_NOMEM
 */
MUST_CHECK int workbook_take(struct workbook *b, struct buf *out);
