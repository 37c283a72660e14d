/*
 * assetctl project FILE: a projection, or the movement between two, from a file, by libassets
 * alone.
 */
#pragma once

#include "command.h"

/*
 * Run it. The projection goes to standard output, what is wrong to standard error.
 *
 * EXIT_FAILED   the file cannot be read, or there is no memory
 * EXIT_USAGE    the arguments are not one FILE
 * EXIT_INVALID  the input is faulty: each fault is named with its place
 */
int project_run(const struct invocation *call);
