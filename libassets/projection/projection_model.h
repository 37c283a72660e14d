/*
 * Parameters made ready for one run date: price indices by quarter, deflator and discount by
 * year, first days of quarters. Nothing in it changes afterwards, so any number of threads
 * may use one. Source: MODEL.md 4, 6.
 *
 * Index and deflator are scaled by 10^12, which is also their value before the base year.
 * Where growth takes one out of 64 bits, or down to nothing, it stands as 0 and every asset
 * that needs it has status E_OVERFLOW.
 */
#pragma once

#include "libassets/base/exact.h"
#include "projection_params.h"

/* 1, as indices, deflators and discount factors are written. */
#define PROJECTION_ONE INT64_C(1000000000000)

/* What MODEL.md 6 makes a present value with. */
struct projection_year {
	struct exact_factor deflator; /* from prices of this year to those of the run's */
	struct exact_factor discount; /* D(n); nothing before the run's year */
};

struct projection_model {
	const struct projection_params *params; /* borrowed */
	struct day as_of;
	int32_t fy;                      /* the run's year */
	int32_t first_quarter;           /* that of as_of */
	int32_t end_quarter;             /* the first after the horizon */
	struct day stale_day;            /* valuations up to it are older than the soft limit */
	struct day expired_day;          /* … than the hard limit */
	const int64_t *index[SCENARIOS]; /* by number of the index, then quarter */
	struct projection_year year[PROJECTION_FYS];
	struct day quarter_day[PROJECTION_QUARTERS + 1];

	/* Lent by the caller, who may extend or change them between two projections. */
	const struct projection_partner *partner; /* by the asset's `lead` */
	const uint32_t *class_index;              /* number of the index by the asset's `class` */
};

/*
 * The model of a run, in the arena; params is borrowed and must have been checked
 * (projection_params_read). The caller then sets `partner` and `class_index`.
 *
 * as_of: a day of the years 1900 to 2200.
 * ERR_NOMEM  the arena has no room: some 50 KiB, and 40 KiB for each index.
 */
MUST_CHECK int projection_model_new(struct arena *arena, const struct projection_params *params,
				    struct day as_of, struct projection_model **ret_model);

/* quarter_of_day() without a calendar. d: within the model's years. */
static inline int32_t projection_quarter(const struct projection_model *m, struct day d)
{
	/* Sixteen quarters have 1461 days, so the guess is at most a few days off. */
	int32_t guess = (d.number - m->quarter_day[0].number) * 16 / 1461;

	if (guess > 0 && d.number < m->quarter_day[guess].number)
		guess--;
	else if (d.number >= m->quarter_day[guess + 1].number)
		guess++;
	return PROJECTION_QUARTER_MIN + guess;
}

/* The deflator and discount of a financial year of the model. */
static inline const struct projection_year *projection_year(const struct projection_model *m,
							    int32_t fy)
{
	return &m->year[fy - PROJECTION_FY_MIN];
}

/* True of the quarters that totals count: not of actuals, not of what lies beyond. */
static inline bool projection_in_horizon(const struct projection_model *m, int32_t quarter)
{
	return quarter >= m->first_quarter && quarter < m->end_quarter;
}
