/*
 * Reading items and lists of every kind: one set of steps, one table of what each address
 * shows. A list goes by id, page after page, whoever writes meanwhile (keyset). What a reader
 * may not know of is not there: 404, by row policies.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_item_show[];
extern const struct flow_step flow_item_list[];
/* The changes of a subject, and of a request its ledger. */
extern const struct flow_step flow_history[];
extern const struct flow_step flow_ledger[];
/* An asset, also as it was true on a day and known at a moment. */
extern const struct flow_step flow_asset_show[];

/* What a list takes in its query, beside its filters. */
#define LIST_QUERY "limit,cursor"
