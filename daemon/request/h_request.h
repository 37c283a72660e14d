/*
 * The steps that make, change and move asset transfer requests. What may happen to one is
 * decided by libassets (request.h); these load, ask, and store.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_request_add[];
extern const struct flow_step flow_request_patch[];
extern const struct flow_step flow_request_act[];

/* Steps of these, for pages whose forms do the same. */
enum step_result request_add_load(struct flow *f);
enum step_result request_add_store(struct flow *f);
enum step_result request_patch_load(struct flow *f);
enum step_result request_patch_store(struct flow *f);
/* The last of these step by step, for those that go the same way: f->body is the act. */
enum step_result request_act_load(struct flow *f);
enum step_result request_act_store(struct flow *f);
