/*
 * Letters as files in a folder, in place of a mail server: for who tries the software out, and has
 * none. Whoever can read a file can follow its links, so each is the daemon's user's alone.
 */
#pragma once

#include "mail_curl.h"

/* Put a letter there as TIME-ID.txt, whole or not at all. False: it could not be. */
MUST_CHECK bool mail_folder_put(const char *folder, const char *id, int64_t now_us,
				const struct mail_letter *letter);
