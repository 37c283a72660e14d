/*
 * Working days of a calendar that is given. One day after another: a statutory clock runs
 * over weeks, not years.
 *
 * A day outside the calendar's span is an error and not a working day: a date reckoned without
 * knowing its holidays would be wrong and look right.
 */
#include "calendar.h"

#include "err.h"

static bool is_holiday(const struct calendar *cal, struct day d)
{
	size_t from = 0, to = cal->holidays;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (day_cmp(cal->holiday[mid], d) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < cal->holidays && day_cmp(cal->holiday[from], d) == 0;
}

int calendar_is_working(const struct calendar *cal, struct day d, bool *ret_is_working)
{
	if (day_cmp(d, cal->from) < 0 || day_cmp(d, cal->until) > 0)
		return ERR_CALENDAR_SHORT;
	*ret_is_working = !(cal->weekend >> day_of_week(d) & 1) && !is_holiday(cal, d);
	return 0;
}

int calendar_nth_working(const struct calendar *cal, struct day first, int32_t n,
			 struct day *ret_day)
{
	for (struct day d = first;; d = day_add(d, 1)) {
		bool is_working;
		int r = calendar_is_working(cal, d, &is_working);

		if (r < 0)
			return r;
		if (is_working && --n <= 0) {
			*ret_day = d;
			return 0;
		}
	}
}
