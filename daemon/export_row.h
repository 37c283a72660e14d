/*
 * One row of a list as a line of CSV, by a table of columns.
 */
#pragma once

#include "export_table.h"
#include "libassets/buf.h"

struct db_reply;

/* Of the cells that export_assets.sql gave in statement 0. */
void export_cells(const struct db_reply *got, int row, const struct export_table *table,
		  bool is_guarded, struct buf *out);

/*
 * Of an item's JSON; what a reader may not see is an empty cell.
 * ERR_BUG  our own rendering is no object      ERR_NOMEM
 */
MUST_CHECK int export_item(struct str json, const struct export_table *table, bool is_guarded,
			   struct buf *out);
