/*
 * The steps that make, change and move asset transfer requests. What may happen to one is
 * decided by libassets (request.h); these load, ask, and store.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/clock/calendar_list.h"
#include "passing.h"

extern const struct flow_step flow_request_add[];
extern const struct flow_step flow_request_patch[];
extern const struct flow_step flow_request_act[];

/*
 * A request that comes to be in a batch with other rows: with its form, its id and who made it
 * (actor_kind, as the ledger says it), first
 *
 *	request_new_ask()   checks the form and adds the question what stands around it
 *	request_new_put()   adds what stores it, of what that found; whether the caller may make it,
 *	                    and whether its asset and body are there, they have looked at themselves
 */
struct request_new {
	struct str id;
	struct str actor_kind;
	struct str event_id; /* out: of the event that tells of it */
	struct request_form form;
	struct request request;
	struct calendars calendars;
	struct passing passing;
};
struct q_request_around_row;
/* The errors of request_begin(). */
MUST_CHECK int request_new_ask(struct flow *f, struct request_new *s);
/* ERR_BUG, ERR_JSON  our own rendering does not fit     ERR_NOMEM */
MUST_CHECK int request_new_put(struct flow *f, struct request_new *s,
			       const struct q_request_around_row *row);

/* Steps of these, for pages whose forms do the same. */
enum step_result request_add_load(struct flow *f);
enum step_result request_add_store(struct flow *f);
enum step_result request_patch_load(struct flow *f);
enum step_result request_patch_store(struct flow *f);
/* The last of these step by step, for those that go the same way: f->body is the act. */
enum step_result request_act_load(struct flow *f);
enum step_result request_act_store(struct flow *f);
