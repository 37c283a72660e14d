/*
 * Quarters and financial years. A quarter is its index 4 * FY + k: financial year FY begins
 * on 1 April, k is 0 for April to June and 3 for January to March of FY + 1. Consecutive
 * quarters have consecutive indices. Source: MODEL.md 1.
 *
 * Example: 31 March 2028 lies in quarter 8111, "2027-28Q4" of the year "2027-28".
 */
#pragma once

#include "libassets/base/day.h"

/* Room for "2027-28Q4" and for "2027-28", with their NUL. */
enum { QUARTER_TEXT = 10, FY_TEXT = 8 };

/* The financial year of a quarter, named by the calendar year in which it begins. */
static inline int32_t quarter_fy(int32_t quarter)
{
	return quarter >> 2;
}

/* The quarter in which a day lies. d: not before the year 0. */
int32_t quarter_of_day(struct day d);

/* The quarter's first day. */
struct day quarter_first_day(int32_t quarter);

/* Write "2027-28Q4" and a NUL. The year has four digits, as in fy_format. */
void quarter_format(int32_t quarter, char ret_text[QUARTER_TEXT]);

/* Write "2027-28" and a NUL; of 1999 it is "1999-00". */
void fy_format(int32_t fy, char ret_text[FY_TEXT]);

/*
 * Read what the two above write.
 * ERR_INVALID  another form, a second year that does not follow the first, or before 1899.
 */
MUST_CHECK int quarter_parse(struct str s, int32_t *ret_quarter);
MUST_CHECK int fy_parse(struct str s, int32_t *ret_fy);
