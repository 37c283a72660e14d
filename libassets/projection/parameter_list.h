/*
 * The parameters of the projection as rows that a person can read: where each stands in the form
 * of MODEL.md 9, its value and default, what it may be, and where the default is from. Two sets
 * are compared row by row.
 *
 * A path is a JSON pointer (RFC 6901) into the parameters, such as "/scenarios/BEST/price_ppm".
 */
#pragma once

#include <jansson.h>

#include "libassets/shape/flaw.h"
#include "projection_params.h"

/* What the scenarios mean, to be said wherever they are shown. */
#define PARAMETER_MEANING                                                                          \
	"BEST, LIKELY and WORST mean for receipts, not for communities: the best case for "        \
	"receipts "                                                                                \
	"may be the worst for them."

/*
 * A change set (MODEL.md 9) laid over the defaults. at: its own pointer in the document.
 * fields: NULL is none. *ret_params lives in the arena.
 * ERR_NOMEM  faults are flaws, the return is then 0.
 */
MUST_CHECK int parameters_read(json_t *fields, const char *at, struct arena *arena,
			       struct flaws *flaws, struct projection_params **ret_params);

/*
 * Every parameter with its value and what it may be: {path: {"value", "min", "max"}} in the order
 * of MODEL.md 3, min and max null where there is no range. Yours; NULL without memory.
 */
json_t *parameters_flat(const struct projection_params *p);

/* The same of what an authority sets for its own assets: paths such as "/cost_fixed". */
json_t *parameters_flat_partner(const struct projection_partner *p);

/*
 * The rows of `now`: [{"path", "value", "default", "min", "max", "unit", "origin", "label",
 * "source"}]. usual: the same of the defaults. Both are flat. Yours; NULL without memory.
 */
json_t *parameters_rows(json_t *now, const json_t *usual);

/* What the parameter at a path is, in words, of whatever name in a list; NULL for none of ours. */
const char *parameter_label(const char *path);

/* The unit that its value is in, as parameter_origin.def has it; NULL for none of ours. */
const char *parameter_unit(const char *path);

/*
 * [{"path", "old", "new"}] of what differs between two flat sets; null where one has no such
 * parameter. Yours; NULL without memory.
 */
json_t *parameters_changes(json_t *was, json_t *now);
