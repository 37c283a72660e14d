/*
 * Correcting what was recorded wrongly: the request is made anew from what stands in its ledger,
 * act after act in the order in which they were recorded, with the wrong one as it should have
 * been: of another day, with other fields, another event, or struck out. What time did between is
 * worked out again; what each act was judged by of the world beside the request (the body, the
 * land) stays as it was judged.
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
	bool is_struck;         /* out: it is left out, as nothing of the kind happened here */
	struct request_act was; /* the target's as it was: request_correct_take() keeps it */
	struct str why;         /* out: the sentence that says what would be impossible */
};

/*
 * Lay over the target what `body` says: its members beside event, event_id and reasons; null takes
 * a field away. The event's own reasons are event_reasons. With `becomes` it is another event,
 * which keeps of the fields those that it takes too, and whose own reasons, where it needs some and
 * is given none, are those of the correction. act: the body, decoded.
 * ERR_INVALID  see flaws: a field that this event does not take or needs, a wrong value; the first
 *              entry struck out or of another event; an event that cannot be recorded so
 * ERR_RANGE, ERR_NOMEM
 */
MUST_CHECK int request_correct_take(struct correction *c, const json_t *body,
				    const struct request_act *act, struct flaws *flaws);

/*
 * The request as it is with the correction. Entries of its ledger that were there before have
 * their ids; those that time makes now have none.
 *
 * ERR_TRANSITION  a later act of a person would then be impossible; c->why names it
 * others          of the target itself, see request_apply()
 */
MUST_CHECK int request_correct(struct correction *c, struct day today, struct flaws *flaws,
			       struct request *ret_request);

/*
 * What of the request is otherwise than it was, as JSON members: state and level {was, is}, moves
 * [{clock, name, starts_on, due_on, late_after_on, state, was_… of each}] of every deadline that
 * has another day, is gone or new, and entries [{what, event, on, was_event, was_on}], what being
 * CORRECTED, STRUCK_OUT, MADE_ANEW (by time or otherwise than before) or GONE.
 */
void request_correct_tell(const struct correction *c, const struct request *now, struct buf *out);

/* True if the two say the same of what happened, when, from which state to which. */
bool request_correct_is_same(const struct ledger_entry *a, const struct ledger_entry *b);
