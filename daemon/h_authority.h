/*
 * The steps that write authorities, partnerships and localities: for operators.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_authority_add[];
extern const struct flow_step flow_authority_patch[];
extern const struct flow_step flow_cpp_add[];
extern const struct flow_step flow_cpp_patch[];
extern const struct flow_step flow_locality_add[];
extern const struct flow_step flow_locality_patch[];
