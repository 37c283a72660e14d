/*
 * Text forms of time, and which day it is in London: both changes of the clocks, to the
 * microsecond, against the dates that the government publishes for 2026 to 2030.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "tests/unit/scratch.h"

static int64_t at_us(const char *day, int hour, int minute, int second)
{
	struct day d;

	cr_assert_eq(day_parse(str_of(day), &d), 0);
	return ((int64_t)d.number * 86400 + hour * 3600 + minute * 60 + second) * 1000000;
}

static const char *today(int64_t us)
{
	static char text[DAY_TEXT];

	day_format(clock_today(us), text);
	return text;
}

/* Every day of 2026 to 2030; ten of them have an hour more or less, and begin before the change. */
Test(clock, a_day_begins_at_midnight_in_london)
{
	const int64_t hour_us = 3600000000;
	int shorter = 0, longer = 0;
	struct day d;

	cr_assert_eq(day_parse(STR("2026-01-01"), &d), 0);
	for (; day_civil(d).year <= 2030; d = day_add(d, 1)) {
		int64_t begins_us = clock_day_begins_us(d);
		int64_t hours = (clock_day_begins_us(day_add(d, 1)) - begins_us) / hour_us;

		cr_expect_eq(day_cmp(clock_today(begins_us), d), 0);
		cr_expect_eq(day_cmp(clock_today(begins_us - 1), day_add(d, -1)), 0);
		cr_expect(hours >= 23 && hours <= 25);
		shorter += hours == 23;
		longer += hours == 25;
	}
	cr_expect_eq(shorter, 5);
	cr_expect_eq(longer, 5);
}

/* The hour of London is seen by when its day begins. */
Test(clock, summer_time_begins_and_ends)
{
	static const struct {
		const char *begins, *ends;
	} year[] = {
		{"2026-03-29", "2026-10-25"}, {"2027-03-28", "2027-10-31"},
		{"2028-03-26", "2028-10-29"}, {"2029-03-25", "2029-10-28"},
		{"2030-03-31", "2030-10-27"},
	};

	for (size_t i = 0; i < COUNT(year); i++) {
		struct day d;
		char next[DAY_TEXT];

		/* The evening of the day the clocks went forward: 23:00 GMT is the next day. */
		cr_assert_eq(day_parse(str_of(year[i].begins), &d), 0);
		day_format(day_add(d, 1), next);
		cr_assert_str_eq(today(at_us(year[i].begins, 0, 0, 0) - 1000000),
				 today(at_us(year[i].begins, 0, 0, 0) - 3600000000));
		cr_assert_str_eq(today(at_us(year[i].begins, 22, 59, 59)), year[i].begins);
		cr_assert_str_eq(today(at_us(year[i].begins, 23, 0, 0)), next);
		/* The evening before they go back still is summer, that of the day itself is not.
		 */
		cr_assert_str_eq(today(at_us(year[i].ends, 0, 0, 0) - 3600000000), year[i].ends);
		cr_assert_str_eq(today(at_us(year[i].ends, 23, 59, 59)), year[i].ends);
	}
}

Test(clock, day_in_winter_and_summer)
{
	cr_assert_str_eq(today(at_us("2026-11-21", 23, 59, 59)), "2026-11-21");
	cr_assert_str_eq(today(at_us("2026-06-30", 23, 30, 0)), "2026-07-01");
	cr_assert_str_eq(today(at_us("2028-02-29", 12, 0, 0)), "2028-02-29");
	cr_assert_str_eq(today(at_us("1969-12-31", 23, 59, 59)), "1969-12-31");
}

Test(clock, formats)
{
	char text[CLOCK_TEXT], http[30];
	int64_t us = at_us("2026-11-21", 9, 8, 7) + 123456;

	clock_format(us, text);
	cr_assert_str_eq(text, "2026-11-21T09:08:07.123456Z");
	clock_format(-1, text);
	cr_assert_str_eq(text, "1969-12-31T23:59:59.999999Z");
	clock_format_http(us, http);
	cr_assert_str_eq(http, "Sat, 21 Nov 2026 09:08:07 GMT");
	clock_format_http(at_us("1994-11-06", 8, 49, 37), http);
	cr_assert_str_eq(http, "Sun, 06 Nov 1994 08:49:37 GMT", "the example of RFC 9110");
}

#ifdef ASSETD_FAULTS
Test(clock, tests_may_move_it)
{
	char path[PATH_MAX];
	int64_t before = clock_now_us(), after;

	scratch_file("-3600\n", path);
	(void)setenv("ASSETD_CLOCK_FILE", path, 1);
	after = clock_now_us();
	(void)unsetenv("ASSETD_CLOCK_FILE");
	(void)unlink(path);
	cr_assert(before - after > 3590000000 && before - after < 3610000000);
}
#endif
