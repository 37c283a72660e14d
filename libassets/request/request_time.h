/*
 * What the passing of time does to a request by itself: the rows of request.def whose event
 * nobody sends. Such a move belongs to the last day whose end brings it about (its `on`), and
 * happens at the first moment of the next.
 *
 * An act counts on the day it was done, however late it is recorded: moves by time that belong
 * to later days are taken back first, and follow again, or not, once the act has happened.
 * Whoever records an act calls, in this order: request_rewind(), request_pass() until it says
 * no, request_apply(), request_pass() until the day on which it is recorded.
 *
 * Source: statute 5.2, "By time" and "Recorded late"; 17.1.
 */
#pragma once

#include "request.h"

struct request_move;

/* Before what time may pass: an act of a day, or (event REQUEST_EVENT_COUNT) today. */
struct request_until {
	struct day on; /* of the act; moves of earlier days come before it */
	enum request_event event;
	struct day today; /* nothing of today or later has happened yet */
};

/* The day that an act is judged by: of a longer period the one on which it was agreed. */
struct request_until request_until(enum request_event event, const struct request_act *act,
				   struct day today);

/*
 * True if that last day has ended before then. opens: its end opens a right that can be used on
 * that very day; a challenge of the day then comes after it.
 */
bool request_until_is_over(const struct request_until *u, struct day last, bool opens);

/*
 * The move that time brings about first, and its last day; of two on one day the row that stands
 * first. NULL when none waits for time.
 */
const struct request_move *request_time_next(const struct request *r, struct day *ret_on);

/*
 * Let the next move by time happen, if one has come before `until`; true if it did, and it
 * then stands as an act in *ret_act. One move at a time, so that each can be recorded.
 * False without memory, too: the next call tries again.
 */
bool request_pass(struct request *r, const struct request_until *until, struct arena *a,
		  struct request_act *ret_act);

/*
 * Take back the moves by time at the end of the ledger that had not come by then; the request
 * is again as they found it. Never an act of a person.
 * Returns how many; they were the last of the ledger as it was.    Without memory 0.
 */
size_t request_rewind(struct request *r, const struct request_until *until, struct arena *a);

/* Since when its state holds, and the model's, and its level: as its ledger says. */
void request_date(struct request *r);

/*
 * True for a challenge that is late by one reading of the law and not by another: its day lies
 * between the last days of two readings of working days (17.1), or it appeals for want of a
 * contract in time only because Ministers were waited for: the time would have begun with the last
 * day of the contract period (statute 5.2, T30a). False for an event that challenges nothing.
 */
bool request_time_is_late_on_one_reading(const struct request *r, enum request_event event,
					 struct day on);
