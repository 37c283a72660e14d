/*
 * See page_feed.h.
 */
#include "page_feed.h"

#include "daemon/flow/flow.h"

void page_feed(struct page *p, const char *name, struct str id)
{
	const struct page_filter filter = {name, id};

	page_put_text(p, "feed", page_address(p->flow->arena, PAGE_FEED, &filter, 1));
}
