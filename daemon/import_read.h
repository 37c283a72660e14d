/*
 * A CSV file as records: encoding found out, physical line of each record kept.
 *
 * RFC 4180 as libcsv reads it, lenient about a quote inside an unquoted field. UTF-8 (with or
 * without a byte order mark) when every byte fits it, else Windows-1252.
 */
#pragma once

#include "libassets/arena.h"
#include "libassets/flaw.h"

enum {
	IMPORT_COLUMNS_MAX = 200,
	IMPORT_FIELD_MAX = 64 * 1024,
	IMPORT_RECORDS_MAX = 100000,
};

struct import_record {
	size_t line; /* physical line on which the record begins, the file's first is 1 */
	size_t field_count;
	const struct str *field; /* UTF-8, as it stands in the file */
};

struct import_sheet {
	const char *encoding; /* "UTF-8" or "WINDOWS-1252" */
	size_t record_count;  /* the first is the header */
	struct import_record *record;
};

/*
 * Read a whole file. Everything lives in the arena. On failure a flaw says line and cure.
 * ERR_CSV    empty, NUL byte, a quote that is never closed, a byte Windows-1252 does not know
 * ERR_LIMIT  too many columns or records, or a field too long     ERR_NOMEM
 */
MUST_CHECK int import_read(struct str file, struct arena *a, struct flaws *flaws,
			   struct import_sheet *ret_sheet);
