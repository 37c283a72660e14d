/*
 * What one webhook's calls are signed with: its secret and its key, and those that a rotation has
 * left for a while; and the line with its client certificate, whose key is sealed as they are. On
 * the hooks thread.
 */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "hook_private.h"
#include "hook_secret.h"
#include "libassets/base/err.h"
#include "q.h"

/* A secret as hook_load has it: kind, key it is sealed with, nonce, sealed, end (0 none). */
struct sealed {
	struct str kind, wrap_key, nonce, bytes, until;
};

static struct webhook_signer *signer_open(const struct hook_endpoint *e, const struct sealed *s)
{
	bool is_key = str_eq(s->kind, STR("ED25519"));
	struct webhook_secret secret = {.len = WEBHOOK_SECRET_BYTES};
	struct hook_plain plain;
	char belongs[HOOK_SECRET_BELONGS];
	struct webhook_signer *signer = NULL;

	hook_secret_belongs(str_of(e->id), s->kind, belongs);
	if (hook_secret_open(&e->hooks->setup, s->wrap_key, s->nonce, s->bytes, str_of(belongs),
			     &plain) == 0 &&
	    plain.len == WEBHOOK_SECRET_BYTES) {
		memcpy(secret.byte, plain.byte, WEBHOOK_SECRET_BYTES);
		signer = is_key ? webhook_signer_new_key(secret.byte) : webhook_signer_new(&secret);
	}
	webhook_secret_wipe(&secret);
	OPENSSL_cleanse(&plain, sizeof(plain));
	if (!signer)
		log_error("a webhook's secret cannot be opened", F_Z("webhook", e->id),
			  F_TEXT("key", s->wrap_key));
	return signer;
}

void endpoint_signers_take(struct hook_endpoint *e, struct str rows)
{
	while (!str_is_null(rows) && rows.len && e->signers < HOOK_SIGNERS_MAX) {
		struct str row = str_cut(rows, ',', &rows);
		struct sealed s = {.kind = str_cut(row, ' ', &row)};
		struct hook_signer *place = &e->signer[e->signers];
		int64_t until_s = 0;

		s.wrap_key = str_cut(row, ' ', &row);
		s.nonce = str_cut(row, ' ', &row);
		s.bytes = str_cut(row, ' ', &s.until);
		place->signer = signer_open(e, &s);
		if (!place->signer || str_to_i64(s.until, &until_s) < 0) {
			webhook_signer_free(TAKE(place->signer));
			continue;
		}
		place->until_us = until_s ? until_s * 1000000 : INT64_MAX;
		e->signers++;
	}
}

void endpoint_line_take(struct hook_endpoint *e, const struct q_hook_load_row *row)
{
	struct hook_plain plain = {.len = 0};
	char belongs[HOOK_SECRET_BELONGS];
	struct str bytes, nonce, wrap_key = str_cut(row->client_key, ' ', &nonce);
	int r = 0;

	nonce = str_cut(nonce, ' ', &bytes);
	hook_secret_belongs(row->id, STR("TLS"), belongs);
	if (!str_is_null(row->client_certificate))
		r = hook_secret_open(&e->hooks->setup, wrap_key, nonce, bytes, str_of(belongs),
				     &plain);
	if (r == 0)
		e->line = hook_line_new(&e->hooks->net, row->url,
					&(struct hook_papers){
						.ca = row->ca,
						.certificate = row->client_certificate,
						.key = {(const char *)plain.byte, plain.len},
					});
	else
		log_error("the key of a webhook's client certificate cannot be opened",
			  F_TEXT("webhook", row->id), F_TEXT("key", wrap_key));
	OPENSSL_cleanse(&plain, sizeof(plain));
}

void endpoint_signers_free(struct hook_endpoint *e)
{
	while (e->signers)
		webhook_signer_free(e->signer[--e->signers].signer);
}

int endpoint_sign(struct hook_endpoint *e, struct str id, int64_t timestamp_s, struct str body,
		  struct buf *out)
{
	int64_t now_us = clock_now_us();
	char text[WEBHOOK_SIGNATURE_TEXT];

	for (size_t i = 0; i < e->signers; i++) {
		int r;

		if (e->signer[i].until_us <= now_us)
			continue;
		r = webhook_sign(e->signer[i].signer, id, timestamp_s, body, text);
		if (r < 0)
			return r;
		buf_fmt(out, "%s%s", out->len ? " " : "", text);
	}
	return !out->len ? ERR_INVALID : buf_err(out);
}
