/*
 * SHA-256 of what comes by and by, in memory of its holder: a flow may end between two pieces, and
 * frees nothing one by one. libsodium's, as OpenSSL's contexts have to be freed.
 */
#pragma once

#include <sodium.h>

#include "libassets/base/str.h"

enum { SHA256_BYTES = 32 };

struct sha256 {
	crypto_hash_sha256_state state;
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, struct str bytes);
/* Of all so far; more may follow. */
void sha256_now(const struct sha256 *s, unsigned char ret_hash[SHA256_BYTES]);
