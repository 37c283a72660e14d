/*
 * Reports on a reporting year, 1 April to 31 March (sections 95 and 32 of the 2015 Act): how the
 * year is written, and what people write in the report. What is counted how is a table of the
 * database, sql/data/report_line.csv. The members of the struct are the rows of report.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

/* The first year: it began with the Act on 23 January 2017 and ended on 31 March 2018. */
enum { REPORT_YEAR_FIRST = 2017, REPORT_YEAR_LAST = 9998 };

struct report {
#define FIELD SHAPE_MEMBER
#include "report.def"
#undef FIELD
};

extern const struct shape report_shape;

/*
 * A reporting year as it is written: "2025-26" is 2025.
 * ERR_INVALID  another form, years that do not follow one another, or outside the two above.
 */
MUST_CHECK int report_year_parse(struct str text, int32_t *ret_year);
