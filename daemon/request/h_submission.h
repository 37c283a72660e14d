/*
 * What the public sends by the form: kept as a draft, confirmed by the link of a letter, then a
 * representation like any other. It counts as received on the day on which the form was sent,
 * because a letter that was slow, or a server that was away, is not the writer's fault.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/request/representation.h"

extern const struct flow_step flow_submission_add[];
extern const struct flow_step flow_confirm[];

struct q_request_load_row;

/* For the pages of the same. */

/* Add what asks whether a request takes one. */
void submission_ask(struct flow *f, struct str request_id);

/*
 * May one be sent there now?
 * ERR_NO_MAIL     nobody could confirm it     ERR_TRANSITION  not any more, or not yet
 * ERR_NOT_FOUND   there is no such request for everybody
 */
MUST_CHECK int submission_may(struct flow *f, int statement, const char **ret_timing);

/* Add what keeps it, with the letter. ERR_RATE  too many letters from where it comes. */
MUST_CHECK int submission_put(struct flow *f, const struct submission *s);

/*
 * Act from here on as the bearer of that letter's token, and ask for the draft: a row while the
 * link counts. ERR_NOT_FOUND  it is none of ours
 */
MUST_CHECK int submission_bear(struct flow *f, struct str token, struct str *ret_id);

/*
 * Steps that confirm by f->state, a struct confirm_flow whose token is set: they end with
 * STEP_NEXT in the table's step behind them once it is done.
 */
struct confirm_flow;
struct confirm_flow *confirm_new(struct flow *f, struct str token, const struct flow_step *then);
extern const struct flow_step confirm_steps[];

/* What was confirmed: the request's id. */
struct str confirm_request(const struct confirm_flow *s);
