/*
 * One-time codes by time: HMAC-SHA-1, steps of 30 seconds, six digits, which is what every
 * authenticator app takes.
 *
 * Source: RFC 6238, on RFC 4226; the key as text by RFC 4648 section 6.
 */
#pragma once

#include "base.h"
#include "str.h"

enum {
	TOTP_KEY = 20,      /* bytes of a key, as many as of the hash */
	TOTP_KEY_TEXT = 33, /* the same in base32, with NUL */
	TOTP_STEP_S = 30,
	TOTP_DIGITS = 6,
};

/* The code of one step, of 6 to 8 digits.    ERR_NOMEM  OpenSSL refused. */
MUST_CHECK int totp_code(const uint8_t key[TOTP_KEY], int64_t step, int digits, uint32_t *ret_code);

/*
 * Of which step is this code: the present one, the one before or the one after, since clocks
 * differ, but later than `last`, since one that was used counts no more.
 *
 * code: as typed, blanks may stand between its digits.    now_s: seconds since 1970.
 * ERR_INVALID  of none of them    ERR_NOMEM
 */
MUST_CHECK int totp_match(const uint8_t key[TOTP_KEY], struct str code, int64_t now_s, int64_t last,
			  int64_t *ret_step);

/* The key as people type it into an app, with its NUL. */
void totp_key_text(const uint8_t key[TOTP_KEY], char ret_text[TOTP_KEY_TEXT]);
