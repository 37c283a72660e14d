/*
 * What a request's completion leaves in the register: the disposal of its asset. It is made with
 * the act, and follows a correction of the ledger: a disposal that did not happen so is undone,
 * and another stands in its place; what was known before stays to be asked for.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "daemon/register/h_disposal.h"
#include "libassets/request/request_correct.h"

struct act_flow;
struct q_request_load_row;

/* Load, in one statement, what completion_store() needs of the asset. */
void completion_ask(struct flow *f, struct day on);

/*
 * Add to the batch what the act COMPLETE does to the asset. at: which statement completion_ask()
 * was.
 * The errors of disposal_store().
 */
MUST_CHECK int completion_store(struct flow *f, const struct act_flow *s,
				const struct q_request_load_row *row, const struct request *r,
				int at);

/* What a correction does to the disposal. */
struct completion_mend {
	bool is_owed;        /* else nothing changes, and the rest is not set */
	bool is_undone;      /* it did not happen; else `now` stands in its place */
	struct str id;       /* of the disposal that stands */
	struct str asset_id; /* whose it is */
	struct disposal was, now;
	struct str baseline;  /* frozen with it */
	struct str lifecycle; /* of the asset without it */
	int64_t rests;        /* how much happened to the land since that rests on it */
	int64_t told;         /* requests that were told that their land is gone */
};

/* Load, in two statements, what a correction of a completed request may need. */
void completion_mend_ask(struct flow *f, struct day on);

/*
 * Work out what the correction does to the disposal. now: the request as it is with the
 * correction; at: which statement the first of completion_mend_ask() was.
 * ERR_TRANSITION  the asset was taken out of the register, or something that happened to the land
 *                 since would then be impossible; the flow's detail names it
 */
MUST_CHECK int completion_mend_decide(struct flow *f, const struct correction *c,
				      const struct request *now, int at,
				      struct completion_mend *ret_mend);

/* Add it to the batch. The errors of disposal_store(). */
MUST_CHECK int completion_mend_store(struct flow *f, const struct completion_mend *mend,
				     const struct act_flow *s, int at);

/* Append it as a member `disposal` of a JSON object: {was_completed_on, was_gross_pence,
 * was_cost_pence, completed_on, gross_pence, cost_pence, lifecycle}; of what is undone only what
 * was, and what the asset then is. Nothing when nothing changes. */
void completion_mend_tell(const struct completion_mend *mend, struct buf *out);
