/*
 * The overlay of a run: what would be if single assets stood otherwise than they do. It is laid
 * over a copy of an asset's input to the model (MODEL.md 9) and touches nothing else.
 *
 *	[{"asset_id": "ast_…", "set": {"plan": {"planned_on": "2028-06-15"}}}, …]
 *
 * `set` has one or more of `plan`, `valuation`, `request` (with its `id`), in the register's
 * words (overlay.def). What is named is set, null takes it away, all else stays as it is; a lease
 * is replaced whole. `plan` or `valuation` null: there is none.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/day.h"
#include "libassets/shape/flaw.h"

enum { OVERLAY_MAX = 200 }; /* assets */

struct overlay {
	json_t *list; /* in its normal form, by asset id; the reader's */
	size_t count;
	struct str *asset_id; /* in the order of `list`, in the flaws' arena */
	size_t *place;        /* in what was sent */
};

/*
 * Read what was sent as `overlay`; null and NULL are an empty one. Equal meaning, equal list:
 * the same texts whatever the order and the blanks. Free with overlay_done, also after an error.
 * ERR_INVALID  see flaws, at /overlay/0/set/plan/planned_on …; ERR_NOMEM
 * Codes: those of shape_decode, TOO_MANY, DUPLICATE.
 */
MUST_CHECK int overlay_read(struct overlay *o, const json_t *sent, struct flaws *flaws);
void overlay_done(struct overlay *o);

/* An asset as it is: its input, and the ids of all its requests ever, by their numbers from 1. */
struct overlay_base {
	json_t *input; /* changed in place */
	const json_t *request_ids;
};

/*
 * Lay the i-th entry over an asset. as_of: since when a request is in a state that is set
 * without its day.
 * ERR_INVALID  see flaws    ERR_NOMEM
 * Codes: DISPOSED (it has been sold), UNKNOWN_REQUEST, NOT_LIVE (that request is closed),
 * REQUIRED (the plan or valuation would lack what it needs).
 */
MUST_CHECK int overlay_lay(const struct overlay *o, size_t i, const struct overlay_base *base,
			   struct day as_of, struct flaws *flaws);
