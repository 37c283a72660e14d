/*
 * See account_token.h. Random throughout, so a plain hash gives nothing away.
 */
#include "account_token.h"

#include <openssl/crypto.h>
#include <string.h>

#include "id.h"
#include "key.h"
#include "libassets/base/err.h"
#include "sha256.h"

#define PREFIX "acl_"

static void hash_of(struct str token, unsigned char ret_hash[ACCOUNT_TOKEN_HASH])
{
	struct sha256 s;

	sha256_begin(&s);
	sha256_add(&s, token);
	sha256_now(&s, ret_hash);
}

void account_token_new(char ret_token[ACCOUNT_TOKEN + 1],
		       unsigned char ret_hash[ACCOUNT_TOKEN_HASH])
{
	unsigned char bytes[32];

	id_random(bytes, sizeof(bytes));
	memcpy(ret_token, PREFIX, 4);
	key_base62(bytes, ret_token + 4);
	ret_token[ACCOUNT_TOKEN] = '\0';
	OPENSSL_cleanse(bytes, sizeof(bytes));
	hash_of(str_of(ret_token), ret_hash);
}

int account_token_hash(struct str token, unsigned char ret_hash[ACCOUNT_TOKEN_HASH])
{
	if (token.len != ACCOUNT_TOKEN || !str_starts(token, STR(PREFIX)))
		return ERR_NOT_FOUND;
	hash_of(token, ret_hash);
	return 0;
}
