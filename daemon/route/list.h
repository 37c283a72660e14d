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
#include "daemon/flow/flow.h"

/* Items of a page, by default and at most. */
enum { LIST_LIMIT = 100, LIST_LIMIT_MAX = 1000 };

/* Which page is asked for. Texts live in the flow's arena. */
struct list {
	int32_t limit;   /* items of the page */
	int32_t rows;    /* what to ask for: one more than limit, which says that there is more */
	struct str sort; /* one of the route's; "-updated_at" is descending */
	struct str type; /* of the answer; absent is JSON. See flow_format.h */
	bool is_first;   /* no cursor was given */
	/* The rows have a column more, each item's version, and show the same to every reader. */
	bool has_versions;
	struct str key[CURSOR_KEYS_MAX]; /* of the last item of the page before */
};

/*
 * Read limit, sort and cursor. sorts: those the route takes, comma-separated, the first by
 * default; in the query "name,id" is the same as "name". NULL: by id alone.
 * ERR_QUERY  with flaws: limit is not 1 to 1000, or the sort is none of those
 * ERR_CURSOR  not one of ours, of another list or order, or too old
 * ERR_LIMIT   the query is too long to go on from     ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int list_read(struct flow *f, const char *sorts, struct list *ret_list);

/*
 * The same for rows that are numbered: *ret_list, which becomes the flow's state, and the number
 * behind which the page begins. The errors of list_read, and ERR_NOMEM.
 */
MUST_CHECK int list_read_numbered(struct flow *f, struct list **ret_list, int32_t *ret_after);

/* The rows are features, and the page a collection of them (RFC 7946). */
bool list_is_geo(const struct list *l);

/*
 * End with {"items": […], "next": …} of the rows of that statement, Link (RFC 8288) and a weak
 * ETag of the items; or with 304 when the client has just that. statement: its number in the
 * reply; its last column is the id (but for has_versions). Fails with ERR_LIMIT for a page beyond
 * 64 MiB.
 */
enum step_result list_answer(struct flow *f, const struct list *l, int statement);
