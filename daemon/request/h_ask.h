/*
 * What a community group asks for by the form, without an account: kept as a draft, confirmed by
 * the link of a letter, then a request like any other, received on the day on which the form was
 * sent. Who confirms is sent the link to their own request (h_mine.h).
 *
 * What it wrote stands apart, for officers and itself alone: everybody reads of it what they read
 * of a request on paper.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/request/ask.h"

extern const struct flow_step flow_ask_add[];

/*
 * Add what keeps it, with the letter. The batch then fails with ERR_NOT_FOUND where the asset is
 * not everybody's, ERR_LAND_DISPOSED where it is gone, ERR_RATE for too many.
 * ERR_NO_MAIL  nobody could confirm it     ERR_RATE  too many letters from where it comes
 * ERR_INVALID  see ask_check()
 */
MUST_CHECK int ask_put(struct flow *f, const struct ask *ask);

/* Is it the token of such a letter? */
bool ask_is_token(struct str token);
/*
 * Act from here on as the bearer of that token, and ask for what it is for: a row while the link
 * counts. ERR_NOT_FOUND  it is none of ours
 */
MUST_CHECK int ask_bear(struct flow *f, struct str token, struct str *ret_id);
/* Confirm it, as steps of their own; */
enum step_result ask_confirm_api(struct flow *f, struct str token);
/* … which go on with `then` as whoever came. */
enum step_result ask_confirm(struct flow *f, struct str token, const struct flow_step *then);
/* The token of the link to the request that was confirmed; absent without memory. */
struct str ask_confirmed_token(struct flow *f);
