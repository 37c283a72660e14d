/*
 * assetctl load: a CSV list of any length to the register, in parts.
 */
#pragma once

#include "command.h"

/*
 * Each with valid_on=DAY, if not from today, --url, --key-file and --timeout (service.h).
 * preview FILE AUTHORITY [MAPPING]: what each record would do, and nothing is changed.
 * apply FILE AUTHORITY [MAPPING]: previews all parts, and carries them out when none has an error;
 * where one cannot be, those before it are undone.
 *
 * EXIT_OK       printed: {"state", "imports" [ids], "counts"}
 * EXIT_INVALID  the list has errors, each of which was said with its line
 * EXIT_USAGE, EXIT_FAILED, and those of call.h
 */
int load_run(const struct invocation *call);
