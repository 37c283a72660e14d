/*
 * What another calendar does to deadlines that are kept: which dates it moves, and the list as it
 * is then. What has ended stays as it was explained then.
 */
#pragma once

#include <jansson.h>

#include "deadline.h"

/* A running deadline whose day is another one now. */
struct deadline_shift {
	const struct deadline *now;
	struct day was_due_on;
	struct day was_late_after_on;
};

/*
 * Compare a kept list, as deadlines_encode_over() wrote it, with one worked out anew; returns how
 * many running deadlines moved. Two are the same by clock, start and state.
 */
size_t deadlines_shifted(const json_t *kept, const struct deadline *now, size_t n,
			 struct deadline_shift ret_shift[DEADLINES_MAX]);

/*
 * Those running ones that keep their days, and that no holiday can move any more now that a list
 * speaks of their years; how many they are.
 */
size_t deadlines_settled(const json_t *kept, const struct deadline *now, size_t n,
			 const struct deadline *ret_settled[DEADLINES_MAX]);

/* Append {clock, name, starts_on, due_on, late_after_on}, of one that is settled. */
void deadline_settled_encode(const struct deadline *d, struct buf *out);

/* Append {clock, name, starts_on, was_due_on, due_on, was_late_after_on, late_after_on}. */
void deadline_shift_encode(const struct deadline_shift *s, struct buf *out);

/*
 * Append an array of n deadlines (deadline_encode()); what has ended, or runs on to the same days
 * and is not settled by this, is taken over from the kept list word for word. kept: NULL for none.
 */
void deadlines_encode_over(const json_t *kept, const struct deadline *now, size_t n,
			   struct buf *out);
