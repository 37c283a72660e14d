/*
 * The form of API keys, which scanners can recognise offline:
 *
 *	akey_live_ + 32 random bytes as 43 digits of base62 + CRC-32 of all before as 6 digits
 *
 * The first 22 characters find a key in the database, which keeps HMAC-SHA256(pepper, key).
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum {
	KEY_PREFIX = 22, /* "akey_live_" and 12 digits */
	KEY_LENGTH = 59, /* characters of a whole key */
	KEY_HASH = 32,   /* bytes of an HMAC-SHA256 */
	PEPPER_MIN = 32, /* bytes of the secret that keys are hashed with */
};

/* True for akey_live_ or akey_test_ with the right length, digits and check digits. Asks nobody. */
bool key_is_sound(struct str key);

/* The part that finds it, borrowed. The key must be sound. It is no secret: logs may show it. */
static inline struct str key_prefix(struct str key)
{
	return (struct str){key.at, KEY_PREFIX};
}

/* A new key, with its NUL; wipe it after use. Ends the process (71) without randomness. */
void key_new(bool is_live, char ret_key[KEY_LENGTH + 1]);

/* The 43 base62 digits of 32 bytes, leading zeros kept; for secrets of other kinds too. */
void key_base62(const unsigned char bytes[32], char ret_digits[43]);

/*
 * The pepper made ready to hash with, which takes longer than to hash: for who hashes many, on one
 * thread. NULL when the pepper is shorter than PEPPER_MIN or there is no memory. Free
 * overwrites it, and takes NULL.
 */
struct key_hasher;
struct key_hasher *key_hasher_new(struct str pepper);
void key_hasher_free(struct key_hasher *h);

/* HMAC-SHA256 of the key under the pepper: what the database keeps. ERR_BUG  OpenSSL refused. */
MUST_CHECK int key_hash(struct key_hasher *h, struct str key, unsigned char ret_hash[KEY_HASH]);
