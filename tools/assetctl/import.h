/*
 * assetctl import FILE: a CSV list of any length to the register, in parts.
 */
#pragma once

#include "command.h"

/*
 * FILE AUTHORITY [MAPPING], with valid_on=DAY, if not from today, --url, --key-file and --timeout
 * (service.h). All parts are previewed, and carried out when none has an error; where one cannot
 * be, those before it are undone. With apply=no nothing is changed.
 *
 * EXIT_OK       printed: {"state", "imports" [ids], "counts"}
 * EXIT_INVALID  the list has errors, each of which was said with its line
 * EXIT_USAGE, EXIT_FAILED, and those of call.h
 */
int import_run(const struct invocation *call);
