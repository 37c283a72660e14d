/*
 * What h_parameter.c and h_parameter_next.c share: sets of parameters as JSON and as flat rows.
 */
#pragma once

#include "h_parameter.h"

/* Whose rows of a set: the register's change set, and an authority's own over it, or NULL. */
struct frame {
	json_t *model, *own;
	bool is_council;
};

/* They as flat rows, and those that they are laid over: yours. ERR_INVALID with flaws, ERR_NOMEM */
MUST_CHECK int parameter_flatten(const struct frame *frame, struct flaws *flaws, json_t **ret_now,
				 json_t **ret_usual);

/* The same of what is stored, in which there can be no fault: ERR_BUG. */
MUST_CHECK int parameter_flatten_stored(struct flow *f, const struct frame *frame, json_t **ret_now,
					json_t **ret_usual);

/* A JSON text read, and a text as JSON, null where it is absent: yours. NULL without memory. */
json_t *parameter_json(struct str text);
json_t *parameter_text(struct str s);
