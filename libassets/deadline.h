/*
 * The deadlines of a request: what clock.def says of what stands in its ledger. A deadline is
 * derived, never typed; what the database keeps of it is a cache.
 *
 * Source: each clock names its own in clock.def.
 */
#pragma once

#include "request.h"

enum deadline_state { DEADLINE_RUNNING, DEADLINE_MET, DEADLINE_MISSED, DEADLINE_STOPPED };

struct deadline {
	const struct deadline_clock *clock;
	struct day starts_on;
	struct day due_on;
	bool is_stated; /* due_on is the date that a notice states, not one worked out */
	enum deadline_state state;
};

/* A row of clock.def. */
struct deadline_clock {
	const char *id; /* K6 */
	const char *name;
	enum request_event start;
	int32_t months;
	bool is_after; /* the day after the start is the first; else the start itself */
	const char *whose;
	const char *confidence;
	const char *met_by; /* events, separated by blanks */
	const char *citation;
};

enum { DEADLINES_MAX = 64 };

/*
 * The deadlines of a ledger, in the order in which they began, at most DEADLINES_MAX.
 *
 * A clock whose work was done by its last day is MET, later MISSED; one that another event ended
 * (a withdrawal) is STOPPED. What nobody has done is RUNNING: nothing here asks what day it is.
 */
size_t deadlines_of(struct shape_list ledger, struct deadline ret_deadline[DEADLINES_MAX]);

/* As the JSON array of the contract, with the sentences that say how each day was found. */
void deadlines_encode(const struct deadline *deadline, size_t n, struct buf *out);

/*
 * The last day of a period in months (the corresponding date rule). After a day: the same-numbered
 * day, or the month's last. Beginning with a day: the day before the same-numbered one, or the
 * month's last when it has none.
 *
 * Example: 6 months after 31 August 2025 end on 28 February 2026; 6 months beginning with
 * 1 September 2025 end on 28 February 2026, with 10 April 2025 on 9 October 2025.
 */
struct day deadline_months(struct day start, int32_t months, bool is_after);
