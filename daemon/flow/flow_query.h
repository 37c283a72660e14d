/*
 * The query that was sent, and one that stands for it.
 */
#pragma once

#include "flow.h"

/*
 * The address that was asked for: of a page that is looked at without names that its route does not
 * take, so that no link of ours carries on what others put there. Absent without memory.
 */
struct str flow_target(struct flow *f);

/*
 * From here on the query is that text; of what was sent `keep`, names with commas between, goes on.
 * ERR_QUERY  something else was sent, with flaws, or the text is no query    ERR_NOMEM
 */
MUST_CHECK int flow_query_become(struct flow *f, struct str text, const char *keep);
