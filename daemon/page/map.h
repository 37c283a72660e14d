/*
 * Maps of Scotland as SVG made on the server. Beside each stands a table or a list that says what
 * the map says, so a map is a picture with a name and takes no input.
 * Whoever shows one shows the credit of scotland.def with it.
 */
#pragma once

#include "libassets/base/buf.h"

/* How dark a council's area can be: 0 as land, the others by the style sheet. */
enum { MAP_LEVELS = 5 };

struct map_area {
	struct str code; /* such as "S12000033"; one of no council is passed over */
	int level;
};

/* Append the map with those areas at their levels. label: how the picture is read out; escaped
 * here, as below. */
void map_councils(struct buf *out, struct str label, const struct map_area *area, size_t n);

/* What the area of that code is called: a constant; absent for a code of no council. */
struct str map_council_name(struct str code);

/*
 * Append the map with a point in National Grid metres.
 * Returns false, and appends nothing, for a point outside the picture.
 */
bool map_point(struct buf *out, struct str label, int64_t easting, int64_t northing);

/* So many things lie there, in National Grid metres. */
struct map_spot {
	int32_t easting, northing;
	int64_t number;
};

/* Append the part of the map in which all of them lie, each a dot the larger the more there are. */
void map_spots(struct buf *out, struct str label, const struct map_spot *spot, size_t n);
