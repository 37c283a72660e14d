/*
 * A community body's own request by the link that it was sent: what it reads there, what it does
 * there, and the link sent again. It is the link of h_answer.h, one a request, whose letters differ
 * in what they say. Each act goes the way of POST …/events, with COMMUNITY_BODY in the ledger, on
 * the day on which it is sent.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/request/ask.h"

extern const struct flow_step flow_mine[];
extern const struct flow_step flow_mine_act[];
extern const struct flow_step flow_mine_link[];

/* Days for which a link works that waits for no date. */
enum { MINE_DAYS = 90 };

/* Add the link of a request, which had none; its id. Its letter is the caller's. */
struct str mine_link_put(struct flow *f, struct str request_id);
/* The token of a link, in the arena; absent without memory. */
struct str mine_token(struct flow *f, struct str id);

struct q_mine_show_row;
/* Add the question what the bearer of a link is shown. */
void mine_ask(struct flow *f, struct str id);
/* ERR_GONE  the link works no longer; *ret_row is borrowed for the step */
MUST_CHECK int mine_have(struct flow *f, int statement, struct q_mine_show_row *ret_row);

/* Steps that let the act happen by the link with that id; they end with the table `then`, as
 * whoever came, and also fail so. */
enum step_result mine_act(struct flow *f, struct str id, const struct mine_act *act,
			  const struct flow_step *then);

/*
 * Steps that send the links of an address again and end with `then`: the same whether anybody is
 * known by it.
 */
enum step_result mine_send(struct flow *f, struct str email, const struct flow_step *then);
