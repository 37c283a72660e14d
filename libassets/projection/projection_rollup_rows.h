/*
 * How a roll-up keeps its sums, for the two files that write and read them: rows by key and
 * scenario, in a row cells by slot, in a cell amounts. Nobody else includes this.
 */
#pragma once

#include "projection_rollup.h"

/* Where a cell counts: in both tracks alike, or in one. */
enum heap { IN_BOTH, IN_BASELINE, IN_ADJUSTED };

/*
 * What a cell keeps, in pairs that are added together. CELLS counts the owners' cells in it;
 * the last pair is nothing in most cells.
 */
enum amount { GROSS, COST, PV, CELLS, RENT, FORGONE, AMOUNTS };

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

/* Which slots there are, apart from the sums: what a loop that writes sums can keep. */
struct rollup_frame {
	int32_t actual_fy, first_quarter, end_quarter;
};

static inline struct rollup_frame rollup_frame(const struct rollup *r)
{
	return (struct rollup_frame){r->actual_fy, r->first_quarter, r->end_quarter};
}

/* The slot of a quarter; it must have one (actuals are grown before they are written). */
static inline uint32_t rollup_frame_slot(struct rollup_frame f, int32_t quarter)
{
	if (quarter < f.first_quarter)
		return (uint32_t)(quarter_fy(quarter) - f.actual_fy);
	if (quarter >= f.end_quarter)
		quarter = f.end_quarter;
	return (uint32_t)(quarter_fy(f.first_quarter) + 1 - f.actual_fy + quarter -
			  f.first_quarter);
}

static inline uint32_t rollup_slot(const struct rollup *r, int32_t quarter)
{
	return rollup_frame_slot(rollup_frame(r), quarter);
}
