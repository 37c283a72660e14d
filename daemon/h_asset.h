/*
 * The steps that write assets, their valuations and their disposal plans. Each is a table of
 * routes.c: load, decide, store; what it answers stands there.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_asset_add[];
extern const struct flow_step flow_asset_patch[];
extern const struct flow_step flow_asset_part[];
extern const struct flow_step flow_asset_remove[];
extern const struct flow_step flow_valuation_add[];
extern const struct flow_step flow_plan_put[];
extern const struct flow_step flow_plan_remove[];

/* The steps of flow_asset_part, for a page whose form does the same. */
enum step_result asset_patch_load(struct flow *f);
enum step_result asset_part_store(struct flow *f);
