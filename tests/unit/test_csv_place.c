/*
 * Places from the numbers of real lists: metres or degrees, either way round.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/import/csv_place.h"

Test(csv_place, decimals_and_what_stands_behind_them)
{
	static const struct {
		struct str s;
		int err;
		int64_t e7;
		struct str rest;
	} rows[] = {
		{STR_INIT("431694 OSGB36"), 0, INT64_C(4316940000000), STR_INIT("OSGB36")},
		{STR_INIT(" 0.426 Fylde Council "), 0, 4260000, STR_INIT("Fylde Council")},
		{STR_INIT("-3.5"), 0, -35000000, STR_INIT("")},
		{STR_INIT("7."), 0, 70000000, STR_INIT("")},
		{STR_INIT("0.12345675"), 0, 1234568, STR_INIT("")},
		{STR_INIT("0.99999999"), 0, 10000000, STR_INIT("")},
		{STR_INIT("999999999"), 0, INT64_C(9999999990000000), STR_INIT("")},
		{STR_INIT("1234567890"), ERR_INVALID, 0, STR_INIT("")},
		{STR_INIT("52.200.96"), ERR_INVALID, 0, STR_INIT("")},
		{STR_INIT("1,250"), ERR_INVALID, 0, STR_INIT("")},
		{STR_INIT("1E+5"), ERR_INVALID, 0, STR_INIT("")},
		{STR_INIT("-"), ERR_INVALID, 0, STR_INIT("")},
		{STR_INIT(".5"), ERR_INVALID, 0, STR_INIT("")},
		{STR_INIT(""), ERR_INVALID, 0, STR_INIT("")},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t e7 = 0;
		struct str rest = STR("");

		cr_assert_eq(csv_decimal(rows[i].s, &e7, &rest), rows[i].err, "row %zu", i);
		if (rows[i].err)
			continue;
		cr_assert_eq(e7, rows[i].e7, "row %zu", i);
		cr_assert(str_eq(rest, rows[i].rest), "row %zu", i);
	}
}

/* x and y in ten-millionths; what is labelled which is the point. */
Test(csv_place, ranges_and_not_labels_say_what_a_number_is)
{
	static const struct {
		double x, y;
		enum csv_place place;
		int32_t easting, northing;
	} rows[] = {
		{325000, 673000, CSV_PLACE_FOUND, 325000, 673000},       /* Edinburgh */
		{673000, 325000, CSV_PLACE_SWAPPED, 325000, 673000},     /* the other way round */
		{559044, 146792, CSV_PLACE_FOUND, 559044, 146792},       /* Tonbridge */
		{-2.203305, 52.190268, CSV_PLACE_FOUND, 386199, 254689}, /* Worcester */
		{52.190268, -2.203305, CSV_PLACE_SWAPPED, 386199, 254689},
		{-1.15, 60.15, CSV_PLACE_FOUND, 447300, 1140900}, /* Lerwick */
		{3975323.664, -7125.8838, CSV_PLACE_UNKNOWN, 0, 0},
		{0, 0, CSV_PLACE_UNKNOWN, 0, 0},
		{-3.19, 40.0, CSV_PLACE_UNKNOWN, 0, 0}, /* Spain */
		{325000, 55.95, CSV_PLACE_FOUND, 325000,
		 56}, /* half of each: metres, as labelled */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct grid_point p = {0};
		int64_t x = (int64_t)(rows[i].x * GRID_E7), y = (int64_t)(rows[i].y * GRID_E7);

		cr_assert_eq(csv_place_of(x, y, &p), rows[i].place, "row %zu", i);
		if (rows[i].place == CSV_PLACE_UNKNOWN)
			continue;
		cr_assert_leq(abs(p.easting - rows[i].easting), 200, "row %zu: %d", i, p.easting);
		cr_assert_leq(abs(p.northing - rows[i].northing), 200, "row %zu: %d", i,
			      p.northing);
	}
}

/* Either order of the columns gives one point, wherever in Scotland's north it lies. */
Test(csv_place, the_order_of_the_columns_does_not_matter_north_of_the_border_hills)
{
	for (int32_t east = 130000; east < 400000; east += 7001) {
		for (int32_t north = 660000; north < 990000; north += 9001) {
			struct grid_point a, b;
			int64_t x = east * (int64_t)GRID_E7, y = north * (int64_t)GRID_E7;

			cr_assert_eq(csv_place_of(x, y, &a), CSV_PLACE_FOUND, "%d %d", east, north);
			cr_assert_eq(csv_place_of(y, x, &b), CSV_PLACE_SWAPPED, "%d %d", east,
				     north);
			cr_assert(a.easting == east && a.northing == north);
			cr_assert(b.easting == east && b.northing == north);
		}
	}
}

Test(csv_place, pairs_in_a_text)
{
	int64_t a = 0, b = 0;

	cr_assert_eq(csv_number_pair(STR("Latitude: 50.72131 Longitude: -3.53389"), &a, &b), 0);
	cr_assert_eq(a, 507213100);
	cr_assert_eq(b, -35338900);
	cr_assert_eq(csv_number_pair(STR("50.659441, -4.182754"), &a, &b), 0);
	cr_assert_eq(b, -41827540);
	cr_assert_eq(csv_number_pair(STR("WGS84"), &a, &b), ERR_INVALID);
	cr_assert_eq(csv_number_pair(STR(""), &a, &b), ERR_INVALID);
}
