/*
 * Disposal plans and disposals: what is meant to happen, and what has. The members of the
 * structs are the rows of plan.def and disposal.def.
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
 * Settle what is sent, in place: a plan of a method other than NONE needs stage and
 * planned_on; effective_on is today when not given. planned_on may have passed: the
 * projection flags it.
 *
 * p: decoded by plan_shape.    flaws: those of decoding; gets what is owed.
 * ERR_INVALID, ERR_RANGE  see flaws
 * ERR_DATE_IN_FUTURE  effective_on or exemption_dated_on is after today
 */
MUST_CHECK int plan_settle(struct plan *p, struct day today, struct flaws *flaws);

/*
 * True when `now` says anew that the land is contracted away (MISSIVES), or why that may be:
 * a bar is asked about. before: the plan as it stood, all its members absent without one.
 */
bool plan_contracts(const struct plan *before, const struct plan *now);

/*
 * Settle what is sent, in place: cost_pence is 0 when not given. Decoding must have found no
 * fault. Whether a bar forbids the disposal is the register's to say (2015 Act s.84).
 * ERR_INVALID         see flaws: a day of an exemption, and no exemption
 * ERR_DATE_IN_FUTURE  completed_on is after today: what has not happened is a plan; or
 * exemption_dated_on is
 */
MUST_CHECK int disposal_settle(struct disposal *d, struct day today, struct flaws *flaws);
