/*
 * Which clocks a request's ledger started and what became of them: the rows of request.def,
 * read along the ledger. How long each runs is clock.def's.
 *
 * Source: statute 5.1 (challenge clock) and 5.2 (the column of clocks).
 */
#pragma once

#include "deadline.h"

/* In the order in which they began. Of more than there is room for, the oldest ended are left out.
 */
struct request_clocks {
	struct deadline at[DEADLINES_MAX];
	size_t count;
};

/*
 * The clocks of a request's ledger, by r->calendars. Uses r->ledger, r->route and r->reminders
 * beside them: an alarm that was told of as missed is MISSED until the act that it waits for.
 *
 * Example: RECEIVED, VALIDATE, EXTEND leave K6 stopped, and K1, K3 and K7 running.
 */
void request_clocks(const struct request *r, struct request_clocks *ret_clocks);

/*
 * The day from which the time for an offer (K18) runs after an act that agrees: that of the
 * authority's new notice where an appeal is allowed, which may follow later, else the act's own. An
 * appeal that is dismissed leads to no notice (statute 5.2, T23 and T24a).
 */
struct day request_offer_from(struct str outcome, struct day notice_on, struct day on);

/* The clock of that id, as below, that runs, the newest of several; NULL if none does. */
const struct deadline *request_clock_running(const struct request_clocks *c, const char *id);

/* True if it is that clock; CH is any of request_challenge.def, ALL any. */
bool request_clock_is(const struct deadline *d, struct str id);
bool request_clock_is_challenge(const struct deadline *d);

/*
 * The last day of the least period that the law gives a clock that starts on that day, and the
 * same under the other reading of working days.
 * ERR_INVALID, ERR_CALENDAR_SHORT  see period_last()
 */
MUST_CHECK int request_clock_least(const struct request *r, enum clock_id id, struct day start,
				   struct day *ret_due, struct day *ret_late);
