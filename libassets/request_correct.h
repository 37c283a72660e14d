/*
 * Correcting what was recorded wrongly: the request is made anew from what stands in its ledger,
 * act after act in the order in which they were recorded, with the wrong one as it should have
 * been. What time did between is worked out again; what each act was judged by of the world beside
 * the request (the body, the land) stays as it was judged.
 *
 * A validation that is not itself corrected follows the day of its last item.
 *
 * Source: contract, "Moving a request", CORRECT; statute 5.2, "Recorded late".
 */
#pragma once

#include <jansson.h>

#include "request.h"

struct correction {
	const struct request *now; /* as it stands, its ledger with ids */
	/*
	 * What was said of each entry of that ledger, in its order: event and on always; of the
	 * first its items; of what time did nothing else.
	 */
	struct request_act *said;
	size_t target;          /* which of them is corrected */
	struct request_act was; /* the target's as it was: request_correct_take() keeps it */
	struct str why;         /* out: the sentence that says what would be impossible */
};

/*
 * Lay over the target what `body` says: its members beside event, event_id and reasons.
 * ERR_INVALID  see flaws: a field that this event does not take, or a wrong value
 * ERR_RANGE, ERR_NOMEM
 */
MUST_CHECK int request_correct_take(struct correction *c, const json_t *body, struct flaws *flaws);

/*
 * The request as it is with the correction. Entries of its ledger that were there before have
 * their ids; those that time makes now have none.
 *
 * ERR_TRANSITION  a later act of a person would then be impossible; c->why names it
 * others          of the target itself, see request_apply()
 */
MUST_CHECK int request_correct(struct correction *c, struct day today, struct flaws *flaws,
			       struct request *ret_request);

/* True if the two say the same of what happened, when, from which state to which. */
bool request_correct_is_same(const struct ledger_entry *a, const struct ledger_entry *b);
