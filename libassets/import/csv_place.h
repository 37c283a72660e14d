/*
 * Where a place is, from two numbers of a list that may be metres of the National Grid or
 * degrees, in either order: the ranges decide, for labels are wrong in real lists ("WGS84"
 * above grid metres, GeoX above latitudes).
 *
 * Great Britain lies between 49 and 61 degrees north and between 9 west and 3 east, so which
 * of two degrees is the latitude is never in doubt. Two grid figures are turned round where
 * they would lie in the sea as they are labelled and on land the other way; where both would
 * be land (the south of Scotland and East Anglia), the labels stand.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/grid.h"

/* What was found out about two numbers. */
enum csv_place {
	CSV_PLACE_FOUND,
	CSV_PLACE_SWAPPED, /* found, and the first is the northing or the latitude */
	CSV_PLACE_UNKNOWN, /* neither metres nor degrees of Great Britain; or 0, 0 */
};

/*
 * A decimal number in ten-millionths, half away from zero. It ends at the first blank: what
 * follows, such as "OSGB36", is *ret_rest, trimmed and empty where there is nothing.
 * ERR_INVALID  no number, more than 9 digits before the point, or an exponent
 *
 * Example: "431694 OSGB36" is 4316940000000 and "OSGB36"; "-3.5" is -35000000 and "".
 */
MUST_CHECK int csv_decimal(struct str s, int64_t *ret_e7, struct str *ret_rest);

/*
 * The place of two such numbers; x is the one labelled as easting or longitude.
 * ret_point: in whole metres, unless it is unknown.
 *
 * Example: 52.190268, -2.203305 is swapped, and at 386205, 254673 to a few metres.
 */
enum csv_place csv_place_of(int64_t x_e7, int64_t y_e7, struct grid_point *ret_point);

/*
 * The first two numbers that stand in a text, whatever stands around them.
 * ERR_INVALID  it does not hold two
 *
 * Example: "Latitude: 50.72131 Longitude: -3.53389" is 507213100 and -35338900.
 */
MUST_CHECK int csv_number_pair(struct str s, int64_t *ret_first_e7, int64_t *ret_second_e7);

/* True within the part of the National Grid that Scotland lies in. */
bool csv_place_is_scottish(struct grid_point p);
