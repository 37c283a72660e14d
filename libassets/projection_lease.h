/*
 * Rent and operating premium of a lease by day, quarter by quarter up to the horizon.
 * Source: valuation.md B6.
 */
#pragma once

#include "projection_input.h"
#include "projection_tally.h"

/*
 * Add the rent of a lease that starts on `start` with this probability. Touches the quarters
 * in which it runs inside the horizon, also those without a penny.
 */
void lease_accrue(const struct projection_lease *l, const struct projection_model *m,
		  struct day start, int64_t p_ppb, struct tally *t);
