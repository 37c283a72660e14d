/*
 * HMAC-SHA256 over `id.timestamp.body`.
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

#include "err.h"

enum { SHA256_BYTES = 32 };

static const struct str secret_prefix = STR_INIT("whsec_");

struct webhook_signer {
	EVP_MAC_CTX *ctx;
};

void webhook_secret_format(const struct webhook_secret *s, char ret_text[WEBHOOK_SECRET_TEXT])
{
	assert(s->len >= WEBHOOK_SECRET_MIN && s->len <= WEBHOOK_SECRET_MAX);
	memcpy(ret_text, secret_prefix.at, secret_prefix.len);
	EVP_EncodeBlock((unsigned char *)ret_text + secret_prefix.len, s->byte, (int)s->len);
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

void webhook_signer_free(struct webhook_signer *s)
{
	if (!s)
		return;
	EVP_MAC_CTX_free(s->ctx);
	free(s);
}

static bool mac_add(struct webhook_signer *s, const char *at, size_t len)
{
	return EVP_MAC_update(s->ctx, (const unsigned char *)at, len);
}

int webhook_sign(struct webhook_signer *s, struct str id, int64_t timestamp_s, struct str body,
		 char ret_text[WEBHOOK_SIGNATURE_TEXT])
{
	unsigned char hash[SHA256_BYTES];
	char middle[24];
	size_t len;
	int n = snprintf(middle, sizeof(middle), ".%" PRId64 ".", timestamp_s);

	if (!id.len || memchr(id.at, '.', id.len))
		return ERR_INVALID;
	/* Without a key the context starts again with the one it has. */
	if (!EVP_MAC_init(s->ctx, NULL, 0, NULL) || !mac_add(s, id.at, id.len) ||
	    !mac_add(s, middle, (size_t)n) || (body.len && !mac_add(s, body.at, body.len)) ||
	    !EVP_MAC_final(s->ctx, hash, &len, sizeof(hash)))
		return ERR_NOMEM;
	memcpy(ret_text, "v1,", 3);
	EVP_EncodeBlock((unsigned char *)ret_text + 3, hash, sizeof(hash));
	return 0;
}
