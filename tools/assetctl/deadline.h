/*
 * assetctl deadline FILE: last days and how they were worked out, by libassets alone.
 */
#pragma once

#include "command.h"

/*
 * Run it. The answers go to standard output, what is wrong to standard error.
 *
 * EXIT_FAILED   the file cannot be read, there is no memory, or an answer is not the expected one
 * EXIT_USAGE    the arguments are not one FILE, or a case has a field or a word that this version
 *               does not know
 * EXIT_INVALID  the input is faulty: each fault is named with its place
 */
int deadline_run(const struct invocation *call);
