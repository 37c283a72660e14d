/*
 * Bridges: each bar hangs where the last one ended and is as long as its amount, and what cannot be
 * drawn is refused.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/page/chart_bridge.h"
#include "libassets/base/err.h"

static const struct bridge_step sample_step[] = {
	{STR_INIT("Before"), 40000000, true},     {STR_INIT("Valuation"), 20000000, false},
	{STR_INIT("Requests"), -50000000, false}, {STR_INIT("Shares"), 0, false},
	{STR_INIT("After"), 10000000, true},
};

static const struct bridge sample = {.id = STR_INIT("b"),
				     .title = STR_INIT("Moved & more"),
				     .about = STR_INIT("By <code>"),
				     .step = sample_step,
				     .count = COUNT(sample_step)};

/* The number of an attribute of the n-th bar. */
static double rect(const char *svg, int n, const char *attribute)
{
	for (int i = 0; i <= n; i++)
		svg = strstr(svg, "<rect") + 5;
	return strtod(strstr(svg, attribute) + strlen(attribute) + 2, NULL);
}

Test(chart_bridge, hangs_each_bar_where_the_last_one_ended)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	double unit;

	cr_assert_eq(chart_bridge(&out, &sample, CHART_WIDE), 0);
	cr_assert_eq(buf_err(&out), 0);
	unit = rect(out.at, 0, " height") / 40;
	cr_expect_float_eq(rect(out.at, 1, " height"), 20 * unit, 0.2);
	cr_expect_float_eq(rect(out.at, 1, " y") + rect(out.at, 1, " height"),
			   rect(out.at, 0, " y"), 0.11);
	/* Down from the top of the last one; what moved nothing has no bar. */
	cr_expect_float_eq(rect(out.at, 2, " y"), rect(out.at, 1, " y"), 0.11);
	cr_expect_float_eq(rect(out.at, 2, " height"), 50 * unit, 0.2);
	cr_expect_float_eq(rect(out.at, 3, " height"), 10 * unit, 0.2);
	cr_expect_float_eq(rect(out.at, 3, " y"),
			   rect(out.at, 2, " y") + rect(out.at, 2, " height"), 0.2);
	cr_expect_not_null(strstr(out.at, ">−£500k</text>"));
	/* The scale holds where bars are, not how long they are: nothing here is below zero. */
	cr_expect_null(strstr(out.at, ">−£200k</text>"));
	cr_expect_not_null(strstr(out.at, ">£0</text>"));
	cr_expect_not_null(strstr(out.at, ">Requests</text>"));
}

Test(chart_bridge, is_the_same_bytes_each_time_with_title_and_words_and_no_style)
{
	static const enum chart_form form[] = {CHART_WIDE, CHART_NARROW};

	for (size_t i = 0; i < COUNT(form); i++) {
		CLEANUP(buf_done) struct buf once = BUF(1 << 16), again = BUF(1 << 16);

		cr_assert_eq(chart_bridge(&once, &sample, form[i]), 0);
		cr_assert_eq(chart_bridge(&again, &sample, form[i]), 0);
		cr_expect(str_eq(buf_view(&once), buf_view(&again)));
		cr_expect_not_null(strstr(once.at, ">Moved &amp; more</title>"));
		cr_expect_not_null(strstr(once.at, ">By &lt;code&gt;</desc>"));
		cr_expect_null(strstr(once.at, "style"));
	}
}

Test(chart_bridge, refuses_what_it_cannot_draw)
{
	static const int64_t limit = 100000000000000000;
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	struct bridge_step step[BRIDGE_STEPS_MAX + 1] = {{STR_INIT("x"), 0, true}};
	struct bridge b = sample;

	b.step = step;
	b.count = 1;
	cr_expect_eq(chart_bridge(&out, &b, CHART_WIDE), ERR_INVALID);
	b.count = COUNT(step);
	cr_expect_eq(chart_bridge(&out, &b, CHART_WIDE), ERR_INVALID);
	b.count = 2;
	for (size_t i = 0; i < COUNT(step); i++)
		step[i].label = STR("x");
	cr_expect_eq(chart_bridge(&out, &b, CHART_NARROW), 0);
	step[0].pence = limit;
	cr_expect_eq(chart_bridge(&out, &b, CHART_WIDE), 0);
	step[1].pence = 1; /* beyond it only when added */
	cr_expect_eq(chart_bridge(&out, &b, CHART_WIDE), ERR_RANGE);
	step[1].pence = INT64_MIN;
	cr_expect_eq(chart_bridge(&out, &b, CHART_WIDE), ERR_RANGE);
}
