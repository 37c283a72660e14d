/*
 * Civil days: no hours, no zones. A day is a count, so that comparing, adding and storing
 * need no calendar; only text, months and week days do (proleptic Gregorian).
 *
 * What comes from outside lies in the years 1900 to 2200, which day_of_civil() and day_parse()
 * enforce. Arithmetic may leave that range and stays exact within some thousand years.
 */
#pragma once

#include "base.h"
#include "str.h"

/* DAY_TEXT: room for "2028-02-29" and its NUL. */
enum { DAY_YEAR_MIN = 1900, DAY_YEAR_MAX = 2200, DAY_TEXT = 11 };

struct day {
	int32_t number; /* days since 1970-01-01, which is 0 */
};

struct day_civil {
	int32_t year;
	int32_t month;    /* 1 to 12 */
	int32_t monthday; /* 1 to 31 */
};

/*
 * An optional day that is not given. It is before every other day, which day_cmp() and
 * day_later() may rely on; nothing else here takes it.
 */
#define DAY_NONE ((struct day){INT32_MIN})

static inline bool day_is_none(struct day d)
{
	return d.number == INT32_MIN;
}

/* <0, 0, >0 as a is before, on, after b. */
static inline int day_cmp(struct day a, struct day b)
{
	return (a.number > b.number) - (a.number < b.number);
}

/* The later of two; that which is given where only one is. */
static inline struct day day_later(struct day a, struct day b)
{
	return a.number >= b.number ? a : b;
}

/* So many days on, or back when days < 0. */
static inline struct day day_add(struct day d, int32_t days)
{
	return (struct day){d.number + days};
}

/*
 * The day of a date.
 * ERR_INVALID  there is no such day, or its year is not in 1900 to 2200.
 */
MUST_CHECK int day_of_civil(struct day_civil c, struct day *ret_day);

/* The date of a day, of any year that arithmetic may lead to. */
struct day_civil day_civil(struct day d);

/*
 * Read "2028-02-29": exactly ten characters, ISO 8601's extended form.
 * ERR_INVALID  another form, or as day_of_civil.
 */
MUST_CHECK int day_parse(struct str s, struct day *ret_day);

/* Write the ten characters and a NUL. The year must have four digits. */
void day_format(struct day d, char ret_text[DAY_TEXT]);

/*
 * The same day of a month n months later (earlier when n < 0), or that month's last day
 * when it is shorter.
 *
 * Example: 31 August 2027 + 6 = 29 February 2028; 29 February 2028 + 12 = 28 February 2029.
 */
struct day day_add_months(struct day d, int32_t n);

/*
 * Whole months from `from` to `to`: the largest n with day_add_months(from, n) <= to;
 * 0 when `from` is the later.
 */
int32_t day_months(struct day from, struct day to);

/* ISO 8601: Monday is 1, Sunday is 7. */
int day_of_week(struct day d);
