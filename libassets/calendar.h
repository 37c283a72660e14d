/*
 * Working days. Which days are holidays is an argument, never known here: calendars come as
 * versions from the register, and none is guessed beyond the days it was made for.
 */
#pragma once

#include "day.h"

struct calendar {
	const struct day *holiday; /* ascending, each once, borrowed; may be NULL without any */
	size_t holidays;
	struct day from; /* the first and last day it speaks of, both in it */
	struct day until;
	uint8_t weekend; /* bit 1 << day_of_week(): CALENDAR_SATURDAY_SUNDAY */
};

enum { CALENDAR_SATURDAY_SUNDAY = 1 << 6 | 1 << 7 };

/*
 * Is it neither a day of the weekend nor a holiday?
 * ERR_CALENDAR_SHORT  the calendar does not speak of that day.
 */
MUST_CHECK int calendar_is_working(const struct calendar *cal, struct day d, bool *ret_is_working);

/*
 * The n-th working day among those on and after `first`; n >= 1.
 *
 * "Within n working days beginning with D" counts from D, "n working days after D" from the
 * day after it.
 * ERR_CALENDAR_SHORT  the calendar begins after `first` or ends before the answer: a holiday
 * that nobody has published yet is never guessed.
 *
 * Example: received Monday 2026-03-30, the 20th working day after it is Wednesday 2026-04-29
 * where Good Friday (3 April) and Easter Monday (6 April) are holidays.
 */
MUST_CHECK int calendar_nth_working(const struct calendar *cal, struct day first, int32_t n,
				    struct day *ret_day);
