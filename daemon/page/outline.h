/*
 * The boundary of an asset as a picture made on the server: its shape and its size. The words
 * beside it say where it lies.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"

/*
 * Append the picture of a boundary, as an item shows it. label: how it is read out; escaped here.
 * Returns false, and appends nothing, for null and for what is no boundary.
 */
bool outline_draw(struct buf *out, struct str label, const json_t *boundary);
