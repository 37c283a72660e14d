/*
 * Where the service is and who asks: what every command that calls it has in common, by option,
 * else by environment.
 */
#pragma once

#include "api_words.h"
#include "call.h"

/*
 * --url, else ASSETD_URL, else this machine; the key of --key-file, else of the file that
 * ASSETD_KEY_FILE names, else ASSETD_KEY, else none (""); --timeout, else two minutes. The address
 * is borrowed.
 *
 * EXIT_USAGE, EXIT_FAILED  what is wrong has been said
 */
int service_find(const struct api_words *w, struct call_service *ret_service);
