/*
 * How a roll-up keeps its sums, for the two files that write and read them: rows by key and
 * scenario, in a row cells by slot, in a cell amounts. Nobody else includes this.
 */
#pragma once

#include "projection_rollup.h"

/* Where a cell counts: in both tracks alike, or in one. */
enum heap { IN_BOTH, IN_BASELINE, IN_ADJUSTED };

/* What a cell keeps. CELLS counts the owners' cells in it. */
enum amount { GROSS, COST, PV, RENT, FORGONE, CELLS, AMOUNTS };

/* Slots for actuals, a financial year each, the run's own among them. */
static inline uint32_t rollup_actuals(const struct rollup *r)
{
	return (uint32_t)(quarter_fy(r->first_quarter) + 1 - r->actual_fy);
}

/* All slots: actuals, the horizon's quarters, and one for what lies beyond. */
static inline uint32_t rollup_slots(const struct rollup *r)
{
	return rollup_actuals(r) + (uint32_t)(r->end_quarter - r->first_quarter) + 1;
}

/* Sums of one key, and of one scenario of it. */
static inline size_t rollup_scenario_sums(const struct rollup *r)
{
	return (size_t)rollup_slots(r) * AMOUNTS;
}

static inline size_t rollup_key_sums(const struct rollup *r)
{
	return SCENARIOS * rollup_scenario_sums(r);
}

/* The slot of a quarter; it must have one (actuals are grown before they are written). */
static inline uint32_t rollup_slot(const struct rollup *r, int32_t quarter)
{
	if (quarter < r->first_quarter)
		return (uint32_t)(quarter_fy(quarter) - r->actual_fy);
	if (quarter >= r->end_quarter)
		quarter = r->end_quarter;
	return rollup_actuals(r) + (uint32_t)(quarter - r->first_quarter);
}
