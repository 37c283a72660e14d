/*
 * Secrets of webhooks at rest, as the texts that the database takes and gives. Sealed by the key of
 * today; opened by that or the one before it, so that keys can be changed while webhooks are sent.
 */
#pragma once

#include "hook_setup.h"
#include "libassets/notify/webhook_sign.h"

/*
 * What a secret of a webhook is sealed for: neither another webhook's row nor one of the other kind
 * opens it. id: of the webhook. kind: HMAC, ED25519 or TLS, of the key of a client certificate.
 */
enum { HOOK_SECRET_BELONGS = 40 };
void hook_secret_belongs(struct str id, struct str kind, char ret_text[HOOK_SECRET_BELONGS]);

/* Two digits a byte, and NUL. */
struct hook_sealed {
	char nonce[2 * SECRET_BOX_NONCE + 1];
	char bytes[2 * (SECRET_BOX_PLAIN_MAX + SECRET_BOX_TAG) + 1];
};

struct hook_plain {
	uint8_t byte[SECRET_BOX_PLAIN_MAX + 1];
	size_t len;
};

/* Seal by the key of today, under a nonce of its own. ERR_LIMIT  it is too long    ERR_NOMEM */
MUST_CHECK int hook_secret_seal(const struct hook_setup *setup, struct str belongs,
				struct str plain, struct hook_sealed *ret_sealed);

/*
 * Open, with a NUL behind it; wipe the bytes after use. nonce, bytes: as in struct hook_sealed.
 * ERR_NOT_FOUND  we have no key of that id    ERR_INVALID  it does not open by it    ERR_NOMEM
 */
MUST_CHECK int hook_secret_open(const struct hook_setup *setup, struct str key_id, struct str nonce,
				struct str bytes, struct str belongs, struct hook_plain *ret_plain);
