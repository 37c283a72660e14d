/*
 * The steps by which officers record representations and say what is made of them.
 */
#pragma once

#include "daemon/flow/flow.h"

struct act_flow;
struct q_request_load_row;

extern const struct flow_step flow_representation_add[];
extern const struct flow_step flow_representation_act[];

/* Their steps, for the pages whose forms do the same; each ends in flow_store_end(). */
enum step_result representation_add_load(struct flow *f);
enum step_result representation_add_store(struct flow *f);
enum step_result representation_act_load(struct flow *f);
enum step_result representation_act_store(struct flow *f);

/* One that has come in, on its way into the register. */
struct representation_come {
	const char *kind;   /* "REPRESENTATION", or "COMMENTS" of the community body */
	struct str channel; /* as the column takes it */
	struct day received_on;
	struct str text;
	struct str writer; /* JSON object: name, email, address; absent: nothing is known */
};

/*
 * Add what stores one to the batch, the request having been read by q_request_load into `row`:
 * its ledger moves where it takes one more, else the request alone has one more change.
 *
 * s: cleared by whoever calls, but for actor_kind. *ret_id: rep_….
 * ERR_TRANSITION  nobody has been asked for any yet (no notices), or as request_apply()
 */
MUST_CHECK int representation_put(struct flow *f, struct act_flow *s,
				  const struct q_request_load_row *row,
				  const struct representation_come *come, struct str *ret_id);
