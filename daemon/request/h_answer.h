/*
 * The community body's turn to answer: when its authority sends it the copies of what others said,
 * a letter brings a link by which it reads them and answers without an account. What arrives is
 * kept like any representation, received on the day on which it was sent (h_representation.h).
 *
 * Source: SSI 2016/357 reg 8; statute 5.2 (T10a, T11), 6 (K5).
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/request/representation.h"

extern const struct flow_step flow_answer_link[];
extern const struct flow_step flow_answers[];
extern const struct flow_step flow_answer_add[];

/* Days for which a link works beyond the last day on which an answer is in time. */
enum { ANSWER_DAYS_BEYOND = 28, ANSWER_PAGE = 20 };

struct act_flow;
struct request;

/* For REPRESENTATIONS_SENT: add what asks whether the copies can be sent, two statements. */
void copies_ask(struct flow *f, struct day on);
/*
 * Can they? `first` is the first of the two.
 * ERR_COPIES  no: each representation that is in the way is a flaw, with its cure
 */
MUST_CHECK int copies_check(struct flow *f, int first);
/* Add what sends them: who has which copy, and the letter with the link where one can go. */
MUST_CHECK int copies_send(struct flow *f, const struct request *r, struct day on, int first);

/*
 * Can a letter with a link go to the community body, as q_answer_reach found at that statement?
 * ERR_NO_MAIL, ERR_NO_ADDRESS  no
 */
MUST_CHECK int answer_may_send(struct flow *f, int statement);

/* The steps of flow_answer_link, for the page whose form does the same. */
enum step_result answer_link_load(struct flow *f);
enum step_result answer_link_store(struct flow *f);

/*
 * What the bearer of a link reads: add the question, copies after a number; as the names token and
 * after of the query say: ERR_QUERY, and as answer_token().
 */
struct q_answer_show_row;
void answer_ask(struct flow *f, struct str id, int32_t after);
MUST_CHECK int answer_ask_query(struct flow *f);
/* ERR_GONE  the link works no longer; *ret_row is borrowed for the step */
MUST_CHECK int answer_have(struct flow *f, int statement, struct q_answer_show_row *ret_row);

/* ERR_GONE in place of ERR_NOT_FOUND, with what to do about a link that works no longer. */
MUST_CHECK int answer_gone(struct flow *f, int err);

/*
 * Add the one link of a request, to the end of a day, and give its id. purpose: what the letters
 * that bring it say, "ANSWER" or "CASE" (h_mine.h).
 */
struct str answer_link_put(struct flow *f, struct str request_id, struct day last_on,
			   const char *purpose);
/*
 * Add a letter that brings a link. kind: "ANSWER" for what the link's purpose says, "EXTENSION" for
 * the longer time that is offered. A ticket is what makes an id into a token.
 */
void answer_letter_put(struct flow *f, struct str id, const char *kind);
struct str answer_ticket(struct flow *f, struct str id);

/* The id of the link that a token is of. ERR_NOT_FOUND, ERR_BUG, ERR_NOMEM */
MUST_CHECK int answer_token(struct flow *f, struct str token, struct str *ret_id);

/*
 * Steps that store what f->state, a struct answer_flow, holds: they end with the table `then`.
 * NULL without memory.
 */
struct answer_flow;
struct answer_flow *answer_new(struct flow *f, struct str id, struct str text,
			       const struct flow_step *then);
extern const struct flow_step answer_steps[];
