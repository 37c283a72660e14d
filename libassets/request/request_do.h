/*
 * What each event does, beside the move itself: one function an event, joined in request.c. Inside
 * the request module only.
 *
 * What could be wrong has been asked before (request_must.h). A function may fill in what the act
 * leaves out and the law supplies (the last day for an offer), so that the ledger says it.
 */
#pragma once

#include "request.h"

struct request_move;

/* The request gets a flag, once. Without room it does not. */
void request_flag_set(struct request *r, struct str flag, struct arena *a);

/* The first entry of its ledger, by the request as it arrived. ERR_NOMEM */
MUST_CHECK int request_ledger_begin(struct request *r, struct arena *a);
/* The last entry of a ledger that has one; that of an act is the caller's to complete. */
struct ledger_entry *request_ledger_last(const struct request *r);

/* The move of that row: state, level, days, bar, flag, ledger. ERR_LIMIT, ERR_NOMEM */
MUST_CHECK int request_take(struct request *r, const struct request_move *row,
			    const struct request_act *act, struct arena *a);

/* All return 0, ERR_NOMEM or what the calendars say; none refuses. */
int request_do_nothing(struct request *r, struct request_act *act, struct arena *a);
int request_do_submit(struct request *r, struct request_act *act, struct arena *a);
int request_do_item_received(struct request *r, struct request_act *act, struct arena *a);
int request_do_validate(struct request *r, struct request_act *act, struct arena *a);
int request_do_acknowledged(struct request *r, struct request_act *act, struct arena *a);
int request_do_extend(struct request *r, struct request_act *act, struct arena *a);
int request_do_price(struct request *r, struct request_act *act, struct arena *a);
int request_do_decide(struct request *r, struct request_act *act, struct arena *a);
int request_do_lift_bar(struct request *r, struct request_act *act, struct arena *a);
