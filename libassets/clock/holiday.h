/*
 * Scottish bank holidays of any year from 2008 on: by rule, with the one-off and moved days of
 * holiday.def. Easter Monday and the last Monday of August are none, although banks close.
 *
 * Source: Banking and Financial Dealings Act 1971 s.1 and schedule 1 paragraph 2; St Andrew's
 * Day Bank Holiday (Scotland) Act 2007.
 */
#pragma once

#include "libassets/base/day.h"

/* From which year the rules hold; how many days one year may have at most. */
enum { HOLIDAY_YEAR_MIN = 2008, HOLIDAYS_MAX = 16 };

struct holiday {
	struct day on;
	struct str name;    /* "Good Friday", a constant or borrowed */
	bool is_substitute; /* the name's own day fell on a weekend or on another holiday */
};

/*
 * The bank holidays of a year, ascending, each day once; returns how many.
 *
 * year: HOLIDAY_YEAR_MIN to DAY_YEAR_MAX.
 *
 * Example: 2022 has 11, among them 3 and 4 January, which stand for a New Year's Day on a
 * Saturday and a 2 January on a Sunday.
 */
size_t holidays_of_year(int32_t year, struct holiday ret_holiday[HOLIDAYS_MAX]);

/* Easter Sunday of a year, by the Gregorian rule. */
struct day holiday_easter(int32_t year);
