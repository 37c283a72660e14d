/*
 * The overview map of Scotland as SVG made on the server. Beside each map stands a list that
 * says what the map says, so the map is a picture with a name and takes no input.
 * Whoever shows it shows the credit of scotland.def with it.
 */
#pragma once

#include "libassets/base/buf.h"

/*
 * Append the map with the areas of `code` (such as "S12000033", n of them) marked; codes of
 * no council are passed over. label: how the picture is read out; escaped here.
 */
void map_councils(struct buf *out, struct str label, const struct str *code, size_t n);

/*
 * Append the map with a point in National Grid metres.
 * Returns false, and appends nothing, for a point outside the picture.
 */
bool map_point(struct buf *out, struct str label, int64_t easting, int64_t northing);
