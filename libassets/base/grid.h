/*
 * Places in Scotland: British National Grid (EPSG:27700, whole metres) and WGS 84 (degrees),
 * one from the other by a seven-parameter Helmert transformation and a transverse Mercator
 * projection. Good to about 5 m, which a point on a register's map needs; the Ordnance
 * Survey's own shift grid (OSTN15) would give 0.1 m for 15 MB of data.
 *
 * Source: Ordnance Survey, "A guide to coordinate systems in Great Britain", sections 6.6 and
 * 7 and annexes B and C.
 */
#pragma once

#include "base.h"

enum {
	GRID_EASTING_MAX = 700000,
	GRID_NORTHING_MAX = 1300000,
	GRID_E7 = 10000000, /* degrees are kept as whole ten-millionths, about a centimetre */
	GRID_OFF_M = 20,    /* how far two positions said to be the same may lie apart */
};

struct grid_point {
	int32_t easting; /* metres east of the grid's false origin */
	int32_t northing;
};

struct grid_degrees {
	int64_t lat_e7; /* degrees north times GRID_E7 */
	int64_t lon_e7; /* degrees east; nearly all of Scotland is below zero */
};

/*
 * The grid position of a place, rounded to the metre.
 * ERR_RANGE  it is not on the grid: easting outside 0 to 700,000, northing 0 to 1,300,000.
 *
 * Example: 55.8539995, -4.2964902 (Glasgow) is 256341, 664697 to a few metres.
 */
MUST_CHECK int grid_of_degrees(struct grid_degrees d, struct grid_point *ret_point);

/*
 * The other way, rounded to five decimals, which is what 5 m deserve.
 * ERR_RANGE  as above.
 *
 * Example: 256341, 664697 is 55.85400, -4.29650.
 */
MUST_CHECK int grid_to_degrees(struct grid_point p, struct grid_degrees *ret_degrees);

/* True if they lie at most GRID_OFF_M apart in both directions: a square, not a circle. */
bool grid_is_near(struct grid_point a, struct grid_point b);
