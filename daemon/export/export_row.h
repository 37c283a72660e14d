/*
 * One row of a list as a line of CSV, or as a row of a workbook, by a table of columns.
 */
#pragma once

#include "export_table.h"
#include "libassets/base/buf.h"
#include "libassets/base/day.h"

struct arena;
struct workbook;
struct db_reply;

/* Where rows go. */
struct export_sink {
	struct workbook *book; /* NULL: to csv */
	struct buf *csv;
	bool is_guarded; /* of CSV: texts that a spreadsheet would run get an apostrophe */
};

/* A workbook with the columns of a table, its sheet called `name`, texts in the arena. As
 * workbook_new.
 */
struct workbook *export_book(const struct export_table *table, struct str name, struct day on,
			     struct arena *a);

/* The names of the columns; a workbook has them from the start. */
void export_head(const struct export_table *table, const struct export_sink *to);

/* Of the cells that export_assets.sql gave in statement 0. */
void export_cells(const struct db_reply *got, int row, const struct export_table *table,
		  const struct export_sink *to);

/*
 * Of an item's JSON; what a reader may not see is an empty cell.
 * ERR_BUG  our own rendering is no object      ERR_NOMEM
 */
MUST_CHECK int export_item(struct str json, const struct export_table *table,
			   const struct export_sink *to);
