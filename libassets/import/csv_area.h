/*
 * Areas as people write them: thousands with commas, and their unit behind the number.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

struct csv_area {
	int64_t number_e7; /* as it stands, in ten-millionths */
	int64_t m2;        /* in square metres, half up; without a unit: of square metres */
	bool has_unit, has_commas;
};

/*
 * ERR_INVALID  no number, one whose commas do not stand between thousands, more than 9 digits
 * before the point, or something behind it that is no unit of area
 *
 * Example: "1,250.5" is 1251, "1250 sqm" and "1250m2" 1250, "12 acres" 48562, "0.4 ha" 4000;
 * "0,426" and "1250 approx" are none.
 */
MUST_CHECK int csv_area_of(struct str s, struct csv_area *ret_area);
