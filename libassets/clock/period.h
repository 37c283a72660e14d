/*
 * Lengths of time as law gives them, and their last day. The whole of the last day belongs to
 * the period, to midnight in Scotland; no rule moves it off a weekend or holiday.
 *
 * Months follow the corresponding date rule (Dodds v Walker [1981] UKHL): never from a month's
 * end to a month's end, but from a number to the same number.
 */
#pragma once

#include "calendar.h"

enum period_unit {
#define UNIT(id, one, many) PERIOD_##id,
#include "period.def"
#undef UNIT
	PERIOD_UNIT_COUNT
};

enum period_mode {
	PERIOD_AFTER,     /* the day after the start is the first */
	PERIOD_BEGINNING, /* the start itself is the first, or the next working day after it */
	PERIOD_NEITHER,   /* the unit does not ask */
};

struct period {
	int32_t length; /* at least 1, where the unit counts */
	enum period_unit unit;
	enum period_mode mode;
};

/* "working days", as one or many; constants. */
const char *period_unit_words(enum period_unit unit, int32_t length);
/* "WORKING_DAYS", "BEGINNING"; constants. */
const char *period_unit_name(enum period_unit unit);
const char *period_mode_name(enum period_mode mode);

/*
 * The last day of a period from a start.
 *
 * cal: how working days are counted; other units do not look at it.
 * ERR_INVALID         the unit has no last day of its own (HOURS, STATED, OPEN)
 * ERR_CALENDAR_SHORT  the calendar does not reach so far
 *
 * Example: 6 months after 31 August 2025 end on 28 February 2026; 6 months beginning with
 * 1 September 2025 end on 28 February 2026, with 10 April 2025 on 9 October 2025.
 */
MUST_CHECK int period_last(const struct period *p, const struct calendar *cal, struct day start,
			   struct day *ret_last);

/*
 * The other way: the start from which the period ends on `last`. Of several, the earliest in
 * months (at most three days before the others), and in working days the one that is itself a
 * working day.
 * ERR_NOT_FOUND       no start ends there, such as a month after any day on 31 March when
 *                     February is short; or the unit cannot be counted back
 * ERR_CALENDAR_SHORT  as above
 */
MUST_CHECK int period_first(const struct period *p, const struct calendar *cal, struct day last,
			    struct day *ret_start);
