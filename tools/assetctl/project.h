/*
 * assetctl project FILE: a projection from a file, by libassets alone.
 */
#pragma once

#include "command.h"

/* EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_INVALID; what is wrong is on standard error. */
int project_run(const struct invocation *call);
