/*
 * Single values: one function a type. Inside the shape module only; everybody else includes
 * shape.h.
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

/* A flaw for a value of the wrong type: "Send `wanted`." */
void shape_wrong_type(const struct shape_place *p, const json_t *value, const char *wanted);

/* A flaw for want of memory. */
void shape_no_room(const struct shape_place *p);

/* Decode one scalar (not null) into its member; a fault leaves the member as it was. */
void shape_scalar(const struct shape_field *f, const json_t *value, const struct shape_place *p,
		  void *member);

/* Make the member not set. */
void shape_unset(const struct shape_field *f, void *member);
