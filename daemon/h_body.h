/*
 * The steps that write community bodies.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_body_add[];
extern const struct flow_step flow_body_patch[];
