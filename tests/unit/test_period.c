/*
 * Last days: the published cases, and over 2008 to 2060 what must hold of every start.
 */
#include "libassets/base/err.h"
#include "libassets/clock/period.h"
#include "tests/unit/deadlines.h"

static const struct calendar fixed = {.id = CALENDAR_FIXED_DAYS};
static const struct calendar bank = {.id = CALENDAR_BANK_HOLIDAYS_SCOTLAND};

static struct day last_of(const struct period *p, const struct calendar *cal, struct day start)
{
	struct day last = DAY_NONE;

	cr_assert_eq(period_last(p, cal, start, &last), 0, "%s", test_day_text(start));
	return last;
}

static struct day months(const char *start, enum period_mode mode)
{
	return last_of(&(struct period){6, PERIOD_MONTHS, mode}, &fixed, test_day(start));
}

Test(period, months_never_go_from_end_to_end)
{
	static const struct {
		const char *start;
		enum period_mode mode;
		const char *last;
	} rows[] = {
		{"2025-08-31", PERIOD_AFTER, "2026-02-28"},
		{"2026-02-28", PERIOD_AFTER, "2026-08-28"},
		{"2026-04-30", PERIOD_AFTER, "2026-10-30"},
		{"2024-02-29", PERIOD_AFTER, "2024-08-29"},
		{"2023-08-29", PERIOD_AFTER, "2024-02-29"},
		{"2025-04-10", PERIOD_BEGINNING, "2025-10-09"},
		{"2025-09-01", PERIOD_BEGINNING, "2026-02-28"},
		{"2025-08-31", PERIOD_BEGINNING, "2026-02-28"},
		{"2023-09-01", PERIOD_BEGINNING, "2024-02-29"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		EXPECT_DAY(months(rows[i].start, rows[i].mode), rows[i].last);
}

Test(period, days_weeks_and_years)
{
	const struct {
		struct period period;
		const char *start, *last;
	} rows[] = {
		{{28, PERIOD_DAYS, PERIOD_BEGINNING}, "2024-02-02", "2024-02-29"},
		{{28, PERIOD_DAYS, PERIOD_AFTER}, "2024-02-02", "2024-03-01"},
		{{8, PERIOD_WEEKS, PERIOD_AFTER}, "2022-04-27", "2022-06-22"},
		{{1, PERIOD_WEEKS, PERIOD_BEGINNING}, "2026-11-02", "2026-11-08"},
		{{2, PERIOD_YEARS, PERIOD_AFTER}, "2024-02-29", "2026-02-28"},
		{{2, PERIOD_YEARS, PERIOD_BEGINNING}, "2024-03-15", "2026-03-14"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		EXPECT_DAY(last_of(&rows[i].period, &fixed, test_day(rows[i].start)), rows[i].last);
}

Test(period, reports_are_due_on_30_June_after_their_year)
{
	const struct period report = {0, PERIOD_REPORT, PERIOD_NEITHER};

	EXPECT_DAY(last_of(&report, NULL, test_day("2026-03-31")), "2026-06-30");
	EXPECT_DAY(last_of(&report, NULL, test_day("2026-04-01")), "2027-06-30");
	EXPECT_DAY(last_of(&report, NULL, test_day("2025-12-31")), "2026-06-30");
	EXPECT_DAY(last_of(&report, NULL, test_day("2026-01-31")), "2026-06-30");
	EXPECT_DAY(last_of(&report, NULL, test_day("2026-05-31")), "2027-06-30");
}

Test(period, has_no_last_day_where_none_is_told)
{
	static const enum period_unit units[] = {PERIOD_HOURS, PERIOD_STATED, PERIOD_OPEN};
	struct day last = {7};

	for (size_t i = 0; i < COUNT(units); i++) {
		const struct period p = {48, units[i], PERIOD_NEITHER};

		cr_expect_eq(period_last(&p, &fixed, test_day("2026-01-01"), &last), ERR_INVALID);
		cr_expect_eq(period_first(&p, &fixed, test_day("2026-01-01"), &last),
			     ERR_NOT_FOUND);
	}
	cr_expect_eq(last.number, 7);
	cr_expect_eq(period_last(&(struct period){20180631, PERIOD_DATE, PERIOD_NEITHER}, &fixed,
				 test_day("2026-01-01"), &last),
		     ERR_INVALID);
}

Test(period, nothing_ends_on_a_day_that_no_start_leads_to)
{
	struct day start = {7};

	cr_expect_eq(period_first(&(struct period){1, PERIOD_MONTHS, PERIOD_AFTER}, &fixed,
				  test_day("2026-03-31"), &start),
		     ERR_NOT_FOUND);
	cr_expect_eq(period_first(&(struct period){5, PERIOD_WORKING_DAYS, PERIOD_AFTER}, &fixed,
				  test_day("2026-11-22"), &start),
		     ERR_NOT_FOUND, "a Sunday");
	cr_expect_eq(start.number, 7);
}

/* --- over every day of 2008 to 2060 ---------------------------------------------- */

static bool is_working(const struct calendar *cal, struct day d)
{
	struct holiday why;

	cr_assert_eq(calendar_skips(cal, d, &why), 0);
	return str_is_null(why.name);
}

static void expect_back(const struct period *p, const struct calendar *cal, struct day start)
{
	struct day last = last_of(p, cal, start), back = DAY_NONE;
	int r = period_first(p, cal, last, &back);
	int32_t earlier;

	/* The working day before the first of 2008 is of a year that no rule knows. */
	if (r == ERR_CALENDAR_SHORT && cal == &bank && !is_working(cal, start) &&
	    day_cmp(start, test_day("2008-01-02")) <= 0)
		return;
	cr_assert_eq(r, 0, "%s", test_day_text(start));
	earlier = start.number - back.number;
	switch (p->unit) {
	case PERIOD_DAYS:
	case PERIOD_WEEKS:
		cr_assert_eq(earlier, 0, "%s", test_day_text(start));
		break;
	case PERIOD_WORKING_DAYS:
		cr_assert(!is_working(cal, start) || earlier == 0, "%s", test_day_text(start));
		break;
	default:
		cr_assert(earlier >= 0 && earlier <= 3, "%s", test_day_text(start));
		/* The month's last days share an end with one another, and with the next first. */
		cr_assert(earlier == 0 || day_civil(day_add(start, -1)).monthday >= 28, "%s",
			  test_day_text(start));
	}
}

static void expect_order(struct period p, const struct calendar *cal, struct day start)
{
	struct day after, beginning;

	p.mode = PERIOD_AFTER;
	after = last_of(&p, cal, start);
	expect_back(&p, cal, start);
	p.mode = PERIOD_BEGINNING;
	beginning = last_of(&p, cal, start);
	expect_back(&p, cal, start);
	cr_assert(day_cmp(beginning, after) <= 0, "%s", test_day_text(start));
	cr_assert(day_cmp(beginning, start) >= 0, "%s", test_day_text(start));
	cr_assert(p.unit != PERIOD_WORKING_DAYS ||
		  (is_working(cal, beginning) && is_working(cal, after)));
}

/* Of every so many days from the first of 2008 on. */
static void expect_every(int32_t stride, struct period p, const struct calendar *cal)
{
	struct day last = test_day("2060-12-31");

	for (struct day d = test_day("2008-01-01"); day_cmp(d, last) <= 0; d = day_add(d, stride))
		expect_order(p, cal, d);
}

static void expect_all(struct period p, const struct calendar *cal)
{
	expect_every(1, p, cal);
}

Test(period, back_and_forth_in_months_and_years)
{
	expect_all((struct period){6, PERIOD_MONTHS, 0}, &fixed);
	expect_all((struct period){1, PERIOD_MONTHS, 0}, &fixed);
	expect_all((struct period){2, PERIOD_YEARS, 0}, &fixed);
}

Test(period, back_and_forth_in_days_and_weeks)
{
	expect_all((struct period){28, PERIOD_DAYS, 0}, &fixed);
	expect_all((struct period){12, PERIOD_WEEKS, 0}, &fixed);
}

Test(period, back_and_forth_in_working_days)
{
	static const int count[] = {1, 5, 15, 20, 30, 45};
	/* Meets each day of the year and of the week in turn. */
	enum { STRIDE = 11 };

	expect_all((struct period){20, PERIOD_WORKING_DAYS, 0}, &fixed);
	expect_all((struct period){10, PERIOD_WORKING_DAYS, 0}, &bank);
	for (size_t i = 0; i < COUNT(count); i++) {
		expect_every(STRIDE, (struct period){count[i], PERIOD_WORKING_DAYS, 0}, &fixed);
		expect_every(STRIDE, (struct period){count[i], PERIOD_WORKING_DAYS, 0}, &bank);
	}
}

/* The safety rule of the unconfirmed calendar: fixed days are never the later reading. */
Test(period, fixed_days_are_never_later_than_bank_holidays)
{
	const struct period p = {20, PERIOD_WORKING_DAYS, PERIOD_BEGINNING};
	struct day last = test_day("2060-12-31");

	for (struct day d = test_day("2008-01-01"); day_cmp(d, last) <= 0; d = day_add(d, 1))
		cr_assert(day_cmp(last_of(&p, &fixed, d), last_of(&p, &bank, d)) <= 0, "%s",
			  test_day_text(d));
}

/* No month's end drifts: after n months the number is the same, or it is the month's last. */
Test(period, a_month_end_keeps_its_number_or_is_the_last)
{
	for (struct day d = test_day("2008-01-01"); day_civil(d).year <= 2060; d = day_add(d, 1)) {
		struct day end = last_of(&(struct period){6, PERIOD_MONTHS, PERIOD_AFTER}, NULL, d);

		if (day_civil(day_add(d, 1)).monthday == 1 || day_civil(d).monthday > 27)
			cr_assert(day_civil(end).monthday == day_civil(d).monthday ||
					  day_civil(day_add(end, 1)).monthday == 1,
				  "%s", test_day_text(d));
	}
}
