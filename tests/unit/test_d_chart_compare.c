/*
 * Charts of forecasts beside each other, of what they may become, and of how sure they are: bars as
 * long as their amounts, what is held back is said and not drawn, and what cannot be drawn is
 * refused.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/page/chart_compare.h"
#include "daemon/page/chart_fan.h"
#include "daemon/page/chart_tree.h"
#include "libassets/base/err.h"
#include "random.h"

enum { ROOM = 1 << 18 };

static const struct str label[] = {STR_INIT("2027-28"), STR_INIT("2028-29 <b>")};

static struct compare_bar bar[2][CHART_RUNS_MAX] = {
	{{40000000, false}, {20000000, false}},
	{{-10000000, false}, {999, true}},
};

static const struct chart_compare compare = {.id = STR_INIT("c"),
					     .title = STR_INIT("Two & more"),
					     .about = STR_INIT("By <code>"),
					     .label = label,
					     .bar = bar,
					     .years = 2,
					     .runs = 2};

static int count(const char *svg, const char *what)
{
	int n = 0;

	while ((svg = strstr(svg, what))) {
		svg += strlen(what);
		n++;
	}
	return n;
}

/* The number of an attribute of the n-th element of a kind. */
static double attribute(const char *svg, const char *element, int n, const char *name)
{
	for (int i = 0; i <= n; i++)
		svg = strstr(svg, element) + strlen(element);
	return strtod(strstr(svg, name) + strlen(name) + 2, NULL);
}

Test(chart_compare, draws_bars_as_long_as_their_amounts_from_one_zero)
{
	CLEANUP(buf_done) struct buf out = BUF(ROOM), again = BUF(ROOM);
	double unit;

	cr_assert_eq(chart_compare(&out, &compare), 0);
	cr_assert_eq(buf_err(&out), 0);
	buf_char(&out, '\0');
	cr_expect_eq(count(out.at, "<rect"), 3, "what is held back has no bar");
	unit = attribute(out.at, "<rect", 0, " width") / 40;
	cr_expect_float_eq(attribute(out.at, "<rect", 1, " width"), 20 * unit, 1.1);
	cr_expect_float_eq(attribute(out.at, "<rect", 2, " width"), 10 * unit, 1.1);
	/* The one below zero ends where the others begin. */
	cr_expect_float_eq(attribute(out.at, "<rect", 2, " x") +
				   attribute(out.at, "<rect", 2, " width"),
			   attribute(out.at, "<rect", 0, " x"), 1.1);
	cr_expect_not_null(strstr(out.at, ">not shown</text>"));
	cr_expect_not_null(strstr(out.at, ">2028-29 &lt;b&gt;</text>"));
	cr_expect_null(strstr(out.at, "999"));
	cr_expect_null(strstr(out.at, "style"));
	cr_assert_eq(chart_compare(&again, &compare), 0);
	cr_expect(str_starts((struct str){out.at, out.len}, buf_view(&again)));
}

Test(chart_compare, refuses_what_it_cannot_draw)
{
	static struct compare_bar huge[1][CHART_RUNS_MAX] = {{{INT64_MIN, false}}};
	CLEANUP(buf_done) struct buf out = BUF(ROOM);
	struct chart_compare c = compare;

	c.years = 0;
	cr_expect_eq(chart_compare(&out, &c), ERR_INVALID);
	c.years = CHART_ROWS_MAX + 1;
	cr_expect_eq(chart_compare(&out, &c), ERR_INVALID);
	c = compare;
	c.runs = CHART_RUNS_MAX + 1;
	cr_expect_eq(chart_compare(&out, &c), ERR_INVALID);
	c = compare;
	c.bar = huge;
	c.years = c.runs = 1;
	cr_expect_eq(chart_compare(&out, &c), ERR_RANGE);
	huge[0][0].is_held_back = true;
	cr_expect_eq(chart_compare(&out, &c), 0, "what is not shown has no length");
}

/* Whatever the amounts: no bar leaves the picture. */
Test(chart_compare, keeps_every_bar_inside)
{
	uint64_t seed = 11;

	for (int round = 0; round < 300; round++) {
		CLEANUP(buf_done) struct buf out = BUF(ROOM);
		struct compare_bar some[1][CHART_RUNS_MAX] = {0};
		struct chart_compare c = compare;
		int rects;

		for (size_t i = 0; i < CHART_RUNS_MAX; i++)
			some[0][i].pence = random_i64(&seed) % INT64_C(100000000000000001);
		c.bar = some;
		c.years = 1;
		c.runs = CHART_RUNS_MAX;
		cr_assert_eq(chart_compare(&out, &c), 0);
		buf_char(&out, '\0');
		rects = count(out.at, "<rect");
		for (int i = 0; i < rects; i++) {
			double x = attribute(out.at, "<rect", i, " x");

			cr_assert_geq(x, 319);
			cr_assert_leq(x + attribute(out.at, "<rect", i, " width"), 2861);
		}
	}
}

static const struct fan_year fan_years[] = {
	{STR_INIT("2026-27"), 0, 0, 0, 0, false},
	{STR_INIT("2027-28"), 10000000, 20000000, 30000000, 21000000, true},
	{STR_INIT("2028-29"), -5000000, 5000000, 40000000, 6000000, true},
	{STR_INIT("2029-30"), 0, 0, 0, 0, false},
	{STR_INIT("2030-31"), 0, 0, 1000000, 100000, true},
};

static const struct chart_fan fan = {.id = STR_INIT("f"),
				     .title = STR_INIT("Fan & more"),
				     .about = STR_INIT("By <code>"),
				     .year = fan_years,
				     .count = COUNT(fan_years)};

Test(chart_fan, joins_neighbours_and_stops_where_a_year_has_no_band)
{
	CLEANUP(buf_done) struct buf out = BUF(ROOM), narrow = BUF(ROOM);

	cr_assert_eq(chart_fan(&out, &fan, CHART_WIDE), 0);
	buf_char(&out, '\0');
	cr_expect_eq(count(out.at, "<polygon"), 1);
	cr_expect_eq(count(out.at, "<circle"), 3);
	cr_expect_eq(count(out.at, "stroke-width"), 2, "P50 and the expected, once");
	cr_expect_not_null(strstr(out.at, ">2027-28</text>"));
	/* Of rows the second is the first with a band: as long as what lies between its ends. */
	cr_assert_eq(chart_fan(&narrow, &fan, CHART_NARROW), 0);
	buf_char(&narrow, '\0');
	cr_expect_eq(count(narrow.at, "<circle"), 3);
	cr_expect_float_eq(attribute(narrow.at, "<rect", 3, " width") * 45 / 20,
			   attribute(narrow.at, "<rect", 5, " width"), 0.3);
	cr_expect_null(strstr(out.at, "style"));
}

Test(chart_fan, refuses_what_it_cannot_draw)
{
	CLEANUP(buf_done) struct buf out = BUF(ROOM);
	struct fan_year year = {.label = STR("2027-28"), .has_band = true, .p90_pence = INT64_MAX};
	struct chart_fan c = fan;

	c.count = 1;
	cr_expect_eq(chart_fan(&out, &c, CHART_WIDE), ERR_INVALID, "no year has a band");
	c.count = CHART_YEARS_MAX + 1;
	cr_expect_eq(chart_fan(&out, &c, CHART_NARROW), ERR_INVALID);
	c = (struct chart_fan){
		.id = STR("f"), .title = STR(""), .about = STR(""), .year = &year, .count = 1};
	cr_expect_eq(chart_fan(&out, &c, CHART_WIDE), ERR_RANGE);
}

static const struct tree_row rows[] = {
	{STR_INIT("Sold <b> 60 %"), 600000000, false},
	{STR_INIT("2027-28Q1"), 450000000, true},
	{STR_INIT("2027-28Q2"), 150000000, true},
	{STR_INIT("It stays"), 400000000, false},
};

Test(chart_tree, draws_a_row_each_with_a_bar_as_long_as_its_chance)
{
	CLEANUP(buf_done) struct buf out = BUF(ROOM);
	struct chart_tree c = {.id = STR("t"),
			       .title = STR("Tree & more"),
			       .about = STR("By <code>"),
			       .root = STR("As it stands"),
			       .row = rows,
			       .count = COUNT(rows)};

	cr_assert_eq(chart_tree(&out, &c), 0);
	buf_char(&out, '\0');
	cr_expect_eq(count(out.at, "<rect"), 4);
	cr_expect_eq(count(out.at, "<line"), 8);
	cr_expect_float_eq(attribute(out.at, "<rect", 1, " width"),
			   3 * attribute(out.at, "<rect", 2, " width"), 0.5);
	cr_expect_not_null(strstr(out.at, ">Sold &lt;b&gt; 60 %</text>"));
	c.count = 0;
	cr_expect_eq(chart_tree(&out, &c), ERR_INVALID);
	c.row = rows + 1;
	c.count = 1;
	cr_expect_eq(chart_tree(&out, &c), ERR_INVALID, "a leaf hangs from a branch");
	c.row = &(struct tree_row){STR("x"), 1000000001, false};
	cr_expect_eq(chart_tree(&out, &c), ERR_INVALID);
}
