/*
 * Days from civil dates and back, by eras of 400 years counted from 1 March, so that the
 * leap day is the last of its year and needs no case of its own.
 *
 * All in whole numbers, without time zones: which day it is now is for the caller to know
 * (daemon/base/clock.h). Algorithm: days_from_civil, as Howard Hinnant describes it.
 */
#include "day.h"

#include "err.h"

/* Of 400 years; and from 1 March of the year 0 to 1 January 1970. */
enum { DAYS_OF_ERA = 146097, DAYS_TO_1970 = 719468 };

/* Towards minus infinity, as the calendar counts; C rounds towards zero. d > 0. */
static int32_t floor_div(int32_t n, int32_t d)
{
	return n >= 0 ? n / d : -((d - 1 - n) / d);
}

static bool is_leap(int32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t month_days(int32_t year, int32_t month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static struct day day_of_valid(struct day_civil c)
{
	int32_t year = c.month <= 2 ? c.year - 1 : c.year;
	int32_t era = floor_div(year, 400);
	int32_t year_of_era = year - era * 400;
	int32_t month = (c.month + 9) % 12;
	int32_t day_of_year = (153 * month + 2) / 5 + c.monthday - 1;
	int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (struct day){era * DAYS_OF_ERA + day_of_era - DAYS_TO_1970};
}

int day_of_civil(struct day_civil c, struct day *ret_day)
{
	if (c.year < DAY_YEAR_MIN || c.year > DAY_YEAR_MAX || c.month < 1 || c.month > 12)
		return ERR_INVALID;
	if (c.monthday < 1 || c.monthday > month_days(c.year, c.month))
		return ERR_INVALID;
	*ret_day = day_of_valid(c);
	return 0;
}

/*
 * The three corrections of year_of_era take the leap days out, after which every year has 365
 * days; 153 days are five months from March on, whatever five.
 */
struct day_civil day_civil(struct day d)
{
	int32_t n = d.number + DAYS_TO_1970;
	int32_t era = floor_div(n, DAYS_OF_ERA);
	int32_t day_of_era = n - era * DAYS_OF_ERA;
	int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / (DAYS_OF_ERA - 1)) /
			      365;
	int32_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t month = (5 * day_of_year + 2) / 153;

	return (struct day_civil){
		.year = year_of_era + era * 400 + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.monthday = day_of_year - (153 * month + 2) / 5 + 1,
	};
}

/* The value of n digits at s, -1 if one is not a digit. */
static int32_t digits(const char *s, int n)
{
	int32_t value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

int day_parse(struct str s, struct day *ret_day)
{
	if (s.len != DAY_TEXT - 1 || s.at[4] != '-' || s.at[7] != '-')
		return ERR_INVALID;
	return day_of_civil((struct day_civil){.year = digits(s.at, 4),
					       .month = digits(s.at + 5, 2),
					       .monthday = digits(s.at + 8, 2)},
			    ret_day);
}

static void put_digits(char *at, int n, int32_t value)
{
	while (n--) {
		at[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

void day_format(struct day d, char ret_text[DAY_TEXT])
{
	struct day_civil c = day_civil(d);

	put_digits(ret_text, 4, c.year);
	put_digits(ret_text + 5, 2, c.month);
	put_digits(ret_text + 8, 2, c.monthday);
	ret_text[4] = ret_text[7] = '-';
	ret_text[10] = '\0';
}

struct day day_add_months(struct day d, int32_t n)
{
	struct day_civil c = day_civil(d);
	int32_t month = c.year * 12 + c.month - 1 + n;
	int32_t last;

	c.year = floor_div(month, 12);
	c.month = month - c.year * 12 + 1;
	last = month_days(c.year, c.month);
	if (c.monthday > last)
		c.monthday = last;
	return day_of_valid(c);
}

int32_t day_months(struct day from, struct day to)
{
	struct day_civil a = day_civil(from), b = day_civil(to);
	int32_t n = (b.year - a.year) * 12 + b.month - a.month;

	if (day_cmp(from, to) >= 0)
		return 0;
	return day_cmp(day_add_months(from, n), to) > 0 ? n - 1 : n;
}

int day_of_week(struct day d)
{
	return (int)(d.number + 3 - floor_div(d.number + 3, 7) * 7) + 1;
}
