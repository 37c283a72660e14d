/*
 * Valuations: what is sent of them, and what the register makes of it. What they are worth
 * in a forecast is projection.h's. The members are the rows of valuation.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

struct valuation {
#define FIELD SHAPE_MEMBER
#include "valuation.def"
#undef FIELD
};

extern const struct shape valuation_shape;

/*
 * Defaults: restricted; effective_on is valued_on, or today where that is still to come (a
 * valuation ahead of its day counts from now on). So an old valuation that is typed in late
 * does not push a newer one aside.
 * v: decoded by valuation_shape without a fault; changed in place.
 * ERR_DATE_IN_FUTURE  effective_on is given and after today; see flaws.
 */
MUST_CHECK int valuation_settle(struct valuation *v, struct day today, struct flaws *flaws);
