/*
 * Which columns a list has as a table: for each kind and layout their names, and where in a row
 * or an item each value stands. A further layout is a table of columns and a row in
 * export_table.c, and its name in flow_format.c.
 *
 * Sources: Improvement Service, Spatial Hub, dataset "catr" (columns as published);
 * Local Government Association, "Land and building assets" schema.
 */
#pragma once

#include "libassets/base/str.h"

/* How a value becomes a cell. */
enum export_how {
	EXPORT_TEXT,   /* as it is, guarded against formulas */
	EXPORT_NUMBER, /* as it is */
	EXPORT_DAY,    /* as it is; in a workbook a date */
	EXPORT_FLAG,   /* true or false */
	EXPORT_POUNDS, /* of pence, with two decimals */
	EXPORT_TENURE, /* Freehold or Leasehold */
	EXPORT_WORDS,  /* a list, with blanks between */
	EXPORT_NONE,   /* the column is there and empty */
};

struct export_column {
	const char *header;
	const char *member; /* of the item's JSON, "totals.net_pence" within one; NULL: see cell */
	enum export_how how;
	int cell; /* column of export_assets.sql; -1: see member */
};

struct export_table {
	const char *kind;   /* as item_view() has it, or of one who pages by himself (h_export.h) */
	const char *layout; /* "csv": ours; "lga", "catr" */
	const struct export_column *column;
	size_t count;
};

/* Of a list's kind in a layout; NULL when it does not come so. */
const struct export_table *export_table_of(const char *kind, struct str layout);
