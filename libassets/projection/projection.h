/*
 * The deterministic projection of capital receipts: inputs of an asset in, cells of three
 * scenarios and two tracks out. Pure: the same inputs give the same bits on every machine,
 * in any order and on any thread. Source: MODEL.md 1 to 7.
 *
 *   projection_params   what may be set            projection_model   ready for a run date
 *   projection_tree     who takes the asset, when  projection_price   for how much
 *   projection_lease    rent by day                projection_tally   sums to cells
 *   projection_flags    what to mind               projection_share   cells to owners
 *   projection_rollup   sums of owners' cells      projection_wire, projection_print   JSON
 */
#pragma once

#include "projection_input.h"
#include "projection_model.h"
#include "projection_result.h"

struct projection_scratch;

/*
 * Which model this is: moved by whatever changes a figure, so that runs are compared only with
 * their like. Stands in every answer and run.
 */
#define PROJECTION_VERSION "1"

/*
 * Working memory of one thread, some 1.3 MiB; NULL without memory. Yours to free: that takes
 * NULL, and ends every result borrowed from it.
 */
struct projection_scratch *projection_scratch_new(void);
void projection_scratch_free(struct projection_scratch *s);

/*
 * Project one asset. Allocates nothing. The result is borrowed from the scratch until the
 * next call. The asset's numbers must be those of the model: stage, states, lead and class
 * known, days and terms within their bounds, as projection_wire.h leaves them; m->partner and
 * m->class_index reach every lead and class. Never NULL: what cannot be projected has an error
 * status (projection_is_error) and no cells.
 *
 * Example: £200,000 at market value, MARKETING, planned for 15 June 2027, projected as of
 * 21 November 2026 without growth: LIKELY baseline 14,512,500 pence.
 */
const struct projection_result *projection_run(const struct projection_model *m,
					       const struct projection_asset *a,
					       struct projection_scratch *s);

/*
 * The likely scenario alone, for an asset of which it is known that it can be projected: the
 * outcomes of the others and all that is no outcome are of whatever was asked before.
 */
const struct projection_result *projection_run_likely(const struct projection_model *m,
						      const struct projection_asset *a,
						      struct projection_scratch *s);

/*
 * The same as one of its owners has it: every cell is that owner's part. owner: the place
 * among the asset's owners, below a->owners. Totals and figures beside the cells stay those of
 * the asset, and its status is the asset's.
 */
const struct projection_result *projection_run_share(const struct projection_model *m,
						     const struct projection_asset *a,
						     uint32_t owner, struct projection_scratch *s);
