/*
 * A published price series, read from CSV and turned into growth by financial year.
 *
 * The rule: the level of a financial year is the plain mean of its periods, twelve months or four
 * quarters; of calendar years it is three quarters of the one and one of the next. Growth of year y
 * is the level of y + 1 over that of y, less 1, in ppm, half away from zero: what takes prices of y
 * to those of y + 1, as the model's index does (MODEL.md 4). A year that lacks a period has no
 * level.
 *
 * Forms: the download of an ONS time series ("Title", "CDID" … then period and value), and lists
 * with a header that names a period (Date, Period, Year, financial_year), a value (Index,
 * AveragePrice, Average_Price, Value, deflator_index_mean_of_4_quarters) and, of places, RegionName
 * or AreaCode. Periods: 2024, 2024 Q3, 2024 JUL, 2024-25, 01/07/2024, 2024-07-01. Where a file
 * has several kinds the finest counts, and the others are passed over.
 */
#pragma once

#include "libassets/shape/flaw.h"
#include "projection_params.h"

enum { SERIES_CSV_MAX = 4 << 20 }; /* bytes of a file */

enum series_period {
	SERIES_YEARS,
	SERIES_FINANCIAL_YEARS,
	SERIES_QUARTERS,
	SERIES_MONTHS,
	SERIES_PERIODS
};

struct series_growth {
	enum series_period period;          /* what the levels were made of */
	uint32_t used;                      /* rows that are of this kind of period */
	uint32_t passed_over;               /* rows of other kinds, or of other places */
	uint32_t years;                     /* that have a growth */
	int32_t first_fy, last_fy;          /* of them, when there are any */
	int32_t growth_ppm[PROJECTION_FYS]; /* PROJECTION_GROWTH_DEFAULT: of that year none */
};

/* The word of a kind of period, such as "QUARTERS". */
const char *series_period_word(enum series_period period);

/*
 * Read a whole file. area: which rows count, by name or code without case; absent: "Scotland" or
 * S92000003. It means nothing where the file names no places.
 *
 * Every fault is a flaw at "/lines/N", N the line on which the record begins: BAD_CSV, NO_HEADER,
 * NOT_A_PERIOD, NOT_A_NUMBER, DUPLICATE, OUT_OF_RANGE (growth beyond what the model takes), and
 * NOTHING_HERE of the whole when no two years in a row have a level.
 * ERR_INVALID  see flaws     ERR_NOMEM
 */
MUST_CHECK int series_csv_read(struct str file, struct str area, struct arena *arena,
			       struct flaws *flaws, struct series_growth *ret_growth);
