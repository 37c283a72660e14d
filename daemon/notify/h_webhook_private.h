/*
 * What h_webhook.c (made, changed, taken away), h_webhook_secret.c (secrets and their rotation),
 * h_webhook_client.c (the client certificate) and h_webhook_recover.c (what was sent, and sending
 * it again) share, and nobody else.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "daemon/hook/hook_setup.h"
#include "libassets/notify/webhook_sign.h"

struct q_webhook_load_row;
struct webhook;

/* Of one rotation; in the state of a flow until it is answered. */
struct webhook_secrets {
	uint8_t hmac[WEBHOOK_SECRET_BYTES], key[WEBHOOK_KEY_BYTES];
	char secret[WEBHOOK_SECRET_TEXT], public_key[WEBHOOK_SECRET_TEXT];
};

/* New ones, by chance. ERR_NOMEM */
MUST_CHECK int webhook_secrets_make(struct webhook_secrets *ret_secrets);
/* Seal them into the batch, behind the webhook itself; their bytes are wiped. ERR_NOMEM */
MUST_CHECK int webhook_secrets_add(struct flow *f, const struct hook_setup *setup, struct str id,
				   int32_t number, struct webhook_secrets *s);
/* One of them, or the key of a client certificate (TLS), sealed. ERR_NOMEM, ERR_LIMIT */
MUST_CHECK int webhook_secret_add(struct flow *f, const struct hook_setup *setup, struct str id,
				  int32_t number, struct str kind, struct str plain);

/*
 * The client certificate and its key (h_webhook_client.c): both or neither. What is stored has no
 * key to be read, so before a patch webhook_client_had() puts in its place what stands for it;
 * `had` is the certificate before. ERR_INVALID, with a flaw
 */
void webhook_client_had(struct webhook *w);
bool webhook_client_stays(const struct webhook *w, struct str had);
MUST_CHECK int webhook_client_fits(struct flow *f, const struct webhook *w, struct str had);
/* Into the batch, behind the webhook itself: the key, if it is new; without a certificate, none. */
MUST_CHECK int webhook_client_add(struct flow *f, const struct hook_setup *setup, struct str id,
				  const struct webhook *w);

/* Answer with the item, and the secret that only this reply holds, which is wiped; the sender is
 * told. */
enum step_result webhook_secrets_answer(struct flow *f, struct webhook_secrets *s);

/* Bytes in hexadecimal, in the arena. */
struct str webhook_hex(struct flow *f, const uint8_t *bytes, size_t n);
/* The settings; ERR_BUSY, with a detail: without a key there are no webhooks here. */
MUST_CHECK int webhook_setup(struct flow *f, struct hook_setup *setup);
/* What was loaded, if it may be changed as the client means it. ERR_GONE, ERR_NOT_FOUND */
MUST_CHECK int webhook_loaded(struct flow *f, struct q_webhook_load_row *row);
/*
 * An ADMIN looks after the webhooks of its authority, and yet must not turn what somebody
 * else may read to an address of its own choice, nor sign in their name. ERR_FORBIDDEN
 */
MUST_CHECK int webhook_check_own(struct flow *f, const struct q_webhook_load_row *row);
/* Tell of the version after the one that was loaded. */
void webhook_tell_next(struct flow *f, const char *type, const struct q_webhook_load_row *row);
/* The step that lets the sender look at once, and answers with the item. */
enum step_result webhook_change_answer(struct flow *f);
