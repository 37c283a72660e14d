/*
 * The second factor of an account: codes by time (libassets/base/totp.h), and for when the device
 * is lost FACTOR_CODES codes that are good once. The key is made from a random text of the account
 * and the pepper, so nothing that the database holds makes a code.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/base/totp.h"

enum { FACTOR_CODES = 8, FACTOR_CODE = 16 /* characters */ };

/* The key of an account's codes; wipe it after use. factor: its random text. ERR_BUG */
MUST_CHECK int factor_key(struct flow *f, struct str principal_id, struct str factor,
			  uint8_t ret_key[TOTP_KEY]);

/* The step that a code of the app is of. ERR_INVALID  of none of now; else as factor_key. */
MUST_CHECK int factor_step(struct flow *f, struct str principal_id, struct str factor,
			   struct str typed, int64_t *ret_step);

/*
 * Add the statement by which the actor uses up what was typed, a code of either kind; the batch
 * fails with ERR_FORBIDDEN when it was used before. ERR_INVALID  it is none     ERR_BUG, ERR_NOMEM
 */
MUST_CHECK int factor_use(struct flow *f, struct str factor, struct str typed);

/* A new code for when the device is lost, with its NUL, and what the database keeps of it. */
void factor_code_new(struct str principal_id, char ret_code[FACTOR_CODE + 1],
		     unsigned char ret_hash[32]);
