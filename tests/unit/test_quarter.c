/*
 * Quarters: each begins the day after the one before it ends, and labels go there and back.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/clock/quarter.h"

Test(quarter, follow_one_another_without_gap)
{
	for (int32_t q = 4 * 1899 + 3; q < 4 * 2320; q++) {
		struct day first = quarter_first_day(q);
		int32_t again = 0;
		char text[QUARTER_TEXT];

		cr_assert_eq(quarter_of_day(first), q);
		cr_assert_eq(quarter_of_day(day_add(first, -1)), q - 1);
		cr_assert_eq(day_civil(first).monthday, 1);
		cr_assert_eq(day_civil(first).month % 3, 1);
		quarter_format(q, text);
		cr_assert_eq(quarter_parse(str_of(text), &again), 0, "%s", text);
		cr_assert_eq(again, q);
	}
}

Test(quarter, labels)
{
	char text[QUARTER_TEXT], year[FY_TEXT];
	int32_t fy = 0;

	quarter_format(8111, text);
	cr_expect_str_eq(text, "2027-28Q4");
	fy_format(2099, year);
	cr_expect_str_eq(year, "2099-00");
	cr_expect_eq(fy_parse(STR("2099-00"), &fy), 0);
	cr_expect_eq(fy, 2099);
	cr_expect_eq(quarter_fy(8111), 2027);
}

Test(quarter, refuses_what_is_no_label)
{
	static const char *const bad[] = {"",          "2027-28",   "2027-29Q1",  "2027-28Q0",
					  "2027-28Q5", "2027-28q1", "2027-28Q1 ", "1898-99Q1",
					  "2027/28Q1", "x027-28Q1"};
	int32_t q = 7;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect_eq(quarter_parse(str_of(bad[i]), &q), ERR_INVALID, "%s", bad[i]);
	cr_expect_eq(fy_parse(STR("2027-28Q1"), &q), ERR_INVALID);
	cr_expect_eq(q, 7);
}
