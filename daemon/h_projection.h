/*
 * The forecast over HTTP: one asset's projection, receipts by group, frozen runs.
 */
#pragma once

#include "flow.h"
#include "projector.h"

extern const struct flow_step flow_projection_asset[];
extern const struct flow_step flow_projection_receipts[];
extern const struct flow_step flow_run_add[];

/* Whose money this caller reads, in the flow's arena. */
struct projector_reader h_reader(struct flow *f);
