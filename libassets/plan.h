/*
 * Disposal plans and disposals: what is meant to happen, and what has.
 */
#pragma once

#include "lease.h"

struct plan {
#define FIELD SHAPE_MEMBER
#include "plan.def"
#undef FIELD
};

struct disposal {
#define FIELD SHAPE_MEMBER
#include "disposal.def"
#undef FIELD
};

extern const struct shape plan_shape;
extern const struct shape disposal_shape;

/*
 * A plan of a method other than NONE needs stage and planned_on; effective_on is today when
 * not given.
 * ERR_INVALID  see flaws    ERR_DATE_IN_FUTURE  effective_on is after today
 */
MUST_CHECK int plan_settle(struct plan *p, struct day today, struct flaws *flaws);

/*
 * cost_pence is 0 when not given.
 * ERR_DATE_IN_FUTURE  completed_on is after today: what has not happened is a plan.
 */
MUST_CHECK int disposal_settle(struct disposal *d, struct day today, struct flaws *flaws);
