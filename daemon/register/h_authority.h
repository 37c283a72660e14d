/*
 * The steps that write authorities, partnerships and localities: for operators. Tables of
 * routes.c; reading them is h_read.h's.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_authority_add[];
extern const struct flow_step flow_authority_patch[];
extern const struct flow_step flow_cpp_add[];
extern const struct flow_step flow_cpp_patch[];
extern const struct flow_step flow_locality_add[];
extern const struct flow_step flow_locality_patch[];

/* Steps of the above up to the answer, for pages whose forms go the same way. */
enum step_result authority_add_store(struct flow *f);
enum step_result authority_patch_load(struct flow *f);
enum step_result authority_patch_store(struct flow *f);
/* Behind a q_cpp_load() that alone was sent. */
enum step_result cpp_patch_store(struct flow *f);
