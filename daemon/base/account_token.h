/*
 * The token of a link by which somebody sets the password of an account: random, told once, and
 * kept as its hash alone.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum { ACCOUNT_TOKEN = 47 /* "acl_" and 43 digits of base62 */, ACCOUNT_TOKEN_HASH = 32 };

/* A new one with its NUL, to be wiped after use, and what the database keeps of it. */
void account_token_new(char ret_token[ACCOUNT_TOKEN + 1],
		       unsigned char ret_hash[ACCOUNT_TOKEN_HASH]);

/* What the database keeps of a token. ERR_NOT_FOUND  it is none of ours, by its form */
MUST_CHECK int account_token_hash(struct str token, unsigned char ret_hash[ACCOUNT_TOKEN_HASH]);
