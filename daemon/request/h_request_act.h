/*
 * An act happening to a request inside a flow that does more than that: what h_request_event.c
 * does for POST …/events, for those whose own rows come with it. f->param[0] is the request's id.
 *
 *	load:   q_request_load_add(…)          with the day of the act
 *	store:  act_take(), act_happen(), then one's own statements, then the end of the write
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/clock/calendar_list.h"
#include "passing.h"

struct q_request_load_row;

struct act_flow {
	struct str proposal_id; /* that the act approves; absent: none */
	struct request_act act;
	enum request_event event;
	struct shape_words also; /* codes of further items that arrived with that of the act */
	struct str more; /* JSON object of what the act's own event tells besides; may be absent */
	struct str actor_kind; /* in the ledger; absent: AUTHORITY */
	struct str entry_id;   /* out: of the ledger's entry, which is the event's id */
	struct str last_id;    /* out: of the last event told */
	struct calendars calendars;
	struct passing passing; /* how it is stored, from act_take() on */
};

/*
 * Read what q_request_load gave: the request as it stands, ready for the act.
 * ERR_BUG, ERR_JSON  our own rendering does not fit     ERR_NOMEM
 */
MUST_CHECK int act_take(struct flow *f, struct act_flow *s, const struct q_request_load_row *row,
			struct request *ret_request);

/* What act_happen would say of it, with what is wrong, without storing anything; the request is not
 * changed. */
MUST_CHECK int act_try(struct flow *f, const struct act_flow *s, const struct request *r,
		       struct flaws *flaws);

/*
 * Let it happen, with what time had done before its day and does after it: adds the statements
 * that store it. The errors of request_apply(); the batch is then not to be sent.
 */
MUST_CHECK int act_happen(struct flow *f, struct act_flow *s, struct request *r);
