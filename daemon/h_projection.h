/*
 * The forecast over HTTP: one asset's projection, receipts by group, frozen runs.
 */
#pragma once

#include "flow.h"
#include "projector.h"

extern const struct flow_step flow_projection_asset[];
extern const struct flow_step flow_projection_receipts[];
extern const struct flow_step flow_run_add[];

/*
 * Whose money this caller reads: every authority's, or those where a role of it gives
 * PERM_MONEY_READ. In the flow's arena; nobody's without memory.
 */
struct projector_reader h_reader(struct flow *f);
