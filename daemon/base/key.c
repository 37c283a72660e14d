/*
 * Making and checking keys. Random keys need no slow hash: there is nothing to guess. The
 * check digits are no security either; they tell a mistyped key from a wrong one, and let
 * scanners of repositories find keys that leaked.
 */
#include "key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>

#include "id.h"
#include "libassets/base/crc.h"
#include "libassets/base/err.h"

/* Characters: "akey_live_", the random digits, the check digits. */
enum { HEAD = 10, BODY = 43, CHECK = 6 };

struct key_hasher {
	EVP_MAC_CTX *ctx;
};

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void check_digits(struct str s, char ret_check[CHECK])
{
	uint32_t crc = crc_add(0, s);

	for (int i = CHECK - 1; i >= 0; i--) {
		ret_check[i] = digits[crc % 62];
		crc /= 62;
	}
}

void key_base62(const unsigned char bytes[32], char ret_digits[43])
{
	unsigned char left[32];

	memcpy(left, bytes, sizeof(left));
	for (int i = BODY - 1; i >= 0; i--) {
		unsigned rest = 0;

		for (size_t j = 0; j < sizeof(left); j++) {
			unsigned n = rest << 8 | left[j];

			left[j] = (unsigned char)(n / 62);
			rest = n % 62;
		}
		ret_digits[i] = digits[rest];
	}
	OPENSSL_cleanse(left, sizeof(left));
}

bool key_is_sound(struct str key)
{
	char check[CHECK];

	if (key.len != KEY_LENGTH ||
	    !(str_starts(key, STR("akey_live_")) || str_starts(key, STR("akey_test_"))))
		return false;
	for (size_t i = HEAD; i < key.len; i++) {
		if (!memchr(digits, key.at[i], sizeof(digits) - 1))
			return false;
	}
	check_digits((struct str){key.at, HEAD + BODY}, check);
	return memcmp(check, key.at + HEAD + BODY, CHECK) == 0;
}

void key_new(bool is_live, char ret_key[KEY_LENGTH + 1])
{
	unsigned char secret[32];

	id_random(secret, sizeof(secret));
	memcpy(ret_key, is_live ? "akey_live_" : "akey_test_", HEAD);
	key_base62(secret, ret_key + HEAD);
	check_digits((struct str){ret_key, HEAD + BODY}, ret_key + HEAD + BODY);
	ret_key[KEY_LENGTH] = '\0';
	OPENSSL_cleanse(secret, sizeof(secret));
}

struct key_hasher *key_hasher_new(struct str pepper)
{
	char digest[] = "SHA256";
	const OSSL_PARAM param[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	struct key_hasher *h = NULL;
	EVP_MAC *mac = NULL;

	if (pepper.len < PEPPER_MIN)
		return NULL;
	h = calloc(1, sizeof(*h));
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (h && mac)
		h->ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac); /* the context keeps it */
	if (!h || !h->ctx ||
	    !EVP_MAC_init(h->ctx, (const unsigned char *)pepper.at, pepper.len, param)) {
		key_hasher_free(h);
		return NULL;
	}
	return h;
}

void key_hasher_free(struct key_hasher *h)
{
	if (!h)
		return;
	EVP_MAC_CTX_free(h->ctx);
	free(h);
}

int key_hash(struct key_hasher *h, struct str key, unsigned char ret_hash[KEY_HASH])
{
	size_t len = 0;

	/* Without a key the context starts again with the one it has. */
	if (!EVP_MAC_init(h->ctx, NULL, 0, NULL) ||
	    !EVP_MAC_update(h->ctx, (const unsigned char *)key.at, key.len) ||
	    !EVP_MAC_final(h->ctx, ret_hash, &len, KEY_HASH) || len != KEY_HASH)
		return ERR_BUG;
	return 0;
}
