/*
 * Reading items and lists of every kind: one set of steps, one table of what each address
 * shows. A list goes by id, page after page, whoever writes meanwhile (keyset). What a reader
 * may not know of is not there: 404, by row policies.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_item_show[];
extern const struct flow_step flow_item_list[];
/* The changes of a subject, and of a request its ledger. */
extern const struct flow_step flow_history[];
extern const struct flow_step flow_ledger[];
/*
 * A list that hangs on the request of the path: sent behind the list's own statement, and answered,
 * by 404 where the caller may not know of the request, or of then did not.
 */
struct as_at;
enum step_result request_list_send(struct flow *f, const struct as_at *at);
enum step_result request_list_answer(struct flow *f);
/* One item, also as it was true on a day and known at a moment. */
extern const struct flow_step flow_item_show_at[];

/* What a list takes in its query, beside its filters; bounds of a column; when an item came about.
 */
#define LIST_QUERY "limit,cursor,sort,fields"
/* The same, and what an item takes, that are also of a day and a moment. */
#define LIST_QUERY_AT LIST_QUERY "," QUERY_AT
#define QUERY_AT "valid_on,known_at"
#define LIST_BETWEEN(name) name "[gt]," name "[gte]," name "[lt]," name "[lte]"
#define LIST_WHEN LIST_BETWEEN("created_at") "," LIST_BETWEEN("updated_at")
