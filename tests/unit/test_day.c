/*
 * Civil days: every day of three centuries goes to text and back, months keep their day or
 * take the last one, and nothing that is not a day is read as one.
 */
#include <criterion/criterion.h>

#include "libassets/base/day.h"
#include "libassets/base/err.h"

static struct day day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(text), &d), 0, "%s", text);
	return d;
}

static void expect_day(struct day got, const char *want)
{
	char text[DAY_TEXT];

	day_format(got, text);
	cr_expect_str_eq(text, want);
}

Test(day, counts_from_1970)
{
	cr_expect_eq(day("1970-01-01").number, 0);
	cr_expect_eq(day("1969-12-31").number, -1);
	cr_expect_eq(day("2000-03-01").number, 11017);
	cr_expect_eq(day("2026-11-21").number, 20778);
}

Test(day, every_day_of_the_range_follows_the_one_before)
{
	struct day d = day("1900-01-01"), last = day("2200-12-31");
	struct day_civil before = day_civil(day_add(d, -1));
	int week = day_of_week(day_add(d, -1));

	for (; day_cmp(d, last) <= 0; d = day_add(d, 1)) {
		struct day_civil c = day_civil(d);
		struct day again = DAY_NONE;
		char text[DAY_TEXT];

		day_format(d, text);
		cr_assert_eq(day_parse(str_of(text), &again), 0, "%s", text);
		cr_assert_eq(again.number, d.number, "%s", text);
		cr_assert(c.monthday == before.monthday + 1 ||
				  (c.monthday == 1 && c.month == before.month % 12 + 1),
			  "%s", text);
		cr_assert_eq(day_of_week(d), week % 7 + 1, "%s", text);
		before = c;
		week = day_of_week(d);
	}
}

Test(day, refuses_what_is_no_day)
{
	static const char *const bad[] = {
		"",           "2026-02-29",  "2026-13-01", "2026-00-10",
		"2026-04-31", "2026-4-01",   "2026-04-00", "1899-12-31",
		"2201-01-01", "2026-04-010", "2026/04/01", "202a-04-01",
		"2026-04-0 ", "+026-04-01",  "2100-02-29", "2026-04-01T00:00:00Z",
		"0000-00-00",
	};
	struct day d = {7};

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect_eq(day_parse(str_of(bad[i]), &d), ERR_INVALID, "%s", bad[i]);
	cr_expect_eq(day_parse((struct str){NULL, 0}, &d), ERR_INVALID);
	cr_expect_eq(d.number, 7, "an output is not touched on failure");
}

Test(day, months_keep_the_day_or_take_the_last)
{
	expect_day(day_add_months(day("2027-08-31"), 6), "2028-02-29");
	expect_day(day_add_months(day("2028-02-29"), 12), "2029-02-28");
	expect_day(day_add_months(day("2027-03-31"), -1), "2027-02-28");
	expect_day(day_add_months(day("2026-01-15"), -1), "2025-12-15");
	expect_day(day_add_months(day("2026-12-31"), 0), "2026-12-31");
	expect_day(day_add_months(day("2026-12-01"), 1200), "2126-12-01");
}

Test(day, whole_months_are_the_largest_that_fit)
{
	cr_expect_eq(day_months(day("2025-11-21"), day("2026-11-21")), 12);
	cr_expect_eq(day_months(day("2025-11-22"), day("2026-11-21")), 11);
	cr_expect_eq(day_months(day("2024-02-29"), day("2025-02-28")), 12);
	cr_expect_eq(day_months(day("2026-08-31"), day("2026-09-30")), 1);
	cr_expect_eq(day_months(day("2026-08-31"), day("2026-09-29")), 0);
	cr_expect_eq(day_months(day("2026-08-31"), day("2020-01-01")), 0);
}

Test(day, whole_months_by_definition)
{
	struct day to = day("2028-03-01");

	for (struct day from = day("2023-12-25"); day_cmp(from, to) <= 0; from = day_add(from, 1)) {
		int32_t n = day_months(from, to);

		cr_assert_leq(day_add_months(from, n).number, to.number);
		cr_assert_gt(day_add_months(from, n + 1).number, to.number);
	}
}

Test(day, none_is_before_every_day)
{
	cr_expect(day_is_none(DAY_NONE));
	cr_expect_not(day_is_none(day("1900-01-01")));
	cr_expect_lt(day_cmp(DAY_NONE, day("1900-01-01")), 0);
	cr_expect_eq(day_later(DAY_NONE, day("1900-01-01")).number, day("1900-01-01").number);
}
