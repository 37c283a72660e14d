/*
 * Who a key belongs to: GET /v1/whoami, its principal, roles and scopes. Asks no database: the
 * pass with which the flow was entered says it.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_whoami[];
