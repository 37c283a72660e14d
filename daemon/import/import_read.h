/*
 * A CSV file as records: encoding found out, physical line of each record kept.
 *
 * RFC 4180 as libcsv reads it, lenient about a quote inside an unquoted field, between commas, tabs
 * or semicolons as the header says (csv_text.h). UTF-16 with a byte order mark, UTF-8 (with or
 * without one) when every byte fits it, else Windows-1252.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/import/csv_layout.h"
#include "libassets/shape/flaw.h"

enum {
	IMPORT_COLUMNS_MAX = 200,     /* fields of a record */
	IMPORT_FIELD_MAX = 64 * 1024, /* bytes of a field */
	IMPORT_RECORDS_MAX = 100000,  /* records, the header not counted */
};

/* One record; nothing of it is trimmed or folded. */
struct import_record {
	size_t line; /* physical line on which the record begins, the file's first is 1 */
	size_t field_count;
	const struct str *field; /* UTF-8, as it stands in the file */
};

/* A whole file, in the arena it was read into. */
struct import_sheet {
	const char *encoding; /* "UTF-8", "UTF-16" or "WINDOWS-1252" */
	size_t record_count;  /* the first is the header */
	struct import_record *record;
};

/* A file being read, a part at a time. */
struct import_reader;

/*
 * Find out the encoding of a file, which must stay as long as the reader. The reader and the
 * sheet live in the arena, flaws say line and cure.
 * ERR_CSV    empty, NUL byte, a spreadsheet, a byte that Windows-1252 does not know, half a
 *            character of UTF-16
 * ERR_NOMEM
 */
MUST_CHECK int import_reader_new(struct str file, struct arena *a, struct flaws *flaws,
				 struct import_reader **ret_reader);
/* Find out once more what separates the columns, by a mapping; before the first step. */
void import_reader_separate(struct import_reader *r, struct str mapping,
			    const struct csv_layout *saved);

/*
 * Read some `bytes` on. *ret_sheet is set once the end is reached and *ret_is_whole true.
 * ERR_CSV    a quote that is never closed
 * ERR_LIMIT  too many columns or records, a field too long, or more than the arena holds
 */
MUST_CHECK int import_reader_step(struct import_reader *r, size_t bytes, bool *ret_is_whole,
				  struct import_sheet *ret_sheet);
/* At the end, or when it is given up. Takes NULL. */
void import_reader_free(struct import_reader *r);

/* The whole in one go. The errors of both. */
MUST_CHECK int import_read(struct str file, struct arena *a, struct flaws *flaws,
			   struct import_sheet *ret_sheet);
