/*
 * Secrets at rest: AES-256-GCM, bound to what they belong to, so that a sealed secret copied to
 * another row does not open there. Key id, nonce and sealed bytes are kept beside each other;
 * the id tells which key opens it after an installation has changed keys.
 *
 * Source: NIST SP 800-38D.
 */
#pragma once

#include "base.h"
#include "str.h"

enum {
	SECRET_BOX_KEY = 32,         /* bytes of a key */
	SECRET_BOX_KEY_ID = 9,       /* eight hexadecimal digits and NUL */
	SECRET_BOX_NONCE = 12,       /* bytes */
	SECRET_BOX_TAG = 16,         /* bytes that sealing adds */
	SECRET_BOX_PLAIN_MAX = 4096, /* bytes of one secret */
};

/*
 * The beginning of the key's SHA-256: says which key it is and nothing of it.
 * ERR_NOMEM  OpenSSL refused.
 */
MUST_CHECK int secret_box_key_id(const uint8_t key[SECRET_BOX_KEY], char ret_id[SECRET_BOX_KEY_ID]);

/*
 * Seal a secret.
 *
 * nonce:    never used before with this key: random, so that no two processes need to agree.
 * belongs:  what the secret belongs to, such as the id of its row.
 * ret_sealed gets plain.len + SECRET_BOX_TAG bytes.
 * ERR_LIMIT  plain or belongs is longer than SECRET_BOX_PLAIN_MAX.   ERR_NOMEM
 */
MUST_CHECK int secret_box_seal(const uint8_t key[SECRET_BOX_KEY],
			       const uint8_t nonce[SECRET_BOX_NONCE], struct str belongs,
			       struct str plain, uint8_t *ret_sealed);

/*
 * Open what was sealed.
 *
 * ret_plain gets sealed.len - SECRET_BOX_TAG bytes, zeroed when the tag is wrong. Wipe it
 *           after use.
 * ERR_INVALID  of another key, not of `belongs`, or changed since.   ERR_NOMEM
 */
MUST_CHECK int secret_box_open(const uint8_t key[SECRET_BOX_KEY],
			       const uint8_t nonce[SECRET_BOX_NONCE], struct str belongs,
			       struct str sealed, uint8_t *ret_plain);
