/*
 * assetctl rules: what of the law is not confirmed, and where each is set; by the tables alone.
 */
#pragma once

#include "command.h"

/* Run it. EXIT_USAGE  it takes no argument */
int rules_run(const struct invocation *call);
