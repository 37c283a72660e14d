/*
 * A query that stands for the one that was sent.
 */
#pragma once

#include "flow.h"

/*
 * From here on the query is that text; of what was sent `keep`, names with commas between, goes on.
 * ERR_QUERY  something else was sent, with flaws, or the text is no query    ERR_NOMEM
 */
MUST_CHECK int flow_query_become(struct flow *f, struct str text, const char *keep);
