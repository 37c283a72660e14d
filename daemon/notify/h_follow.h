/*
 * Following without an account: an address asks to be told, a letter asks that address whether it
 * was it, and each letter after that ends the following by one click. Whether an address was known
 * before no answer tells.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/notify/follow.h"
#include "scope.h"

extern const struct flow_step flow_follow_add[];
extern const struct flow_step flow_follow_show[];
extern const struct flow_step flow_follow_end[];

/* For the pages of the same. */

struct follow_flow {
	struct follow follow;
	struct scope scope;
};

/*
 * Look at what was sent: is its question one, may it be asked, can we send letters at all? From
 * then on the request's query is the question's. ERR_INVALID, ERR_QUERY  with flaws
 * ERR_UNAUTHENTICATED  WEEKLY is for who is signed in ERR_NO_MAIL, ERR_LIMIT, ERR_NOMEM
 */
MUST_CHECK int follow_check(struct flow *f, struct follow_flow *s);
/* Add what asks whether all that the question names is there. */
void follow_ask(struct flow *f, const struct follow_flow *s);
/*
 * Is it, and if so add what keeps the follow with its letter.
 * ERR_INVALID  it is not, with a flaw      ERR_RATE  too many letters from where it comes
 */
MUST_CHECK int follow_store(struct flow *f, const struct follow_flow *s, int statement);

/* Is it the token of a follow's letter, by its look? */
bool follow_is_token(struct str token);
/*
 * Act from here on as the bearer of that token. ERR_NOT_FOUND  it is none of ours
 */
MUST_CHECK int follow_bear(struct flow *f, struct str token, struct str *ret_id);

/* Confirm by a token; then go on with that table, where follow_confirmed() is the item. */
enum step_result follow_confirm(struct flow *f, struct str token, const struct flow_step *then);
struct str follow_confirmed(const struct flow *f);
/* The same for the API. */
enum step_result follow_confirm_api(struct flow *f, struct str token);
