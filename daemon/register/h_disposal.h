/*
 * Disposals: what has been sold or transferred, with the baseline as it was just before.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/register/plan.h"

extern const struct flow_step flow_disposal_add[];
/* One that was recorded wrongly: another in its place, or none (h_disposal_correct.c). */
extern const struct flow_step flow_disposal_correct[];
extern const struct flow_step flow_disposal_undo[];

/* Their steps but for the answer, for the forms of an asset. */
enum step_result disposal_add_load(struct flow *f);
enum step_result disposal_add_store(struct flow *f);
enum step_result disposal_correct_load(struct flow *f);
enum step_result disposal_correct_store(struct flow *f);
enum step_result disposal_undo_load(struct flow *f);
enum step_result disposal_undo_store(struct flow *f);

/* The oldest bar that runs over land, and why it may not hold; all of it borrowed. */
struct bar_of {
	struct str barred_by;   /* the request's reference; absent: none runs */
	struct str barred_from; /* the day it was made */
	struct str exemption;   /* ADVERTISED …, or absent */
	struct day dated_on;    /* since when that was so */
	const char *what;       /* to be told after "bars disposal …": "" or ", and …" */
};

/*
 * Nothing that disposes of land under a bar goes on without an exemption that holds. What is
 * wrong is told in the answer, with what would mend it.
 * ERR_BARRED, ERR_INVALID (see the flow's flaws)     ERR_BUG
 */
MUST_CHECK int disposal_bar_check(struct flow *f, const struct bar_of *b);

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
