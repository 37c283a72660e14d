/*
 * What a list is narrowed by: filters of the query as JSON for sql/functions/0065_list.sql.
 *
 * A name is a column of the kind's view (one of the values with commas between, or with gt, gte,
 * lt, lte in brackets behind it), or one of those that list_filter.c knows.
 */
#pragma once

#include "daemon/flow/flow.h"

struct list_filter {
	const char *kind;   /* "ast", "atr" …: what is listed */
	const char *parent; /* the column that the path's first parameter fills; NULL: none */
	const char *names;  /* comma-separated; those not in the query say nothing */
};

/*
 * {"authority_id":["aut_…"], …} of the path and the query, in the flow's arena.
 * ERR_QUERY  a value is not of its name's form; with a flaw
 * ERR_LIMIT  the filters are too long      ERR_NOMEM
 */
MUST_CHECK int list_filter(struct flow *f, const struct list_filter *l, struct str *ret_filter);
