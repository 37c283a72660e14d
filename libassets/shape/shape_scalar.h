/*
 * Single values: one function a type. Inside the shape module only; everybody else includes
 * shape.h. Nothing here fails: what is wrong becomes a flaw at the value's place.
 */
#pragma once

#include "shape.h"

/* Where a value stands and where its flaws go. */
struct shape_place {
	const struct wire_at *at;
	struct flaws *flaws;
};

/* Add a flaw at the place. */
void shape_flaw(const struct shape_place *p, const char *code, struct str detail, struct str cure);

/* A flaw WRONG_TYPE that says what the value is, and: "Send `wanted`." */
void shape_wrong_type(const struct shape_place *p, const json_t *value, const char *wanted);

/* A flaw NO_ROOM, for want of memory. */
void shape_no_room(const struct shape_place *p);

/*
 * Decode one scalar (not null; not a part, list or words) into its member; a fault leaves the
 * member as it was. An empty text takes an optional member away.
 */
void shape_scalar(const struct shape_field *f, const json_t *value, const struct shape_place *p,
		  void *member);

/* Make the member not set, of whatever type the field is. */
void shape_unset(const struct shape_field *f, void *member);

/*
 * Append degrees with the decimals they have, at most seven; by integers, so that they come back
 * the same.
 */
void shape_encode_degrees(int64_t e7, struct buf *out);
