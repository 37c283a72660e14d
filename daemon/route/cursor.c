/*
 * Signing and reading cursors. The MAC is the first 16 bytes of HMAC-SHA256 under a key made
 * from the pepper for this purpose alone; it is checked before anything is parsed.
 *
 * A cursor is base64url of MAC and JSON {"k": [keys], "f": filter, "x": expiry}. It is not
 * secret: who reads it learns what the last item of the page showed. It is signed so that a list's
 * statement meets none but keys that a list gave out.
 */
#include "cursor.h"

#include <inttypes.h>
#include <jansson.h>
#include <openssl/crypto.h>

#include "auth.h"
#include "libassets/base/err.h"

/* Bytes: of the part of the MAC that is kept, and of JSON that fits CURSOR_MAX with it. */
enum { MAC = 16, JSON_MAX = CURSOR_MAX / 4 * 3 - MAC };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* RFC 4648 section 5, without padding. */
static void base64url_write(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i += 3) {
		size_t n = s.len - i < 3 ? s.len - i : 3;
		uint32_t bits = 0;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < n ? (unsigned char)s.at[i + j] : 0);
		for (size_t j = 0; j <= n; j++)
			buf_char(out, digits[bits >> (18 - 6 * j) & 63]);
	}
}

/* False for a character or a length that cannot be. */
static bool base64url_read(struct str s, struct buf *out)
{
	uint32_t bits = 0;

	if (s.len % 4 == 1)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		const char *at = memchr(digits, s.at[i], sizeof(digits) - 1);

		if (!at)
			return false;
		bits = bits << 6 | (uint32_t)(at - digits);
		if (i % 4 > 0)
			buf_char(out, (char)(bits >> (6 - 2 * (i % 4)) & 0xFF));
	}
	return buf_err(out) == 0;
}

static int mac_of(const struct auth *a, struct str json, unsigned char ret_mac[32])
{
	return auth_sign(a, "cursor", json, ret_mac);
}

int cursor_write(const struct auth *a, const struct cursor *c, struct buf *out)
{
	CLEANUP(buf_done) struct buf json = BUF(JSON_MAX);
	CLEANUP(buf_done) struct buf whole = BUF(MAC + JSON_MAX);
	unsigned char mac[32];
	int r;

	buf_str(&json, STR("{\"k\":["));
	for (size_t i = 0; i < c->key_count; i++) {
		if (i)
			buf_char(&json, ',');
		if (str_is_null(c->key[i]))
			buf_str(&json, STR("null"));
		else
			buf_json(&json, c->key[i]);
	}
	buf_fmt(&json, "],\"f\":\"%s\",\"x\":%" PRId64 "}", c->filter, c->until_us);
	r = buf_err(&json);
	if (!r)
		r = mac_of(a, buf_view(&json), mac);
	if (r)
		return r;
	buf_add(&whole, mac, MAC);
	buf_str(&whole, buf_view(&json));
	base64url_write(buf_view(&whole), out);
	return buf_err(&whole) ? buf_err(&whole) : buf_err(out);
}

static int read_keys(const json_t *keys, struct arena *arena, struct cursor *ret)
{
	size_t n = json_array_size(keys);

	if (n > CURSOR_KEYS_MAX)
		return ERR_CURSOR;
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(keys, i));

		ret->key[i] = arena_str(arena, str_of(text));
		if (text && str_is_null(ret->key[i]))
			return ERR_NOMEM;
	}
	ret->key_count = n;
	return 0;
}

/* Its MAC was right, so we made it: what is asked here is for which list, and how long ago. */
static int read_json(struct str text, const char *filter, int64_t now_us, struct arena *arena,
		     struct cursor *ret)
{
	json_auto_t *root = json_loadb(text.at, text.len, 0, NULL);
	const char *of = json_string_value(json_object_get(root, "f"));

	*ret = (struct cursor){.until_us = json_integer_value(json_object_get(root, "x"))};
	if (!of || strcmp(of, filter) != 0 || ret->until_us <= now_us)
		return ERR_CURSOR;
	memcpy(ret->filter, filter, sizeof(ret->filter));
	return read_keys(json_object_get(root, "k"), arena, ret);
}

int cursor_read(const struct auth *a, struct str text, const char *filter, int64_t now_us,
		struct arena *arena, struct cursor *ret_cursor)
{
	CLEANUP(buf_done) struct buf whole = BUF(MAC + JSON_MAX);
	unsigned char mac[32];
	struct str json;
	int r;

	if (text.len > CURSOR_MAX || !base64url_read(text, &whole) || whole.len <= MAC)
		return ERR_CURSOR;
	json = (struct str){whole.at + MAC, whole.len - MAC};
	r = mac_of(a, json, mac);
	if (r < 0)
		return r;
	if (CRYPTO_memcmp(mac, whole.at, MAC) != 0)
		return ERR_CURSOR;
	return read_json(json, filter, now_us, arena, ret_cursor);
}
