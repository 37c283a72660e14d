/*
 * The steps that write assets, their valuations and their disposal plans. Each is a table of
 * routes.c: load, decide, store; what it answers stands there.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_asset_add[];
extern const struct flow_step flow_asset_patch[];
extern const struct flow_step flow_asset_part[];
extern const struct flow_step flow_asset_remove[];
extern const struct flow_step flow_valuation_add[];
extern const struct flow_step flow_plan_put[];
extern const struct flow_step flow_plan_remove[];

/* Steps of the tables above, for pages whose forms do the same. */
enum step_result asset_add_load(struct flow *f);
enum step_result asset_add_store(struct flow *f);
enum step_result asset_patch_load(struct flow *f);
enum step_result asset_patch_store(struct flow *f);
enum step_result asset_part_store(struct flow *f);
enum step_result asset_remove_load(struct flow *f);
enum step_result asset_remove_store(struct flow *f);
enum step_result valuation_add_load(struct flow *f);
enum step_result valuation_add_store(struct flow *f);
enum step_result plan_remove_load(struct flow *f);
enum step_result plan_remove_store(struct flow *f);

/*
 * Of the plan's: with a form a plan is laid over what stands, so it is decoded when that is there.
 * Its money, which an officer of estates writes without being shown it, so stays as it was.
 */
enum step_result plan_form_load(struct flow *f);
enum step_result plan_form_store(struct flow *f);
