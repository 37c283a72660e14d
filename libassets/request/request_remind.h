/*
 * What is told of a deadline by time alone: that its last day approaches, and, of a duty, that it
 * passed undone. Neither moves the request. Each belongs to a day and follows from ledger and
 * calendars, so what is told does not depend on when somebody looks, nor on how often.
 *
 * Source: notices of days are ours; which clocks are duties is clock.def's (statute 6, `whose`).
 */
#pragma once

#include "request_time.h"

/* What is told, as it goes out. Texts are constants. */
struct request_reminder {
	const struct deadline *deadline; /* in the arena */
	bool is_missed;                  /* else it approaches */
	/* The day that it belongs to: the last day of what was missed; else days_ahead before it,
	 * or the first day on which the clock was known to run, if later. */
	struct day on;
};

/*
 * What is to be told next, if its moment has come before `until` and no move by time comes before
 * it; true, and the request then has it among its reminders. days_ahead: how long before its last
 * day a deadline approaches. False without memory, too: the next call tries again.
 *
 * Callers take turns: request_remind() until it says no, one request_pass(), and again.
 */
bool request_remind(struct request *r, const struct request_until *until, int days_ahead,
		    struct arena *a, struct request_reminder *ret);

/*
 * The day on which time next does something, by a move or a reminder: on it, and not before, the
 * two have to be asked again. DAY_NONE: never, as things stand.
 */
struct day request_look_on(const struct request *r, int days_ahead);

/* Append {clock, name, whose, on, starts_on, due_on, late_after_on}. */
void request_reminder_encode(const struct request_reminder *m, struct buf *out);
