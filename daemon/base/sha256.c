/* See sha256.h. None of these calls can fail: their results are for other hashes' sake. */
#include "sha256.h"

void sha256_begin(struct sha256 *s)
{
	(void)crypto_hash_sha256_init(&s->state);
}

void sha256_add(struct sha256 *s, struct str bytes)
{
	(void)crypto_hash_sha256_update(&s->state, (const unsigned char *)bytes.at, bytes.len);
}

void sha256_now(const struct sha256 *s, unsigned char ret_hash[SHA256_BYTES])
{
	crypto_hash_sha256_state copy = s->state;

	(void)crypto_hash_sha256_final(&copy, ret_hash);
}
