/*
 * Signing in by e-mail address and password.
 */
#pragma once

#include "daemon/flow/flow.h"

/* What page_sign_in_check becomes where no key was sent, the form having been found our own. */
extern const struct flow_step sign_in_by_password[];
