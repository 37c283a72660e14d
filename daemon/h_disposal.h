/*
 * Disposals: what has been sold or transferred, with the baseline as it was just before.
 */
#pragma once

#include "flow.h"
#include "libassets/plan.h"

extern const struct flow_step flow_disposal_add[];

/* What disposal_store needs; all of it borrowed until the batch is sent. */
struct disposal_of {
	struct str asset_id;
	struct str authority_id;
	struct str request_id;           /* that it completes, or absent */
	const struct disposal *disposal; /* settled by disposal_settle */
	struct str input;                /* the projection's input of the asset, a whole document */
	struct str baseline;       /* frozen before, by a disposal that this one takes the place of;
				      absent:       worked out from `input` */
	struct str other_requests; /* JSON list of the live requests on overlapping land but that
				      one: id, asset_id, relation as land_overlap() has it */
};

/*
 * Add to the batch: the disposal with its frozen baseline, the asset's new life, the flag
 * LAND_DISPOSED or LAND_PARTLY_DISPOSED on the other requests, and the changes of all of them.
 * ret_id: the disposal's, in the flow's arena.
 * ERR_BUG, ERR_JSON  what our own queries gave cannot be read     ERR_NOMEM
 * ERR_LIMIT          too many live requests stand on the land, or the baseline is too long
 */
MUST_CHECK int disposal_store(struct flow *f, const struct disposal_of *d, struct str *ret_id);
