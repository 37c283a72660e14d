/*
 * A boundary as people have it, as a text in a field or a file: GeoJSON (RFC 7946), be it the shape
 * itself, a feature or a collection of one; or a POLYGON or MULTIPOLYGON in well-known text (OGC
 * 06-103r4, 7), as lists of planning data have it. Degrees of WGS 84, longitude first.
 */
#pragma once

#include <jansson.h>

#include "wire.h"

/*
 * The shape as boundary_read (boundary.h) takes it, to be checked there: its type and coordinates
 * alone. Yours; NULL after a flaw.
 *
 * text: of any bytes and length.    at: where it stands.
 * Codes: BAD_FORM (neither of the two; GeoJSON says line and column), TOO_LARGE (prescan.h),
 * WRONG_LENGTH (a collection of none or several features), NO_ROOM.
 */
json_t *boundary_text(struct str text, const struct wire_at *at, struct flaws *flaws);
