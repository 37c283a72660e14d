/*
 * Positions against the Ordnance Survey's published test points for OSTN15: the Scottish ones,
 * the corners of Great Britain, and points off the grid.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "libassets/base/err.h"
#include "libassets/base/grid.h"

static const struct {
	const char *name;
	double lat, lon;
	double easting, northing;
} point_table[] = {
	/* OSTN15_OSGM15_TestInput_ETRStoOSGB.txt and its output, Ordnance Survey 2016. */
	{"St Mary's", 49.92226394, -6.29977752, 91492.146, 11318.804},
	{"London", 51.48936565, -0.11992557, 530624.974, 178388.464},
	{"Cambridge", 52.75136687, 0.40153547, 562180.547, 319784.995},
	{"Carlisle", 54.89542340, -2.93827741, 339921.145, 556034.761},
	{"Glasgow", 55.85399953, -4.29649016, 256340.925, 664697.269},
	{"Edinburgh", 55.92478266, -3.29479219, 319188.434, 670947.534},
	{"Mallaig", 57.00606696, -5.82836692, 167634.202, 797067.144},
	{"Aberdeen", 57.13902519, -2.04856031, 397160.491, 805349.736},
	{"Inverness", 57.48625001, -4.21926399, 267056.768, 846176.972},
	{"St Kilda", 57.81351838, -8.57854456, 9587.909, 899448.996},
	{"Butt of Lewis", 58.51560361, -6.26091456, 151968.652, 966483.780},
	{"Orkney", 59.03743871, -3.21454001, 330398.323, 1017347.016},
	{"Shetland", 60.13308092, -2.07382823, 395999.668, 1138728.951},
};

Test(grid, ordnance_survey_points_to_six_metres)
{
	for (size_t i = 0; i < COUNT(point_table); i++) {
		struct grid_degrees d = {llround(point_table[i].lat * 1e7),
					 llround(point_table[i].lon * 1e7)};
		struct grid_point p;

		cr_assert_eq(grid_of_degrees(d, &p), 0, "%s", point_table[i].name);
		cr_expect_lt(hypot(p.easting - point_table[i].easting,
				   p.northing - point_table[i].northing),
			     6.0, "%s: %d %d", point_table[i].name, p.easting, p.northing);
	}
}

Test(grid, and_back_to_six_metres)
{
	for (size_t i = 0; i < COUNT(point_table); i++) {
		struct grid_point p = {(int32_t)lround(point_table[i].easting),
				       (int32_t)lround(point_table[i].northing)};
		struct grid_degrees d;
		double north, east;

		cr_assert_eq(grid_to_degrees(p, &d), 0, "%s", point_table[i].name);
		north = ((double)d.lat_e7 / 1e7 - point_table[i].lat) * 111320.0;
		east = ((double)d.lon_e7 / 1e7 - point_table[i].lon) * 111320.0 *
		       cos(point_table[i].lat * 3.14159265 / 180.0);
		cr_expect_lt(hypot(north, east), 6.0, "%s", point_table[i].name);
		cr_assert_eq(d.lat_e7 % 100, 0, "five decimals");
	}
}

Test(grid, there_and_back_is_the_same_to_two_metres)
{
	for (int32_t e = 20000; e < GRID_EASTING_MAX; e += 68111) {
		for (int32_t n = 20000; n < 1200000; n += 117643) {
			struct grid_degrees d;
			struct grid_point back;

			cr_assert_eq(grid_to_degrees((struct grid_point){e, n}, &d), 0);
			cr_assert_eq(grid_of_degrees(d, &back), 0, "%d %d", e, n);
			cr_expect(abs(back.easting - e) <= 1 && abs(back.northing - n) <= 1,
				  "%d %d came back as %d %d", e, n, back.easting, back.northing);
		}
	}
}

Test(grid, what_is_not_on_it)
{
	static const struct grid_degrees off[] = {
		{488566000, 23522000}, /* Paris */
		{603900000, 53200000}, /* Bergen */
		{0, 0},
		{900000000, 0},
		{INT64_MIN, INT64_MAX},
	};
	struct grid_point p = {-1, -1};
	struct grid_degrees d;

	for (size_t i = 0; i < COUNT(off); i++)
		cr_assert_eq(grid_of_degrees(off[i], &p), ERR_RANGE, "row %zu", i);
	cr_assert_eq(p.easting, -1);
	cr_assert_eq(grid_to_degrees((struct grid_point){-1, 0}, &d), ERR_RANGE);
	cr_assert_eq(grid_to_degrees((struct grid_point){0, GRID_NORTHING_MAX + 1}, &d), ERR_RANGE);
}

Test(grid, near)
{
	cr_assert(grid_is_near((struct grid_point){100, 100}, (struct grid_point){120, 80}));
	cr_assert_not(grid_is_near((struct grid_point){100, 100}, (struct grid_point){121, 100}));
}
