/*
 * A notice that is by itself an act of its request: to issue it is to do what the law wants done,
 * so it enters the ledger with it and ends that clock. Of every other notice the act is
 * recorded by itself, and of most first.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/notice/notice.h"

struct q_request_load_row;

/* True of a notice that can be such an act. */
bool notice_is_act(enum notice_code code);

/*
 * The notice of that act leaves on that day: what its leaving is by itself happens to the request,
 * as if somebody had recorded it then. Nothing where it is no act, was recorded already, or cannot
 * happen any more. Adds its statements before any of the caller's that move the request;
 * f->param[0] is the request's id, row what q_request_load gave of it.
 * The errors of act_happen().
 */
MUST_CHECK int notice_sent(struct flow *f, enum notice_code code, struct str act_id,
			   struct day dated_on, const struct q_request_load_row *row);
