/*
 * Signing in by e-mail address and password, or saying that the latter was forgotten.
 */
#pragma once

#include "daemon/flow/flow.h"

/* The address that was typed, in lower case; absent when it is longer than one can be. */
struct str sign_in_email(struct flow *f);

/* What page_sign_in_check becomes where no key was sent, the form having been found our own. */
extern const struct flow_step sign_in_by_password[];
