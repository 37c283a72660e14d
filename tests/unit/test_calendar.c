/*
 * Working days: weekends and holidays are skipped, and a calendar is never guessed on.
 */
#include <criterion/criterion.h>

#include "libassets/calendar.h"
#include "libassets/err.h"

static struct day day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(text), &d), 0, "%s", text);
	return d;
}

static struct calendar spring(struct day holiday[2])
{
	holiday[0] = day("2026-04-03"); /* Good Friday */
	holiday[1] = day("2026-04-06"); /* Easter Monday */
	return (struct calendar){
		.holiday = holiday,
		.holidays = 2,
		.from = day("2026-03-01"),
		.until = day("2026-05-31"),
		.weekend = CALENDAR_SATURDAY_SUNDAY,
	};
}

Test(calendar, skips_weekends_and_holidays)
{
	struct day holiday[2], due = DAY_NONE;
	struct calendar cal = spring(holiday);

	cr_assert_eq(calendar_nth_working(&cal, day("2026-03-31"), 20, &due), 0);
	cr_expect_eq(due.number, day("2026-04-29").number);
	cr_assert_eq(calendar_nth_working(&cal, day("2026-03-30"), 20, &due), 0);
	cr_expect_eq(due.number, day("2026-04-28").number);
	cr_assert_eq(calendar_nth_working(&cal, day("2026-04-03"), 1, &due), 0);
	cr_expect_eq(due.number, day("2026-04-07").number);
}

Test(calendar, every_answer_is_a_working_day_and_the_nth)
{
	struct day holiday[2];
	struct calendar cal = spring(holiday);

	for (int32_t n = 1; n <= 40; n++) {
		struct day first = day("2026-03-05"), last = DAY_NONE;
		int32_t count = 0;

		cr_assert_eq(calendar_nth_working(&cal, first, n, &last), 0);
		for (struct day d = first; day_cmp(d, last) <= 0; d = day_add(d, 1)) {
			bool is_working = false;

			cr_assert_eq(calendar_is_working(&cal, d, &is_working), 0);
			cr_assert_eq(is_working, day_of_week(d) < 6 && day_cmp(d, holiday[0]) &&
							 day_cmp(d, holiday[1]));
			count += is_working;
			cr_assert(is_working || day_cmp(d, last));
		}
		cr_assert_eq(count, n);
	}
}

Test(calendar, says_when_it_is_too_short)
{
	struct day holiday[2], due = {7};
	struct calendar cal = spring(holiday);
	bool is_working = false;

	cr_expect_eq(calendar_nth_working(&cal, day("2026-05-20"), 20, &due), ERR_CALENDAR_SHORT);
	cr_expect_eq(calendar_nth_working(&cal, day("2026-02-28"), 1, &due), ERR_CALENDAR_SHORT);
	cr_expect_eq(calendar_is_working(&cal, day("2026-06-01"), &is_working), ERR_CALENDAR_SHORT);
	cr_expect_eq(due.number, 7);
	cal.weekend = 0xFE;
	cr_expect_eq(calendar_nth_working(&cal, day("2026-03-05"), 1, &due), ERR_CALENDAR_SHORT,
		     "a week without working days ends with the calendar");
}
