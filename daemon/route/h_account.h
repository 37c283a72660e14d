/*
 * The steps of /v1/accounts: people who sign in with an e-mail address and a password. Reading them
 * is h_read.c's and h_list.c's, signing in p_sign_in.c's.
 */
#pragma once

#include "daemon/flow/flow.h"

enum { ACCOUNT_TOKEN = 47 }; /* "acl_" and 43 digits of base62 */

extern const struct flow_step flow_account_add[];
extern const struct flow_step flow_account_link[];
extern const struct flow_step flow_account_close[];

/*
 * What the database keeps of a link's token.
 * ERR_NOT_FOUND  it is none of ours, by its form
 */
MUST_CHECK int account_link_hash(struct str token, unsigned char ret_hash[32]);
