/*
 * The steps that write community bodies. The body is national and public; its contact belongs
 * to the authority that sent it and is kept apart.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_body_add[];
extern const struct flow_step flow_body_patch[];

/* Of both the steps, for pages whose forms do the same. */
enum step_result body_add_store(struct flow *f);
enum step_result body_patch_load(struct flow *f);
enum step_result body_patch_store(struct flow *f);
