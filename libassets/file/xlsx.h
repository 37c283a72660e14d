/*
 * A workbook as XML (ECMA-376, Office Open XML, transitional): the cells of a sheet, and the parts
 * around them. What a ZIP makes of it is the caller's, part by part, so that a sheet can leave as
 * it grows.
 *
 * A text is always a text (inlineStr) and there are no formulas, whatever a cell begins with.
 * Numbers go out as the digits they came in, so money is not rounded by anybody's double here.
 */
#pragma once

#include "libassets/base/buf.h"

/* What the format allows of one sheet, its first row included; of the text of a cell, in UTF-16. */
enum { XLSX_ROWS_MAX = 1048576, XLSX_TEXT_MAX = 32767 };

enum xlsx_kind {
	XLSX_TEXT,
	XLSX_HEAD,   /* the same, bold */
	XLSX_NUMBER, /* as decimal digits */
	XLSX_MONEY,  /* the same; shown with two decimals */
	XLSX_DAY,    /* "2028-02-29" */
	XLSX_FLAG,   /* "true" or "false" */
};

/* What the other parts have to know of a sheet. */
struct xlsx_sheet {
	struct str name;   /* at most 31 characters, none of []:*?/\ */
	int rows, columns; /* the head counted */
};

/*
 * A sheet, up to its first row: the head stays where it is, and so do the first `frozen` columns.
 * widths: characters, one a column.
 */
void xlsx_sheet_begin(struct buf *out, const int *widths, int columns, int frozen);
/* row, column: from 0. */
void xlsx_row_begin(struct buf *out, int row);
/*
 * An absent or empty text makes no cell. One that is not of its kind's form is a text, as is a day
 * before March 1900, which spreadsheets count differently. A text that is too long ends in "…".
 */
void xlsx_cell(struct buf *out, int row, int column, enum xlsx_kind kind, struct str text);
void xlsx_row_end(struct buf *out);
/* Behind the last row: a filter over all of them, and how it is printed. */
void xlsx_sheet_end(struct buf *out, const struct xlsx_sheet *sheet);

/* A part that does not depend on the rows. */
struct xlsx_part {
	struct str name, xml;
};
extern const struct xlsx_part xlsx_part_table[];
extern const size_t xlsx_part_count;

/* The parts that name the sheets, of which the n-th is "xl/worksheets/sheet<n>.xml" from 1. */
#define XLSX_SHEET_PART "xl/worksheets/sheet%d.xml"
#define XLSX_BOOK_PART "xl/workbook.xml"
#define XLSX_RELATIONS_PART "xl/_rels/workbook.xml.rels"
void xlsx_book(struct buf *out, const struct xlsx_sheet *sheet, int n);
void xlsx_relations(struct buf *out, int n);
