/*
 * Entries of the register that are no more: why, and what stands in their place. An address that
 * is known once is answered for ever: 301 to the entry that it was merged into, else 410 with
 * when, by whom and why.
 */
#pragma once

#include "flow.h"

/* The `reason` of the query for taking an entry away; absent when not given. ERR_QUERY too long */
MUST_CHECK int asset_gone_reason(struct flow *f, struct str *ret_reason);

/* The asset of the path's first parameter is gone: go on with one more question, and its answer. */
enum step_result asset_gone(struct flow *f);

/* POST …/merge */
extern const struct flow_step flow_asset_merge[];
