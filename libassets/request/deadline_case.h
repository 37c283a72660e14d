/*
 * One question about a deadline, from JSON, and its answer: what `assetctl deadline` takes and
 * prints. A question is a start and either a clock (K1 …) or a period (length, unit, mode and,
 * for working days, a calendar); with both, what is given stands over the clock's rule. It may
 * hold the answer that somebody else had, which is then compared.
 *
 * Its fields, apart from those passed over: id, rule, event, citation (texts), start, clock,
 * length, unit, mode, calendar, start_weekday, expected_last_day, expected_weekday,
 * same_rule_under_fixed_days, same_rule_under_bank_holidays_scotland.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"
#include "libassets/clock/clock_rule.h"
#include "libassets/shape/wire.h"

/* The longest period that is asked about, in any unit. */
enum { DEADLINE_CASE_LENGTH_MAX = 1200 };

struct deadline_case {
	struct str id; /* texts are borrowed from the document; absent when not given */
	struct str rule;
	struct str citation;
	struct str event;               /* what the start is */
	const struct clock_rule *clock; /* NULL without one */
	struct period period;
	enum calendar_id calendar;
	struct day start;
	/* What was expected; DAY_NONE, and a weekday of 0, where nothing was. */
	struct day expected;
	struct day expected_of[CALENDAR_COUNT]; /* by each reading of working days */
	int start_weekday;
	int expected_weekday;
	/* False: a classification or a check, which has no period to count. */
	bool is_counted;
	struct day last;                    /* of those counted: the answer */
	struct day last_of[CALENDAR_COUNT]; /* of working days: by either reading, else DAY_NONE */
};

/*
 * Read one case and work it out. Flaws say what is wrong with it; *ret_case is whole without any.
 * Beside those of wire_read(): NOT_IN_LIST for words that are unknown here, OUT_OF_RANGE for a
 * day or a period that the calendar does not reach, CONTRADICTION for what does not go together.
 *
 * object: any JSON value.    at: its place.
 */
void deadline_case_read(json_t *object, const struct wire_at *at, struct flaws *flaws,
			struct deadline_case *ret_case);

/* True if all that was expected is what came out; also without expectations. */
bool deadline_case_is_as_expected(const struct deadline_case *c);

/*
 * Append the answer as a JSON object: id, rule, start, last_day (null when nothing is counted),
 * weekday, calendar, other_reading {calendar, last_day}, counted_back (the start that counting
 * back from the last day gives), is_as_expected, how, skipped, citation.
 */
void deadline_case_encode(const struct deadline_case *c, struct buf *out);
