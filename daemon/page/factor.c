/*
 * A lost device's code is of 80 random bits, so its plain hash gives nothing away. People copy it
 * with blanks, hyphens and small letters, which make no difference.
 */
#include "factor.h"

#include <openssl/crypto.h>

#include "daemon/base/id.h"
#include "daemon/base/sha256.h"
#include "daemon/process/worker.h"
#include "q.h"

int factor_key(struct flow *f, struct str principal_id, struct str factor,
	       uint8_t ret_key[TOTP_KEY])
{
	unsigned char mac[32];
	struct str text = arena_fmt(f->arena, "%.*s %.*s", (int)principal_id.len, principal_id.at,
				    (int)factor.len, factor.at);
	int r = text.at ? auth_sign(f->worker->auth, "second factor", text, mac) : ERR_NOMEM;

	if (r < 0)
		return r;
	memcpy(ret_key, mac, TOTP_KEY);
	OPENSSL_cleanse(mac, sizeof(mac));
	return 0;
}

int factor_step(struct flow *f, struct str principal_id, struct str factor, struct str typed,
		int64_t *ret_step)
{
	uint8_t key[TOTP_KEY];
	int r = factor_key(f, principal_id, factor, key);

	if (r < 0)
		return r;
	r = totp_match(key, typed, f->now_us / 1000000, 0, ret_step);
	OPENSSL_cleanse(key, sizeof(key));
	return r;
}

static void code_hash(struct str principal_id, const char code[FACTOR_CODE],
		      unsigned char ret_hash[32])
{
	struct sha256 s;

	sha256_begin(&s);
	sha256_add(&s, principal_id);
	sha256_add(&s, (struct str){code, FACTOR_CODE});
	sha256_now(&s, ret_hash);
}

/* What is typed of a code for a lost device, as it was made. */
static bool read_code(struct str typed, char ret_code[FACTOR_CODE])
{
	size_t n = 0;

	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];

		if (c == ' ' || c == '-')
			continue;
		if (n == FACTOR_CODE)
			return false;
		ret_code[n++] = c >= 'a' && c <= 'z' ? (char)(c + 'A' - 'a') : c;
	}
	return n == FACTOR_CODE;
}

int factor_use(struct flow *f, struct str factor, struct str typed)
{
	char code[FACTOR_CODE], text[DB_BYTEA_TEXT(32)];
	unsigned char hash[32];
	int64_t step;
	int r = factor_step(f, f->who->id, factor, typed, &step);

	if (r == 0)
		q_factor_use_add(flow_batch(f), &(struct q_factor_use){.step = step});
	if (r != ERR_INVALID)
		return r;
	if (!read_code(typed, code))
		return ERR_INVALID;
	code_hash(f->who->id, code, hash);
	db_bytea(hash, sizeof(hash), text);
	q_factor_recover_add(flow_batch(f), &(struct q_factor_recover){.hash = str_of(text)});
	return 0;
}

void factor_code_new(struct str principal_id, char ret_code[FACTOR_CODE + 1],
		     unsigned char ret_hash[32])
{
	uint8_t bytes[TOTP_KEY];
	char text[TOTP_KEY_TEXT];

	id_random(bytes, sizeof(bytes));
	totp_key_text(bytes, text);
	memcpy(ret_code, text, FACTOR_CODE);
	ret_code[FACTOR_CODE] = '\0';
	code_hash(principal_id, ret_code, ret_hash);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	OPENSSL_cleanse(text, sizeof(text));
}
