/*
 * The bands of the discount rate from CSV, as a table of the Green Book has them: a header that
 * names a last year (last_year, to_year) and a rate (rate, rate_percent), then a band a line, the
 * nearest first. A rate is in per cent, with four digits behind the point at most and with or
 * without its sign; the last band has no last year, and goes on.
 *
 * Example:	last_year,rate
 *		30,3.5
 *		,3.0
 */
#pragma once

#include "libassets/shape/flaw.h"
#include "projection_params.h"

enum { DISCOUNT_BEYOND = 1000000 /* the last year of what goes on */ };

struct discount_bands {
	uint32_t count;
	struct {
		int64_t last_year, ppm;
	} band[PROJECTION_BANDS_MAX];
};

/*
 * Read a whole file. Every fault is a flaw at "/lines/N": BAD_CSV, NO_HEADER, NOT_A_NUMBER,
 * OUT_OF_RANGE, OUT_OF_ORDER, TOO_MANY, and INCOMPLETE of the whole where the last band ends.
 * ERR_INVALID  see flaws
 */
MUST_CHECK int discount_csv_read(struct str file, struct flaws *flaws,
				 struct discount_bands *ret_bands);
