/*
 * Lists, page by page, by the keys of the last item seen and never by counting.
 *
 * A route of a list takes `limit,cursor` and, where it can be sorted, `sort` besides its
 * filters. Its statement takes the keys of the last item (NULL on the first page) and how
 * many rows to give, and answers `many`: the item's JSON, then the sort keys as text, the id
 * always the last. Whatever page is asked for costs the same.
 *
 *	r = list_read(f, "name,-updated_at", &l);   q_asset_list_add(… .after_id = l.key[1],
 *	if (r < 0) return flow_fail(f, r);                 .rows = l.rows …); return flow_send(f);
 *	…next step:  return list_answer(f, &l, 0);
 */
#pragma once

#include "cursor.h"
#include "flow.h"

enum { LIST_LIMIT = 100, LIST_LIMIT_MAX = 1000 };

struct list {
	int32_t limit;
	int32_t rows;    /* what to ask for: one more than limit, which says that there is more */
	struct str sort; /* one of the route's; "-updated_at" is descending */
	bool is_first;   /* no cursor was given */
	struct str key[CURSOR_KEYS_MAX]; /* of the last item of the page before */
};

/*
 * Read limit, sort and cursor. sorts: those the route takes, comma-separated, the first by
 * default; in the query "name,id" is the same as "name". NULL: by id alone.
 * ERR_QUERY  with flaws      ERR_CURSOR, ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int list_read(struct flow *f, const char *sorts, struct list *ret_list);

/*
 * End with {"items": […], "next": …} of the rows of that statement, Link and a weak ETag; or
 * with 304 when the client has just that.
 */
enum step_result list_answer(struct flow *f, const struct list *l, int statement);
