/*
 * For steps that take what signs somebody in: tries are counted by the client's address (rate.h).
 */
#pragma once

#include "flow.h"

/* One more of this client's. ERR_RATE  it is one too many. */
MUST_CHECK int flow_sign_in(struct flow *f);
