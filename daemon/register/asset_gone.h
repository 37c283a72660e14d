/*
 * Entries of the register that are no more: why, and what stands in their place. An address that
 * is known once is answered for ever: 301 to the entry that it was merged into, else 410 with
 * when, by whom and why.
 */
#pragma once

#include "daemon/flow/flow.h"

/*
 * The `reason` of the query, or of a page's form, for taking an entry away; absent when not given.
 * ERR_QUERY, of a form ERR_INVALID  too long
 */
MUST_CHECK int asset_gone_reason(struct flow *f, struct str *ret_reason);

/* The asset of the path's first parameter is gone, or may be: go on with one more question, and its
 * answer; 404 where it is not. */
enum step_result asset_gone(struct flow *f);

/* POST …/merge, and its steps for a page whose form does the same. */
extern const struct flow_step flow_asset_merge[];
enum step_result asset_merge_load(struct flow *f);
enum step_result asset_merge_store(struct flow *f);
