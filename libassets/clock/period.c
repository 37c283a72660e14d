/*
 * One function a family of units, forwards and back. What goes back is tried forwards before it
 * is given, so that period_first() never names a start that period_last() would not confirm.
 */
#include "period.h"

#include "libassets/base/err.h"

enum { MONTHS_A_YEAR = 12, DAYS_A_WEEK = 7 };

static const struct {
	const char *name;
	const char *one;
	const char *many;
} unit_table[] = {
#define UNIT(id, one, many) {#id, one, many},
#include "period.def"
#undef UNIT
};

const char *period_unit_words(enum period_unit unit, int32_t length)
{
	return length == 1 ? unit_table[unit].one : unit_table[unit].many;
}

const char *period_unit_name(enum period_unit unit)
{
	return unit_table[unit].name;
}

const char *period_mode_name(enum period_mode mode)
{
	static const char *const name[] = {
		[PERIOD_AFTER] = "AFTER",
		[PERIOD_BEGINNING] = "BEGINNING",
		[PERIOD_NEITHER] = "NEITHER",
	};

	return name[mode];
}

/* Weeks are counted as days and years as months, forwards and back. */
static int32_t days_of(const struct period *p)
{
	return p->length * (p->unit == PERIOD_WEEKS ? DAYS_A_WEEK : 1);
}

static int32_t months_of(const struct period *p)
{
	return p->length * (p->unit == PERIOD_YEARS ? MONTHS_A_YEAR : 1);
}

static struct day months_last(struct day start, int32_t months, bool is_after)
{
	struct day same = day_add_months(start, months);
	bool is_short = day_civil(same).monthday != day_civil(start).monthday;

	return is_after || is_short ? same : day_add(same, -1);
}

/* 30 June, three months into the year that follows that of the start. */
static struct day report_day(struct day start)
{
	struct day_civil c = day_civil(start);
	struct day first = day_add(start, 1 - c.monthday);
	int32_t to_april = 4 - c.month + (c.month > 3 ? MONTHS_A_YEAR : 0);

	return day_add(day_add_months(first, to_april + 3), -1);
}

/* 20180630 */
static int fixed_date(int32_t number, struct day *ret_day)
{
	return day_of_civil((struct day_civil){.year = number / 10000,
					       .month = number / 100 % 100,
					       .monthday = number % 100},
			    ret_day);
}

int period_last(const struct period *p, const struct calendar *cal, struct day start,
		struct day *ret_last)
{
	bool is_after = p->mode != PERIOD_BEGINNING;
	struct day first = day_add(start, is_after);

	switch (p->unit) {
	case PERIOD_DAYS:
	case PERIOD_WEEKS:
		*ret_last = day_add(first, days_of(p) - 1);
		return 0;
	case PERIOD_WORKING_DAYS:
		return calendar_nth_working(cal, first, p->length, ret_last);
	case PERIOD_MONTHS:
	case PERIOD_YEARS:
		*ret_last = months_last(start, months_of(p), is_after);
		return 0;
	case PERIOD_REPORT:
		*ret_last = report_day(start);
		return 0;
	case PERIOD_DATE:
		return fixed_date(p->length, ret_last);
	case PERIOD_HOURS:
	case PERIOD_STATED:
	case PERIOD_OPEN:
	case PERIOD_UNIT_COUNT:
		break;
	}
	return ERR_INVALID;
}

/*
 * The day with last's number (after), or with the next one (beginning with), in the start's
 * month. Where the end's month is short, later starts end there too: this is the earliest.
 */
static struct day months_first(struct day last, int32_t months, bool is_after)
{
	return day_add(day_add_months(last, -months), !is_after);
}

static int counted_back(const struct period *p, const struct calendar *cal, struct day last,
			struct day *ret_start)
{
	bool is_after = p->mode != PERIOD_BEGINNING;

	switch (p->unit) {
	case PERIOD_DAYS:
	case PERIOD_WEEKS:
		*ret_start = day_add(last, !is_after - days_of(p));
		return 0;
	case PERIOD_WORKING_DAYS:
		return calendar_nth_working_back(cal, last, p->length + is_after, ret_start);
	case PERIOD_MONTHS:
	case PERIOD_YEARS:
		*ret_start = months_first(last, months_of(p), is_after);
		return 0;
	case PERIOD_REPORT:
	case PERIOD_DATE:
	case PERIOD_HOURS:
	case PERIOD_STATED:
	case PERIOD_OPEN:
	case PERIOD_UNIT_COUNT:
		break;
	}
	return ERR_NOT_FOUND;
}

int period_first(const struct period *p, const struct calendar *cal, struct day last,
		 struct day *ret_start)
{
	struct day start, again = DAY_NONE;
	int r = counted_back(p, cal, last, &start);

	if (r == 0)
		r = period_last(p, cal, start, &again);
	if (r < 0)
		return r;
	if (day_cmp(again, last) != 0)
		return ERR_NOT_FOUND;
	*ret_start = start;
	return 0;
}
