/*
 * Signatures of webhooks: Standard Webhooks, `v1` (HMAC-SHA256) and `v1a` (Ed25519).
 *
 * What is signed is `id.timestamp.body`: the event's id, which never contains a full stop,
 * the second of this attempt, and the very bytes that are sent. A secret is 24 to 64 bytes,
 * shown as `whsec_` and base64; a key is the 32 bytes of RFC 8032's private key, of which the
 * public one is shown, as `whpk_` and base64.
 *
 * Source: Standard Webhooks specification, "Signature scheme" and "Webhook headers"; RFC 8032.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum {
	WEBHOOK_SECRET_MIN = 24,     /* bytes, as the specification asks */
	WEBHOOK_SECRET_BYTES = 32,   /* of the ones we make */
	WEBHOOK_SECRET_MAX = 64,     /* bytes; beyond the block size HMAC would hash it first */
	WEBHOOK_SECRET_TEXT = 96,    /* room for "whsec_", base64 of the longest and NUL */
	WEBHOOK_KEY_BYTES = 32,      /* of a private or a public key */
	WEBHOOK_SIGNATURE_TEXT = 96, /* room for "v1a,", base64 of 64 bytes and NUL */
};

/* The bytes of a secret: wipe it as soon as a signer has been made, or its text written. */
struct webhook_secret {
	uint8_t byte[WEBHOOK_SECRET_MAX];
	size_t len; /* WEBHOOK_SECRET_MIN to WEBHOOK_SECRET_MAX */
};

/* The text of a secret, with its NUL. Its length is within the bounds (assert). */
void webhook_secret_format(const struct webhook_secret *s, char ret_text[WEBHOOK_SECRET_TEXT]);

/* Overwrite the bytes in a way that the compiler may not leave out. */
void webhook_secret_wipe(struct webhook_secret *s);

/* The text of a secret as bytes. ERR_INVALID  not `whsec_` and base64 of 24 to 64 bytes. */
MUST_CHECK int webhook_secret_parse(struct str text, struct webhook_secret *ret_secret);

/* The public key of a private one, `whpk_` and base64, with its NUL. ERR_NOMEM  OpenSSL refused. */
MUST_CHECK int webhook_key_public(const uint8_t key[WEBHOOK_KEY_BYTES],
				  char ret_text[WEBHOOK_SECRET_TEXT]);

/* A keyed context, made once an endpoint and used by one thread at a time. */
struct webhook_signer;

/* Keeps no reference to s. Yours to free; NULL without memory. */
struct webhook_signer *webhook_signer_new(const struct webhook_secret *s);
/* The same for `v1a`; keeps no reference to the private key. */
struct webhook_signer *webhook_signer_new_key(const uint8_t key[WEBHOOK_KEY_BYTES]);
/*
 * One that verifies alone, from a public key as `whpk_` and base64; webhook_sign refuses it. NULL
 * also when the text is none.
 */
struct webhook_signer *webhook_signer_new_public(struct str text);
/* Takes NULL. */
void webhook_signer_free(struct webhook_signer *s);

/*
 * One signature, "v1," or "v1a," and base64, with its NUL.
 *
 * id:           what goes into `webhook-id`.
 * timestamp_s:  Unix seconds of this attempt, what goes into `webhook-timestamp`.
 * body:         the bytes as they are sent; may be empty.
 * ERR_INVALID   id is empty or contains a full stop.      ERR_NOMEM  OpenSSL refused.
 *
 * Example: a receiver works out HMAC-SHA256(secret, "evt_1.1763719200.{}") in base64, and
 * compares it in constant time with what stands behind "v1," in `webhook-signature`.
 */
MUST_CHECK int webhook_sign(struct webhook_signer *s, struct str id, int64_t timestamp_s,
			    struct str body, char ret_text[WEBHOOK_SIGNATURE_TEXT]);

/*
 * Is one of the signatures of a `webhook-signature` (blanks between) by this secret or key: `v1`,
 * compared in constant time, or `v1a`? Others are passed over. How old the message is is the
 * caller's to judge.
 * ERR_INVALID  none is, or the id could not have been signed        ERR_NOMEM
 */
MUST_CHECK int webhook_verify(struct webhook_signer *s, struct str id, int64_t timestamp_s,
			      struct str body, struct str signatures);
