/*
 * The map of Scotland: 32 councils, marked by code, and points where the National Grid says.
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

Test(map, draws_32_councils_and_marks_those_that_are_named)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 17);
	const struct str code[] = {STR("S12000033"), STR("S12000050"), STR("E07000078")};

	map_councils(&out, STR("Councils \"with\" assets"), code, COUNT(code));
	cr_assert_eq(buf_err(&out), 0);
	cr_expect_eq(count(out.at, "<path"), 32);
	cr_expect_eq(count(out.at, "map__has"), 2);
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
