/*
 * CORRECT: an entry of a request's ledger is replaced by what it should have said.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_request_correct[];
