/*
 * Budgets beside receipts: what a budget says of a year goes into the figures of that year, of an
 * answer that may be too long for a tree of it.
 */
#pragma once

#include "daemon/flow/flow.h"

/*
 * Is an answer of receipts by year, and of which authorities (authority_id: of that one), one that
 * budgets stand beside? Those whose money the caller reads are then asked for, as the batch's next
 * statement.
 */
bool budget_beside(struct flow *f, struct str authority_id, struct str answer);
/*
 * The answer, appended, with `budget_pence` in each year whose budget is known, and where it is of
 * one authority their sum in its totals. statement: that of budget_beside. False when there are
 * none: nothing is appended then.
 */
bool budget_put_beside(struct flow *f, int statement, struct str authority_id, struct str answer,
		       struct buf *out);
