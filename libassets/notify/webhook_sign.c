/*
 * HMAC-SHA256 or Ed25519 over `id.timestamp.body`.
 *
 * The algorithm is fetched and the key scheduled once a signer: fetching it anew for each
 * message costs more in OpenSSL 3.0 than hashing the message.
 */
#include "webhook_sign.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"

/* Bytes; ED25519_MESSAGE_MAX: of a message, which Ed25519 needs in one piece. */
enum { SHA256_BYTES = 32, ED25519_BYTES = 64, ED25519_MESSAGE_MAX = 1 << 20 };

static const struct str secret_prefix = STR_INIT("whsec_"), key_prefix = STR_INIT("whpk_");

/* One of the two. */
struct webhook_signer {
	EVP_MAC_CTX *ctx;
	EVP_PKEY *key;
	bool is_public; /* the key's public half alone */
};

void webhook_secret_format(const struct webhook_secret *s, char ret_text[WEBHOOK_SECRET_TEXT])
{
	assert(s->len >= WEBHOOK_SECRET_MIN && s->len <= WEBHOOK_SECRET_MAX);
	memcpy(ret_text, secret_prefix.at, secret_prefix.len);
	EVP_EncodeBlock((unsigned char *)ret_text + secret_prefix.len, s->byte, (int)s->len);
}

int webhook_secret_parse(struct str text, struct webhook_secret *ret_secret)
{
	uint8_t block[WEBHOOK_SECRET_TEXT];
	struct str base64 = {text.at + secret_prefix.len, text.len - secret_prefix.len};
	int n = -1;
	size_t pad = 0;

	if (!str_starts(text, secret_prefix) || !base64.len || base64.len % 4 ||
	    base64.len > sizeof(block))
		return ERR_INVALID;
	while (pad < 2 && base64.at[base64.len - 1 - pad] == '=')
		pad++;
	if (!memchr(base64.at, '=', base64.len - pad)) /* OpenSSL takes it for a letter */
		n = EVP_DecodeBlock(block, (const unsigned char *)base64.at, (int)base64.len);
	n -= (int)pad;
	if (n >= WEBHOOK_SECRET_MIN && n <= WEBHOOK_SECRET_MAX) {
		ret_secret->len = (size_t)n;
		memcpy(ret_secret->byte, block, (size_t)n);
	}
	OPENSSL_cleanse(block, sizeof(block));
	return n >= WEBHOOK_SECRET_MIN && n <= WEBHOOK_SECRET_MAX ? 0 : ERR_INVALID;
}

int webhook_key_public(const uint8_t key[WEBHOOK_KEY_BYTES], char ret_text[WEBHOOK_SECRET_TEXT])
{
	EVP_PKEY *pair =
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, WEBHOOK_KEY_BYTES);
	unsigned char point[WEBHOOK_KEY_BYTES];
	size_t len = sizeof(point);
	bool is_there = pair && EVP_PKEY_get_raw_public_key(pair, point, &len) > 0;

	EVP_PKEY_free(pair);
	if (!is_there)
		return ERR_NOMEM;
	memcpy(ret_text, key_prefix.at, key_prefix.len);
	EVP_EncodeBlock((unsigned char *)ret_text + key_prefix.len, point, (int)len);
	return 0;
}

void webhook_secret_wipe(struct webhook_secret *s)
{
	OPENSSL_cleanse(s, sizeof(*s));
}

struct webhook_signer *webhook_signer_new(const struct webhook_secret *s)
{
	char digest[] = "SHA256";
	const OSSL_PARAM param[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	struct webhook_signer *signer = calloc(1, sizeof(*signer));
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	if (signer && mac)
		signer->ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac); /* the context keeps it */
	if (!signer || !signer->ctx || !EVP_MAC_init(signer->ctx, s->byte, s->len, param)) {
		webhook_signer_free(signer);
		return NULL;
	}
	return signer;
}

/* Takes the key; NULL of none. */
static struct webhook_signer *signer_of(EVP_PKEY *key, bool is_public)
{
	struct webhook_signer *signer = key ? calloc(1, sizeof(*signer)) : NULL;

	if (signer)
		*signer = (struct webhook_signer){.key = key, .is_public = is_public};
	else
		EVP_PKEY_free(key);
	return signer;
}

struct webhook_signer *webhook_signer_new_key(const uint8_t key[WEBHOOK_KEY_BYTES])
{
	return signer_of(
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, WEBHOOK_KEY_BYTES),
		false);
}

struct webhook_signer *webhook_signer_new_public(struct str text)
{
	unsigned char block[WEBHOOK_KEY_BYTES + 1];

	if (!str_starts(text, key_prefix) || text.len != key_prefix.len + 44 ||
	    EVP_DecodeBlock(block, (const unsigned char *)text.at + key_prefix.len, 44) !=
		    (int)sizeof(block))
		return NULL;
	return signer_of(
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, block, WEBHOOK_KEY_BYTES),
		true);
}

void webhook_signer_free(struct webhook_signer *s)
{
	if (!s)
		return;
	EVP_MAC_CTX_free(s->ctx);
	EVP_PKEY_free(s->key);
	free(s);
}

static bool mac_add(struct webhook_signer *s, const char *at, size_t len)
{
	return EVP_MAC_update(s->ctx, (const unsigned char *)at, len);
}

/* middle: ".timestamp." */
static int sign_hmac(struct webhook_signer *s, struct str id, struct str middle, struct str body,
		     char *ret_text)
{
	unsigned char hash[SHA256_BYTES];
	size_t len;

	/* Without a key the context starts again with the one it has. */
	if (!EVP_MAC_init(s->ctx, NULL, 0, NULL) || !mac_add(s, id.at, id.len) ||
	    !mac_add(s, middle.at, middle.len) || (body.len && !mac_add(s, body.at, body.len)) ||
	    !EVP_MAC_final(s->ctx, hash, &len, sizeof(hash)))
		return ERR_NOMEM;
	memcpy(ret_text, "v1,", 3);
	EVP_EncodeBlock((unsigned char *)ret_text + 3, hash, sizeof(hash));
	return 0;
}

static int sign_ed25519(struct webhook_signer *s, struct str id, struct str middle, struct str body,
			char *ret_text)
{
	CLEANUP(buf_done) struct buf message = BUF(ED25519_MESSAGE_MAX);
	unsigned char signature[ED25519_BYTES];
	size_t len = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool is_signed;

	buf_str(&message, id);
	buf_str(&message, middle);
	buf_str(&message, body);
	is_signed = ctx && buf_err(&message) == 0 &&
		    EVP_DigestSignInit(ctx, NULL, NULL, NULL, s->key) > 0 &&
		    EVP_DigestSign(ctx, signature, &len, (const unsigned char *)message.at,
				   message.len) > 0;
	EVP_MD_CTX_free(ctx);
	if (!is_signed)
		return ERR_NOMEM;
	memcpy(ret_text, "v1a,", 4);
	EVP_EncodeBlock((unsigned char *)ret_text + 4, signature, sizeof(signature));
	return 0;
}

static struct str middle_of(int64_t timestamp_s, char text[24])
{
	return (struct str){text, (size_t)snprintf(text, 24, ".%" PRId64 ".", timestamp_s)};
}

int webhook_sign(struct webhook_signer *s, struct str id, int64_t timestamp_s, struct str body,
		 char ret_text[WEBHOOK_SIGNATURE_TEXT])
{
	char text[24];
	struct str middle = middle_of(timestamp_s, text);

	if (s->is_public || !id.len || memchr(id.at, '.', id.len))
		return ERR_INVALID;
	return s->key ? sign_ed25519(s, id, middle, body, ret_text)
		      : sign_hmac(s, id, middle, body, ret_text);
}

/* "v1a," and base64 of 64 bytes to those. */
static bool signature_read(struct str text, unsigned char ret_bytes[ED25519_BYTES])
{
	unsigned char block[ED25519_BYTES + 2];

	if (!str_starts(text, STR("v1a,")) || text.len != 4 + 88 ||
	    EVP_DecodeBlock(block, (const unsigned char *)text.at + 4, 88) != ED25519_BYTES + 2)
		return false;
	memcpy(ret_bytes, block, ED25519_BYTES);
	return true;
}

static bool is_by_key(EVP_PKEY *key, struct str message, struct str signature)
{
	unsigned char bytes[ED25519_BYTES];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool is = ctx && signature_read(signature, bytes) &&
		  EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) > 0 &&
		  EVP_DigestVerify(ctx, bytes, sizeof(bytes), (const unsigned char *)message.at,
				   message.len) == 1;

	EVP_MD_CTX_free(ctx);
	return is;
}

static int verify_public(struct webhook_signer *s, struct str id, struct str middle,
			 struct str body, struct str signatures)
{
	CLEANUP(buf_done) struct buf message = BUF(ED25519_MESSAGE_MAX);

	buf_str(&message, id);
	buf_str(&message, middle);
	buf_str(&message, body);
	if (buf_err(&message) < 0)
		return ERR_NOMEM;
	while (!str_is_null(signatures)) {
		if (is_by_key(s->key, buf_view(&message), str_cut(signatures, ' ', &signatures)))
			return 0;
	}
	return ERR_INVALID;
}

int webhook_verify(struct webhook_signer *s, struct str id, int64_t timestamp_s, struct str body,
		   struct str signatures)
{
	char ours[WEBHOOK_SIGNATURE_TEXT], text[24];
	bool is_found = false;
	int r;

	if (s->is_public)
		return verify_public(s, id, middle_of(timestamp_s, text), body, signatures);
	r = webhook_sign(s, id, timestamp_s, body, ours);
	while (r == 0 && !str_is_null(signatures)) {
		struct str one = str_cut(signatures, ' ', &signatures);

		is_found |= one.len == strlen(ours) && !CRYPTO_memcmp(one.at, ours, one.len);
	}
	return r < 0 ? r : is_found ? 0 : ERR_INVALID;
}
