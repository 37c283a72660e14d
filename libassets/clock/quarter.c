/*
 * Quarters of financial years, their first days and their labels.
 *
 * A financial year runs from 1 April to 31 March and has the number of the year it begins in: 2026
 * is 2026-27. A quarter's number is 4 * year + 0 to 3, so that differences are quarters.
 */
#include "quarter.h"

#include "libassets/base/err.h"

enum { FY_FIRST = 1899 }; /* in which 1 January 1900 lies */

int32_t quarter_of_day(struct day d)
{
	struct day_civil c = day_civil(d);

	/* Months since the April before the year 0; a quarter is three of them. */
	return (c.year * 12 + c.month - 4) / 3;
}

struct day quarter_first_day(int32_t quarter)
{
	/* Fixed point: the day 0 lies in the last quarter of 1969-70, whose first day it is. */
	const int32_t quarter_of_1970 = 4 * 1969 + 3;

	return day_add_months((struct day){0}, 3 * (quarter - quarter_of_1970));
}

void fy_format(int32_t fy, char ret_text[FY_TEXT])
{
	int32_t next = (fy + 1) % 100;

	for (int i = 3; i >= 0; i--) {
		ret_text[i] = (char)('0' + fy % 10);
		fy /= 10;
	}
	ret_text[4] = '-';
	ret_text[5] = (char)('0' + next / 10);
	ret_text[6] = (char)('0' + next % 10);
	ret_text[7] = '\0';
}

void quarter_format(int32_t quarter, char ret_text[QUARTER_TEXT])
{
	fy_format(quarter_fy(quarter), ret_text);
	ret_text[7] = 'Q';
	ret_text[8] = (char)('1' + (quarter & 3));
	ret_text[9] = '\0';
}

int fy_parse(struct str s, int32_t *ret_fy)
{
	char text[FY_TEXT];
	int32_t fy = 0;

	if (s.len != FY_TEXT - 1)
		return ERR_INVALID;
	for (int i = 0; i < 4; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return ERR_INVALID;
		fy = fy * 10 + (s.at[i] - '0');
	}
	fy_format(fy, text);
	if (fy < FY_FIRST || memcmp(text, s.at, FY_TEXT - 1) != 0)
		return ERR_INVALID;
	*ret_fy = fy;
	return 0;
}

int quarter_parse(struct str s, int32_t *ret_quarter)
{
	int32_t fy;
	int r;

	if (s.len != QUARTER_TEXT - 1 || s.at[7] != 'Q' || s.at[8] < '1' || s.at[8] > '4')
		return ERR_INVALID;
	r = fy_parse((struct str){s.at, FY_TEXT - 1}, &fy);
	if (r < 0)
		return r;
	*ret_quarter = 4 * fy + (s.at[8] - '1');
	return 0;
}
