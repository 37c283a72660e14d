/*
 * The deadlines of a request: what clock.def says of what stands in its ledger. A deadline is
 * derived, never typed; what the database keeps of it is a cache.
 *
 * Source: each clock names its own in clock.def.
 */
#pragma once

#include "request.h"

enum deadline_state {
	DEADLINE_RUNNING, /* nothing in the ledger has ended it */
	DEADLINE_MET,     /* done on its last day or before */
	DEADLINE_MISSED,  /* done after it */
	DEADLINE_STOPPED, /* another event ended it, such as a withdrawal */
};

struct deadline {
	const struct deadline_clock *clock; /* a constant, never NULL */
	struct day starts_on;               /* the day of the event that began it */
	struct day due_on;                  /* the last day that is in time */
	bool is_stated; /* due_on is the date that a notice states, not one worked out */
	enum deadline_state state;
};

/* A row of clock.def. */
struct deadline_clock {
	const char *id;   /* K6 */
	const char *name; /* "Decision notice" */
	enum request_event start;
	int32_t months;
	bool is_after;          /* the day after the start is the first; else the start itself */
	const char *whose;      /* AUTHORITY, COMMUNITY_BODY or BOTH */
	const char *confidence; /* C the law says so, G guidance does */
	const char *met_by;     /* events, separated by blanks */
	const char *citation;
};

/* Those of one request: further ones are left out. */
enum { DEADLINES_MAX = 64 };

/*
 * The deadlines of a ledger, in the order in which they began; returns how many.
 *
 * ledger: of struct ledger_entry, oldest first, as request_apply() keeps it.
 * ret_deadline: room for DEADLINES_MAX; borrows nothing of the ledger.
 *
 * A clock whose work was done by its last day is MET, later MISSED; one that another event ended
 * (a withdrawal) is STOPPED. What nobody has done is RUNNING: nothing here asks what day it is.
 */
size_t deadlines_of(struct shape_list ledger, struct deadline ret_deadline[DEADLINES_MAX]);

/*
 * Append them as a JSON array: clock, name, starts_on, due_on, late_after_on, confidence,
 * state, whose, held, citation, calendar, provisional, `how` (the sentences that say how the
 * day was found) and skipped. Whether it went in is the buffer's to say.
 */
void deadlines_encode(const struct deadline *deadline, size_t n, struct buf *out);

/*
 * The last day of a period in months (the corresponding date rule). After a day: the same-numbered
 * day, or the month's last. Beginning with a day: the day before the same-numbered one, or the
 * month's last when it has none. Weekends and holidays do not move it.
 *
 * months: at least 1.
 *
 * Example: 6 months after 31 August 2025 end on 28 February 2026; 6 months beginning with
 * 1 September 2025 end on 28 February 2026, with 10 April 2025 on 9 October 2025.
 */
struct day deadline_months(struct day start, int32_t months, bool is_after);
