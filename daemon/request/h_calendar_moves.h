/*
 * Which running dates a version of the calendars would move: of the requests of a page at a time,
 * so that a register of any size can be looked at whole before anything is applied.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/clock/calendar_list.h"

/* Requests of a page. */
enum { CALENDAR_MOVES_PAGE = 200 };

/*
 * What would move of the first `most` requests that a statement of the reply (calendar_requests)
 * gave, as a JSON array in the arena: [{request_id, reference, move}]. ERR_LIMIT  it is longer than
 * 4 MiB     ERR_NOMEM, ERR_BUG, ERR_JSON
 */
MUST_CHECK int calendar_moves(struct flow *f, const struct calendar_version *v, int statement,
			      int most, struct str *ret_moves);

/* GET …/moves: a page of them after a request. */
extern const struct flow_step flow_calendar_moves[];
