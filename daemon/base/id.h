/*
 * New identifiers: a prefix and a UUIDv7 (RFC 9562) as 26 characters of Crockford's base32 in
 * lower case: "ast_01jcq3v5n8e2rb7x4k9m0tzhwd". Ids sort by the time they were made, within
 * a thread strictly, and cannot be guessed from one another.
 */
#pragma once

#include "libassets/base/base.h"

enum { ID_TEXT = 31 }; /* four characters of prefix, 26, NUL */

/*
 * A new id, with its NUL. From any thread.
 * prefix: four characters, such as "ast_".    now_us: Unix microseconds; ids show the millisecond.
 * Ends the process (71) when there is no randomness: nothing may be made without.
 */
void id_new(const char *prefix, int64_t now_us, char ret_id[ID_TEXT]);

/* An id of its own for what these bytes, a hash, are of: the same for the same, and of no time. */
void id_hashed(const char *prefix, const unsigned char hash[16], char ret_id[ID_TEXT]);

/* n random bytes for secrets and nonces; ends the process (71) when there are none. */
void id_random(void *ret_bytes, size_t n);
