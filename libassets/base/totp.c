/*
 * HOTP of the number of steps since 1970. Codes are compared in constant time, whichever step they
 * are of.
 */
#include "totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "err.h"

int totp_code(const uint8_t key[TOTP_KEY], int64_t step, int digits, uint32_t *ret_code)
{
	uint8_t counter[8], mac[TOTP_KEY];
	unsigned len = 0, at;
	uint32_t most = 1;

	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), key, TOTP_KEY, counter, sizeof(counter), mac, &len) ||
	    len != sizeof(mac))
		return ERR_NOMEM;
	for (int i = 0; i < digits; i++)
		most *= 10;
	at = mac[TOTP_KEY - 1] & 15;
	*ret_code = (((uint32_t)mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 |
		     (uint32_t)mac[at + 2] << 8 | mac[at + 3]) %
		    most;
	return 0;
}

/* Six digits as a number. */
static bool read_code(struct str text, uint32_t *ret_code)
{
	uint32_t code = 0;
	int digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == ' ')
			continue;
		if (text.at[i] < '0' || text.at[i] > '9' || digits++ == TOTP_DIGITS)
			return false;
		code = code * 10 + (uint32_t)(text.at[i] - '0');
	}
	*ret_code = code;
	return digits == TOTP_DIGITS;
}

int totp_match(const uint8_t key[TOTP_KEY], struct str code, int64_t now_s, int64_t last,
	       int64_t *ret_step)
{
	int64_t now = now_s / TOTP_STEP_S, found = 0;
	uint32_t typed, want;

	if (!read_code(code, &typed))
		return ERR_INVALID;
	for (int64_t step = now - 1; step <= now + 1; step++) {
		int r = totp_code(key, step, TOTP_DIGITS, &want);

		if (r < 0)
			return r;
		if ((want ^ typed) == 0 && step > last && !found)
			found = step;
	}
	if (!found)
		return ERR_INVALID;
	*ret_step = found;
	return 0;
}

void totp_key_text(const uint8_t key[TOTP_KEY], char ret_text[TOTP_KEY_TEXT])
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	for (size_t i = 0; i < TOTP_KEY_TEXT - 1; i++) {
		size_t bit = 5 * i, byte = bit / 8, shift = bit % 8;
		unsigned two = (unsigned)key[byte] << 8 | (byte + 1 < TOTP_KEY ? key[byte + 1] : 0);

		ret_text[i] = digit[two >> (11 - shift) & 31];
	}
	ret_text[TOTP_KEY_TEXT - 1] = '\0';
}
