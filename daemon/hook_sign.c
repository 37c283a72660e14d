/*
 * What one webhook's calls are signed with: its secret and its key, and those that a rotation has
 * left for a while. On the hooks thread.
 */
#include <stdlib.h>

#include "clock.h"
#include "hook_private.h"
#include "libassets/err.h"
#include "q.h"

static int nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal to exactly n bytes. */
static bool unhex(struct str text, uint8_t *ret_bytes, size_t n)
{
	if (text.len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = nibble(text.at[2 * i]), low = nibble(text.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret_bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* A secret as hook_load has it: kind, key it is sealed with, nonce, sealed, end (0 none). */
struct sealed {
	struct str kind, wrap_key, nonce, bytes, until;
};

static struct webhook_signer *signer_open(const struct hook_endpoint *e, const struct sealed *s)
{
	const struct hook_setup *setup = &e->hooks->setup;
	bool is_key = str_eq(s->kind, STR("ED25519"));
	struct webhook_secret secret = {.len = WEBHOOK_SECRET_BYTES};
	uint8_t nonce[SECRET_BOX_NONCE], sealed[WEBHOOK_SECRET_BYTES + SECRET_BOX_TAG];
	char belongs[HOOK_SECRET_BELONGS];
	struct webhook_signer *signer = NULL;

	hook_secret_belongs(str_of(e->id), is_key, belongs);
	if (str_eq(s->wrap_key, str_of(setup->key_id)) && unhex(s->nonce, nonce, sizeof(nonce)) &&
	    unhex(s->bytes, sealed, sizeof(sealed)) &&
	    secret_box_open(setup->key, nonce, str_of(belongs),
			    (struct str){(const char *)sealed, sizeof(sealed)}, secret.byte) == 0)
		signer = is_key ? webhook_signer_new_key(secret.byte) : webhook_signer_new(&secret);
	webhook_secret_wipe(&secret);
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
