/*
 * The date box of a page: true on a day, as known on a day. See as_at.h.
 */
#pragma once

#include "daemon/route/as_at.h"
#include "page.h"

/* What the address takes for it, in routes.c. */
#define PAGE_QUERY_AT "valid_on,known_on"

/*
 * What the partials as_at… show: the days asked for, and `now`, the address without them, in the
 * flow's arena; `query` for links that go on with them, `more` for those that have said something
 * before. The page's dates are near or past as seen
 * from that day: call it before due_put.
 */
void as_at_put(struct page *p, const struct as_at *at, struct str now);
