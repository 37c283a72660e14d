/*
 * Charts: words for amounts, bars that stand where their figures say, the same bytes each
 * time, and no style that the content security policy would refuse.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/page/chart.h"
#include "daemon/page/chart_draw.h"
#include "libassets/base/err.h"

Test(chart, says_an_amount_in_three_digits)
{
	static const struct {
		int64_t pence;
		const char *words;
	} rows[] = {
		{0, "£0"},
		{49, "£0"},
		{50, "£1"},
		{95000, "£950"},
		{99949, "£999"},
		{99950, "£1k"},
		{100000, "£1k"},
		{145000, "£1.45k"},
		{999499, "£9.99k"},
		{999500, "£10k"},
		{14549500, "£145k"},
		{14512500, "£145k"},
		{99949999, "£999k"},
		{99950000, "£1m"},
		{125000000, "£1.25m"},
		{120000000, "£1.2m"},
		{1234000000, "£12.3m"},
		{300000000000, "£3bn"},
		{-2000000, "−£20k"},
		{100000000000000000, "£1000000bn"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_done) struct buf out = BUF(40);

		chart_amount(&out, rows[i].pence);
		cr_expect_str_eq(out.at, rows[i].words);
	}
}

static const struct chart_year sample_year[] = {
	{STR_INIT("2026-27"), 40000000, 30000000, false, false},
	{STR_INIT("2027-28"), 14512500, 7938125, false, false},
	{STR_INIT("2028-29"), 0, -2000000, false, false},
};

static const struct chart sample = {.id = STR_INIT("r"),
				    .title = STR_INIT("Receipts & more"),
				    .about = STR_INIT("By <year>"),
				    .year = sample_year,
				    .count = COUNT(sample_year)};

/* The number of a bar's attribute, the bar being the n-th <rect after the legend's two. */
static double rect(const char *svg, int n, const char *attribute)
{
	for (int i = -2; i <= n; i++)
		svg = strstr(svg, "<rect") + 5;
	return strtod(strstr(svg, attribute) + strlen(attribute) + 2, NULL);
}

Test(chart, draws_each_bar_as_long_as_its_amount)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	double pounds_per_unit;

	cr_assert_eq(chart_bars(&out, &sample, CHART_WIDE), 0);
	cr_assert_eq(buf_err(&out), 0);
	pounds_per_unit = 400000 / rect(out.at, 0, "height");
	cr_expect_float_eq(rect(out.at, 1, "height") * pounds_per_unit, 300000, 400);
	cr_expect_float_eq(rect(out.at, 2, "height") * pounds_per_unit, 145125, 400);
	cr_expect_float_eq(rect(out.at, 3, "height") * pounds_per_unit, 79381.25, 400);
	/* The empty bar is not drawn; the negative one hangs below the others' foot. */
	cr_expect_float_eq(rect(out.at, 4, "height") * pounds_per_unit, 20000, 400);
	cr_expect_float_eq(rect(out.at, 4, " y"), rect(out.at, 0, " y") + rect(out.at, 0, "height"),
			   0.11);
}

Test(chart, has_a_line_and_an_amount_at_each_step_of_its_axis)
{
	static const char *const words[] = {">−£100k<", ">£0<",    ">£100k<",
					    ">£200k<",  ">£300k<", ">£400k<"};
	CLEANUP(buf_done) struct buf out = BUF(1 << 16);
	const char *at;
	size_t lines = 0;

	cr_assert_eq(chart_bars(&out, &sample, CHART_WIDE), 0);
	at = out.at;
	for (size_t i = 0; i < COUNT(words); i++) {
		at = strstr(at, words[i]);
		cr_assert_not_null(at, "%s", words[i]);
	}
	for (at = out.at; (at = strstr(at, "<line")); at++)
		lines++;
	cr_expect_eq(lines, COUNT(words));
}

Test(chart, says_so_where_a_year_is_held_back)
{
	const struct chart_year year[] = {
		{STR_INIT("2026-27"), .is_held_back = true},
		{STR_INIT("2027-28"), 14512500, 7938125, false, false},
	};
	CLEANUP(buf_done) struct buf wide = BUF(1 << 16), narrow = BUF(1 << 16);
	struct chart c = sample;

	c.year = year;
	c.count = COUNT(year);
	cr_assert_eq(chart_bars(&wide, &c, CHART_WIDE), 0);
	cr_assert_eq(chart_bars(&narrow, &c, CHART_NARROW), 0);
	cr_expect_not_null(strstr(wide.at, ">…</text>"));
	cr_expect_not_null(strstr(narrow.at, ">not shown</text>"));
	cr_expect_null(strstr(narrow.at, ">£0</text>"));
}

Test(chart, a_baseline_that_alone_is_held_back_is_not_drawn_as_nothing)
{
	const struct chart_year year[] = {
		{.label = STR_INIT("2027-28"), .adjusted_pence = 7938125, .has_no_baseline = true},
	};
	CLEANUP(buf_done) struct buf wide = BUF(1 << 16), narrow = BUF(1 << 16);
	struct chart c = sample;

	c.year = year;
	c.count = COUNT(year);
	cr_assert_eq(chart_bars(&wide, &c, CHART_WIDE), 0);
	cr_assert_eq(chart_bars(&narrow, &c, CHART_NARROW), 0);
	cr_expect_not_null(strstr(wide.at, ">…</text>"));
	cr_expect_not_null(strstr(narrow.at, ">not shown</text>"));
	cr_expect_not_null(strstr(narrow.at, ">£79.4k</text>"));
	cr_expect_null(strstr(narrow.at, ">£0</text>"));
}

Test(chart, is_the_same_bytes_each_time_with_title_and_words_and_no_style)
{
	static const enum chart_form form[] = {CHART_WIDE, CHART_NARROW};

	for (size_t i = 0; i < COUNT(form); i++) {
		CLEANUP(buf_done) struct buf once = BUF(1 << 16), again = BUF(1 << 16);

		cr_assert_eq(chart_bars(&once, &sample, form[i]), 0);
		cr_assert_eq(chart_bars(&again, &sample, form[i]), 0);
		cr_expect(str_eq(buf_view(&once), buf_view(&again)));
		cr_expect_not_null(strstr(once.at, ">Receipts &amp; more</title>"));
		cr_expect_not_null(strstr(once.at, ">By &lt;year&gt;</desc>"));
		cr_expect_null(strstr(once.at, "style"));
	}
}

Test(chart, refuses_what_it_cannot_draw)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);
	struct chart_year many[CHART_YEARS_MAX + 1] = {0},
						 huge = {STR_INIT("x"), INT64_MIN, 0, false, false};
	struct chart c = sample;

	c.year = many;
	c.count = 0;
	cr_expect_eq(chart_bars(&out, &c, CHART_WIDE), ERR_INVALID);
	c.count = COUNT(many);
	cr_expect_eq(chart_bars(&out, &c, CHART_WIDE), ERR_INVALID);
	c.count = CHART_YEARS_MAX;
	for (size_t i = 0; i < c.count; i++)
		many[i].label = STR("2027-28");
	cr_expect_eq(chart_bars(&out, &c, CHART_WIDE), 0);
	many[0].baseline_pence = 100000000000000000;
	many[1].adjusted_pence = -100000000000000000;
	cr_expect_eq(chart_bars(&out, &c, CHART_NARROW), 0);
	cr_expect_eq(buf_err(&out), 0);
	c.year = &huge;
	c.count = 1;
	cr_expect_eq(chart_bars(&out, &c, CHART_WIDE), ERR_RANGE);
}
