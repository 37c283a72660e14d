/*
 * Secrets of webhooks at rest, as the texts that the database takes and gives. Sealed by the key of
 * today; opened by that or the one before it, so that keys can be changed while webhooks are sent.
 */
#pragma once

#include "hook_setup.h"
#include "libassets/notify/webhook_sign.h"

/*
 * What a secret of a webhook is sealed for: neither another webhook's row nor one of the other kind
 * opens it. id: of the webhook.
 */
enum { HOOK_SECRET_BELONGS = 40 };
void hook_secret_belongs(struct str id, bool is_key, char ret_text[HOOK_SECRET_BELONGS]);

/* Two digits a byte, and NUL. */
struct hook_sealed {
	char nonce[2 * SECRET_BOX_NONCE + 1];
	char bytes[2 * (WEBHOOK_SECRET_BYTES + SECRET_BOX_TAG) + 1];
};

/* Seal by the key of today, under a nonce of its own.    ERR_NOMEM  OpenSSL refused. */
MUST_CHECK int hook_secret_seal(const struct hook_setup *setup, struct str belongs,
				const uint8_t plain[WEBHOOK_SECRET_BYTES],
				struct hook_sealed *ret_sealed);

/*
 * Open; wipe the bytes after use. nonce, bytes: as in struct hook_sealed.
 * ERR_NOT_FOUND  we have no key of that id    ERR_INVALID  it does not open by it    ERR_NOMEM
 */
MUST_CHECK int hook_secret_open(const struct hook_setup *setup, struct str key_id, struct str nonce,
				struct str bytes, struct str belongs,
				uint8_t ret_plain[WEBHOOK_SECRET_BYTES]);
