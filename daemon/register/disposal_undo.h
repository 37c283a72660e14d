/*
 * A disposal that did not happen as it was recorded, by the correction of a completion
 * (completion.c) or of what was recorded by hand (h_disposal_correct.c). It is never rewritten: it
 * is undone at a moment, and whoever asks what was known before still finds it.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/register/plan.h"

/* The disposal that stands and what of the register hangs on it; all of it borrowed. */
struct disposal_undo {
	struct str id, asset_id, authority_id;
	const struct disposal *was;
	struct str lifecycle; /* of the asset without it */
	int64_t rests;        /* how much happened to the land since that rests on it */
	struct str reason;
};

/*
 * May it be undone, with what happened to the land since? words: what that was first, absent:
 * nothing; on: its day; becomes: the day of the disposal that takes its place, NULL: none does.
 * ERR_TRANSITION  not so: the flow's detail names it     ERR_BUG  that is no day
 */
MUST_CHECK int disposal_undo_check(struct flow *f, struct str words, struct str on,
				   const struct day *becomes);

/* Add it to the batch, with the asset's event. */
void disposal_undo(struct flow *f, const struct disposal_undo *u);

/*
 * Add to the batch: the requests that were told that their land is gone are told what of that still
 * holds. own: the request whose row says it itself, "" none; told: how many they were.
 * ERR_LIMIT  too many     ERR_NOMEM
 */
MUST_CHECK int disposal_undo_tell(struct flow *f, struct str asset_id, struct str own,
				  int64_t told);
