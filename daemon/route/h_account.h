/*
 * The steps of /v1/accounts: people who sign in with an e-mail address and a password. Reading them
 * is h_read.c's and h_list.c's, signing in p_sign_in.c's. The pages of people take the same steps.
 *
 *	h_account.c         made, given another link, closed
 *	h_account_change.c  changed; what is open of one ended; what was done to it
 */
#pragma once

#include "daemon/flow/flow.h"

struct account;
struct q_account_load_row;

extern const struct flow_step flow_account_add[];
extern const struct flow_step flow_account_patch[];
extern const struct flow_step flow_account_link[];
extern const struct flow_step flow_account_close[];
extern const struct flow_step flow_account_sessions_end[];
extern const struct flow_step flow_account_factor_end[];
extern const struct flow_step flow_account_history[];

/* Their steps up to the answer, each of which the next one's answer then follows. */
enum step_result account_add_store(struct flow *f);
enum step_result account_load(struct flow *f);
enum step_result account_patch_load(struct flow *f);
enum step_result account_patch_store(struct flow *f);
enum step_result account_link_store(struct flow *f);
enum step_result account_close_store(struct flow *f);
enum step_result account_sessions_store(struct flow *f);
enum step_result account_factor_store(struct flow *f);

/*
 * After one that was stored with a link, once: its address, in the flow's arena; absent when a
 * letter brings it, or there is none.
 */
struct str account_link_made(struct flow *f);

/* What the files above share. */

/*
 * What account_load read, for a change of it: that it is there, the actor's to change, and the
 * version that the client means. is_gain: whether the change could gain rights that the actor
 * could not give. row->authority_id is copied.
 * ERR_FORBIDDEN  it could, and is not the actor's to make     ERR_GONE, and of flow_if_match()
 */
MUST_CHECK int account_loaded(struct flow *f, bool is_gain, struct q_account_load_row *ret_row);

/* Nobody does that to their own account. ERR_FORBIDDEN  with a sentence */
MUST_CHECK int account_not_own(struct flow *f, const struct q_account_load_row *row);

/* May the actor give all these roles? ERR_FORBIDDEN, ERR_INVALID  with flaws */
MUST_CHECK int account_check_elsewhere(struct flow *f, const struct account *a);

/*
 * Add to the batch that the account was so changed: an event that says no more than that, and the
 * act with what it was and is (absent: neither) and the reason that was sent.
 */
struct account_told {
	const char *type; /* of the event */
	const char *act;  /* of account_act */
	struct str id, authority_id;
	int32_t version; /* that it made */
	struct str was, is_now;
};
/* ERR_INVALID, ERR_QUERY  the reason is too long */
MUST_CHECK int account_tell(struct flow *f, const struct account_told *told);
