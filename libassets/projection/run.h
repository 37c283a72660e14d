/*
 * A frozen run of the projection, as it is asked for. The members are the rows of run.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

struct run {
#define FIELD SHAPE_MEMBER
#include "run.def"
#undef FIELD
};

extern const struct shape run_shape;

/* Of a run that says neither; those of the live projection. */
enum { RUN_SEED = 1, RUN_PATHS = 10000 };

/*
 * Defaults: as_of_on today, tag LIVE, RUN_SEED, RUN_PATHS. Where valid_on or known_at is given,
 * the other is today, or now; where neither is, both stay absent: the data are those at the freeze.
 *
 * r: decoded by run_shape without a fault; changed in place, a made known_at in flaws' arena.
 * now_us: microseconds since 1970, UTC.    today: that moment's day in Europe/London.
 * ERR_INVALID  known_at is after now_us, or no moment; see flaws.    ERR_NOMEM
 */
MUST_CHECK int run_settle(struct run *r, struct day today, int64_t now_us, struct flaws *flaws);

/* Are the data those of another day or moment than the freeze? Before run_settle, or after. */
bool run_is_as_at(const struct run *r);
