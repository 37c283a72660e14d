/*
 * The records of a published series as CSV, one after another, each field borrowed from the file.
 * A quote inside a quoted field is no form of such a series.
 */
#pragma once

#include "libassets/base/str.h"
#include "libassets/shape/flaw.h"

enum { SERIES_FIELDS_MAX = 100 };

struct series_record {
	struct str rest;
	uint32_t line; /* on which the record begins that was read last */
	uint32_t next_line;
	struct str field[SERIES_FIELDS_MAX]; /* without blanks at their ends */
	size_t fields;
	struct flaws *flaws;
};

/* Before the first, behind a byte order mark. */
void series_record_init(struct series_record *r, struct str file, struct flaws *flaws);

/* The next record with anything in it. False at the end, and with a flaw BAD_CSV where the file is
 * no CSV. */
bool series_record_next(struct series_record *r);

/* Which field of a header has one of these names, with blanks between them, whatever its case;
 * SERIES_FIELDS_MAX: none has. */
size_t series_record_column(const struct series_record *r, const char *names);

/* A flaw at "/lines/N". Texts are constants. */
void series_record_flaw(const struct series_record *r, uint32_t line, const char *code,
			const char *detail, const char *cure);

/* "3.575" in units of so many decimals, as 3575000 for 6; nine digits before the point at most.
 * False: it is no such number, or has a sign. */
bool series_number(struct str s, size_t decimals, int64_t *ret_units);
