/*
 * The boundary of an asset: a Polygon or MultiPolygon of GeoJSON (RFC 7946), in degrees of WGS 84,
 * on the National Grid as every place of the register. Its text in one form only, so that the same
 * shape is the same text: whole ten-millionths of a degree, outlines anticlockwise and holes
 * clockwise, no point twice in a row.
 *
 * What overlaps what is the database's to ask (sql/functions/0063_boundary.sql).
 */
#pragma once

#include <jansson.h>

#include "wire.h"

/* Of one boundary. Lines are compared each with each, so that a longer one would hold up others. */
enum { BOUNDARY_POINTS_MAX = 1000, BOUNDARY_RINGS_MAX = 100 };

/*
 * Read one. Returns its text in the flaws' arena: {"type":…,"coordinates":…} without blanks; absent
 * after a flaw.
 *
 * value:  as wire_load gives it, not null.    at:  its place.
 * Codes: WRONG_TYPE, REQUIRED, UNKNOWN_FIELD, NOT_IN_LIST (another type of geometry), TOO_MANY,
 * WRONG_LENGTH (a position that is not two numbers, a ring of less than four), OUT_OF_RANGE (not
 * on the National Grid), NOT_CLOSED, NO_AREA (less than a square metre), CROSSES (lines cross one
 * another), OUTSIDE (a hole outside its outline), NO_ROOM. Shape is looked at where every position
 * could be read.
 */
struct str boundary_read(const json_t *value, const struct wire_at *at, struct flaws *flaws);
