/*
 * assetctl rules: what of the law is not confirmed, where each is set, and how long clocks run.
 */
#pragma once

#include "command.h"

/* Run it. EXIT_USAGE  it takes no argument */
int rules_run(const struct invocation *call);
