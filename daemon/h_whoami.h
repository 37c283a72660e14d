/*
 * Who a key belongs to.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_whoami[];
