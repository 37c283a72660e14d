/*
 * The shapes of items as JSON Schema (2020-12), for the description of the API. Made from the
 * same tables that check what is sent, so the two cannot differ.
 */
#pragma once

#include "libassets/base/buf.h"
#include "shape.h"

enum schema_use {
	SCHEMA_CREATE, /* what may be sent to make one: needed members required, no others */
	SCHEMA_PATCH,  /* a merge patch: nothing required, null takes away */
	SCHEMA_ITEM, /* what is shown: nothing required (some is not for everybody), null unknown */
};

/*
 * Append the schema of an object of this shape, parts and lists written where they stand.
 * Whether it went in is the buffer's to say.
 */
void schema_write(const struct shape *shape, enum schema_use use, struct buf *out);
