/*
 * The steps that write authorities, partnerships and localities: for operators. Tables of
 * routes.c; reading them is h_read.h's.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_authority_add[];
extern const struct flow_step flow_authority_patch[];
extern const struct flow_step flow_cpp_add[];
extern const struct flow_step flow_cpp_patch[];
extern const struct flow_step flow_locality_add[];
extern const struct flow_step flow_locality_patch[];
