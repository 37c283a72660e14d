/*
 * Sealing and opening with AES-256-GCM. What the secret belongs to is authenticated with it.
 *
 * OpenSSL gives out plain bytes as it goes and looks at the tag last, so what was opened is
 * wiped when the tag is wrong. Its refusals are told as ERR_NOMEM: with these arguments it has
 * no other reason.
 */
#include "secret_box.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "err.h"

DEFINE_CLEANUP(EVP_CIPHER_CTX *, EVP_CIPHER_CTX_free)

int secret_box_key_id(const uint8_t key[SECRET_BOX_KEY], char ret_id[SECRET_BOX_KEY_ID])
{
	uint8_t hash[32];

	if (!EVP_Digest(key, SECRET_BOX_KEY, hash, NULL, EVP_sha256(), NULL))
		return ERR_NOMEM;
	(void)snprintf(ret_id, SECRET_BOX_KEY_ID, "%02x%02x%02x%02x", hash[0], hash[1], hash[2],
		       hash[3]);
	return 0;
}

/* What is authenticated and not encrypted. */
static bool add_belongs(EVP_CIPHER_CTX *ctx, struct str belongs)
{
	int n;

	return EVP_CipherUpdate(ctx, NULL, &n, (const unsigned char *)belongs.at, (int)belongs.len);
}

int secret_box_seal(const uint8_t key[SECRET_BOX_KEY], const uint8_t nonce[SECRET_BOX_NONCE],
		    struct str belongs, struct str plain, uint8_t *ret_sealed)
{
	CLEANUP(EVP_CIPHER_CTX_free_p) EVP_CIPHER_CTX *ctx = NULL;
	int n, last;

	if (plain.len > SECRET_BOX_PLAIN_MAX || belongs.len > SECRET_BOX_PLAIN_MAX)
		return ERR_LIMIT;
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx || !EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) ||
	    !add_belongs(ctx, belongs) ||
	    !EVP_EncryptUpdate(ctx, ret_sealed, &n, (const unsigned char *)plain.at,
			       (int)plain.len) ||
	    !EVP_EncryptFinal_ex(ctx, ret_sealed + n, &last) ||
	    !EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SECRET_BOX_TAG,
				 ret_sealed + plain.len))
		return ERR_NOMEM;
	return 0;
}

int secret_box_open(const uint8_t key[SECRET_BOX_KEY], const uint8_t nonce[SECRET_BOX_NONCE],
		    struct str belongs, struct str sealed, uint8_t *ret_plain)
{
	CLEANUP(EVP_CIPHER_CTX_free_p) EVP_CIPHER_CTX *ctx = NULL;
	uint8_t tag[SECRET_BOX_TAG];
	size_t len;
	int n, last;

	if (sealed.len < SECRET_BOX_TAG || sealed.len > SECRET_BOX_PLAIN_MAX + SECRET_BOX_TAG ||
	    belongs.len > SECRET_BOX_PLAIN_MAX)
		return ERR_INVALID;
	len = sealed.len - SECRET_BOX_TAG;
	memcpy(tag, sealed.at + len, SECRET_BOX_TAG);
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx || !EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) ||
	    !add_belongs(ctx, belongs) ||
	    !EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SECRET_BOX_TAG, tag) ||
	    !EVP_DecryptUpdate(ctx, ret_plain, &n, (const unsigned char *)sealed.at, (int)len))
		return ERR_NOMEM;
	if (!EVP_DecryptFinal_ex(ctx, ret_plain + n, &last)) {
		OPENSSL_cleanse(ret_plain, len);
		return ERR_INVALID;
	}
	return 0;
}
