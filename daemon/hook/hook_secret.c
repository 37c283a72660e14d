/*
 * Sealing and opening secrets of webhooks. Any thread.
 */
#include "hook_secret.h"

#include <stdio.h>

#include "daemon/base/id.h"
#include "libassets/base/err.h"

void hook_secret_belongs(struct str id, struct str kind, char ret_text[HOOK_SECRET_BELONGS])
{
	const char *end = str_eq(kind, STR("ED25519")) ? ".v1a"
			  : str_eq(kind, STR("TLS"))   ? ".tls"
						       : "";

	(void)snprintf(ret_text, HOOK_SECRET_BELONGS, "%.*s%s", (int)id.len, id.at, end);
}

static void hex(const uint8_t *bytes, size_t n, char *ret_text)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		ret_text[2 * i] = digit[bytes[i] >> 4];
		ret_text[2 * i + 1] = digit[bytes[i] & 15];
	}
	ret_text[2 * n] = '\0';
}

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

int hook_secret_seal(const struct hook_setup *setup, struct str belongs, struct str plain,
		     struct hook_sealed *ret_sealed)
{
	uint8_t nonce[SECRET_BOX_NONCE], sealed[SECRET_BOX_PLAIN_MAX + SECRET_BOX_TAG];
	int r;

	id_random(nonce, sizeof(nonce));
	r = secret_box_seal(setup->key, nonce, belongs, plain, sealed);
	if (r < 0)
		return r;
	hex(nonce, sizeof(nonce), ret_sealed->nonce);
	hex(sealed, plain.len + SECRET_BOX_TAG, ret_sealed->bytes);
	return 0;
}

int hook_secret_open(const struct hook_setup *setup, struct str key_id, struct str nonce_text,
		     struct str bytes, struct str belongs, struct hook_plain *ret_plain)
{
	uint8_t nonce[SECRET_BOX_NONCE], sealed[SECRET_BOX_PLAIN_MAX + SECRET_BOX_TAG];
	const uint8_t *key = NULL;
	size_t len = bytes.len / 2;
	int r;

	if (str_eq(key_id, str_of(setup->key_id)))
		key = setup->key;
	else if (str_eq(key_id, str_of(setup->former_id)))
		key = setup->former;
	if (!key)
		return ERR_NOT_FOUND;
	if (len < SECRET_BOX_TAG || len > sizeof(sealed) ||
	    !unhex(nonce_text, nonce, sizeof(nonce)) || !unhex(bytes, sealed, len))
		return ERR_INVALID;
	r = secret_box_open(key, nonce, belongs, (struct str){(const char *)sealed, len},
			    ret_plain->byte);
	ret_plain->len = r == 0 ? len - SECRET_BOX_TAG : 0;
	ret_plain->byte[ret_plain->len] = '\0';
	return r;
}
