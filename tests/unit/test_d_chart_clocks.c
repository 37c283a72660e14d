/*
 * Clocks along time: each bar from its first day to its last in proportion, today's line among
 * them, and what cannot be drawn is refused.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/page/chart_clocks.h"
#include "libassets/base/err.h"

/* 100 days from day 20,000 on (4 October 2024), today in the middle of them. */
static const struct clock_bar sample_clock[] = {
	{STR_INIT("Decision & notice"), STR_INIT("still running"), {20000}, {20099}, CLOCK_RUNS},
	{STR_INIT("Acknowledgement"), STR_INIT("done in time"), {20000}, {20009}, CLOCK_MET},
	{STR_INIT("Notices"), STR_INIT("missed"), {20080}, {20099}, CLOCK_MISSED},
};

static const struct chart_clocks sample = {.id = STR_INIT("c"),
					   .title = STR_INIT("Dates"),
					   .about = STR_INIT("A bar each"),
					   .today = {20050},
					   .clock = sample_clock,
					   .count = COUNT(sample_clock)};

static double rect(const char *svg, int n, const char *attribute)
{
	for (int i = 0; i <= n; i++)
		svg = strstr(svg, "<rect") + 5;
	return strtod(strstr(svg, attribute) + strlen(attribute), NULL);
}

Test(chart_clocks, places_each_from_its_first_day_to_the_end_of_its_last)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	double whole;

	cr_assert_eq(chart_clocks(&out, &sample, CHART_WIDE), 0);
	cr_assert_eq(buf_err(&out), 0);
	whole = rect(out.at, 0, " width=\"");
	cr_expect_float_eq(whole, 716, 0.2);
	cr_expect_float_eq(rect(out.at, 1, " width=\""), whole / 10, 0.2);
	cr_expect_float_eq(rect(out.at, 2, " width=\""), whole / 5, 0.2);
	cr_expect_float_eq(rect(out.at, 2, " x=\""), rect(out.at, 0, " x=\"") + whole * 0.8, 0.2);
	cr_expect_not_null(strstr(out.at, ">Decision &amp; notice: still running</text>"));
	cr_expect_not_null(strstr(out.at, ">Nov 2024</text>"));
	cr_expect_null(strstr(out.at, ">Oct 2024</text>"),
		       "the month in which it begins has no rule");
	cr_expect_null(strstr(out.at, "style"));
}

Test(chart_clocks, is_the_same_bytes_each_time_narrow_too)
{
	CLEANUP(buf_done) struct buf once = BUF(1 << 16), again = BUF(1 << 16);

	cr_assert_eq(chart_clocks(&once, &sample, CHART_NARROW), 0);
	cr_assert_eq(chart_clocks(&again, &sample, CHART_NARROW), 0);
	cr_expect(str_eq(buf_view(&once), buf_view(&again)));
	cr_expect_not_null(strstr(once.at, "viewBox=\"0 0 350 "));
}

/* However long a time is, its months do not crowd. */
Test(chart_clocks, names_few_months_of_a_long_time)
{
	static const int32_t days[] = {0, 40, 400, 4000, 40000};

	for (size_t i = 0; i < COUNT(days); i++) {
		CLEANUP(buf_done) struct buf out = BUF(1 << 18);
		struct clock_bar one = {STR("x"), STR("y"), {20000}, {20000 + days[i]}, CLOCK_OVER};
		struct chart_clocks c = sample;
		int rules = 0;

		c.clock = &one;
		c.count = 1;
		c.today = one.from;
		cr_assert_eq(chart_clocks(&out, &c, CHART_WIDE), 0);
		for (const char *at = out.at; (at = strstr(at, "<line")); at++)
			rules++;
		cr_expect_leq(rules, 14, "%d in %d days", rules, (int)days[i]);
	}
}

Test(chart_clocks, refuses_what_it_cannot_draw)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	struct clock_bar back = {STR("x"), STR("y"), {20001}, {20000}, CLOCK_RUNS};
	struct chart_clocks c = sample;

	c.count = 0;
	cr_expect_eq(chart_clocks(&out, &c, CHART_WIDE), ERR_INVALID);
	c.count = CLOCKS_MAX + 1;
	cr_expect_eq(chart_clocks(&out, &c, CHART_WIDE), ERR_INVALID);
	c.clock = &back;
	c.count = 1;
	cr_expect_eq(chart_clocks(&out, &c, CHART_WIDE), ERR_INVALID);
}
