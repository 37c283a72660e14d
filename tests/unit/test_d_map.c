/*
 * The map of Scotland: 32 councils, shaded by code, and points and dots where the National Grid
 * says.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "daemon/page/map.h"

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		n++;
		text += strlen(what);
	}
	return n;
}

Test(map, draws_32_councils_each_as_dark_as_its_level)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 17);
	const struct map_area area[] = {{STR("S12000033"), 4},
					{STR("S12000050"), 1},
					{STR("S12000047"), 0},
					{STR("E07000078"), 3}};

	map_councils(&out, STR("Councils \"with\" assets"), area, COUNT(area));
	cr_assert_eq(buf_err(&out), 0);
	cr_expect_eq(count(out.at, "<path"), 32);
	cr_expect_eq(count(out.at, "map__"), 2);
	cr_expect_eq(count(out.at, "class=\"map__4\""), 1);
	cr_expect_not_null(strstr(out.at, "aria-label=\"Councils &quot;with&quot; assets\""));
	cr_expect_null(strstr(out.at, "style"));
}

Test(map, puts_a_point_where_the_grid_says_and_refuses_what_is_not_in_the_picture)
{
	static const struct {
		int64_t easting, northing;
		int x, y; /* -1: refused */
	} rows[] = {
		{0, 1225000, 0, 0},      {325000, 673500, 203, 344}, /* Edinburgh */
		{395000, 222000, -1, 0},                             /* Cheltenham */
		{-1, 700000, -1, 0},     {480000, 700000, -1, 0},    {INT64_MAX, INT64_MAX, -1, 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_done) struct buf out = BUF(1 << 17);
		bool drawn = map_point(&out, STR("Place"), rows[i].easting, rows[i].northing);

		cr_assert_eq(drawn, rows[i].x >= 0);
		if (!drawn) {
			cr_expect_eq(out.len, 0);
			continue;
		}
		cr_expect_eq(strtol(strstr(out.at, "cx=\"") + 4, NULL, 10), rows[i].x);
		cr_expect_eq(strtol(strstr(out.at, "cy=\"") + 4, NULL, 10), rows[i].y);
	}
}

Test(map, knows_what_a_council_is_called)
{
	cr_expect(str_eq(map_council_name(STR("S12000047")), STR("Fife")));
	cr_expect(str_is_null(map_council_name(STR("E07000078"))));
}

/* The four numbers of the view box. */
static void view_box(const char *svg, long box[4])
{
	char *at = strstr(svg, "viewBox=\"") + 9;

	for (int i = 0; i < 4; i++)
		box[i] = strtol(at, &at, 10);
}

static double attribute(const char *dot, const char *name)
{
	return strtod(strstr(dot, name) + strlen(name), NULL);
}

Test(map, shows_the_part_in_which_dots_lie_and_their_number_by_their_surface)
{
	static const struct map_spot near[] = {{325000, 673500, 100}, {326000, 673500, 1}};
	static const struct map_spot far[] = {{340000, 1190000, 1}, {220000, 540000, 1}};
	CLEANUP(buf_done) struct buf out = BUF(1 << 17), whole = BUF(1 << 17), none = BUF(1 << 17);
	const char *first, *second;
	long box[4];

	map_spots(&out, STR("Dots"), near, COUNT(near));
	view_box(out.at, box);
	cr_expect_eq(box[2], 48, "no closer than the outlines bear");
	cr_expect(box[0] < 203 && 203 < box[0] + box[2], "%ld", box[0]);
	cr_expect(box[1] < 344 && 344 < box[1] + box[3], "%ld", box[1]);
	first = strstr(out.at, "<circle");
	second = strstr(first + 1, "<circle");
	cr_expect_float_eq(attribute(first, "cx=\""), 203.1, 0.05);
	cr_expect_float_eq(attribute(first, "cy=\""), 344.6, 0.05);
	cr_expect_gt(attribute(first, " r=\""), 2 * attribute(second, " r=\""));

	map_spots(&whole, STR("Dots"), far, COUNT(far));
	view_box(whole.at, box);
	cr_expect_eq(box[3], 423, "%ld", box[3]);
	map_spots(&none, STR("Dots"), NULL, 0);
	cr_expect_eq(count(none.at, "<circle"), 0);
	cr_expect_eq(count(none.at, "<path"), 32);
}
