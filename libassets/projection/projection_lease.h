/*
 * Rent and operating premium of a lease by day, quarter by quarter up to the horizon.
 * Source: MODEL.md 6.
 *
 * The leaves of one branch are the same lease from different days. What a quarter owes in a
 * year that the lease fills wholly does not depend on the day, so such years are only noted
 * with their probability, and worked out once for all leaves.
 */
#pragma once

#include "projection_input.h"
#include "projection_tally.h"

/* Whole years noted so far; all zero when there are none, and so after lease_settle(). */
struct lease_years {
	int32_t from, to; /* places of the noted years, counted from the model's first; to is not */
	int64_t change_ppb[PROJECTION_FYS + 1]; /* probability that joins in the year, or leaves */
};

/*
 * Add the rent of a leaf: the lease from `start` on with this probability. Touches the
 * quarters in which it runs inside the horizon, also those without a penny. Whole years are
 * left to lease_settle().
 */
void lease_accrue(const struct projection_lease *l, const struct projection_model *m,
		  struct day start, int64_t p_ppb, struct tally *t, struct lease_years *years);

/* Add the whole years of all leaves of this lease, which must be the one that noted them. */
void lease_settle(const struct projection_lease *l, const struct projection_model *m,
		  struct tally *t, struct lease_years *years);
