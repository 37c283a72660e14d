/*
 * Branches of an outcome tree and their leaves: when each may complete and with which
 * probability. Source: MODEL.md 3.4 and 5.
 */
#pragma once

#include "projection_price.h"
#include "projection_tree.h"

/* A branch of the tree in one scenario: what its leaves have in common. */
struct branch {
	const struct projection_slip *slip;
	int32_t slip_add;
	int64_t ppb;
	struct day base;
	const struct projection_lease *lease;     /* accrues, or NULL */
	const struct projection_request *request; /* NULL: the market's branch */
};

/* One outcome: this quarter, this probability; `late` quarters after the branch's day. */
struct branch_leaf {
	int32_t late, quarter;
	int64_t ppb;
};

/* The market's branch from a day on. Only of a tree that is_priced. */
struct branch branch_of_market(const struct tree *t, const struct price_book *book, struct day base,
			       int64_t ppb);

/* That of the n-th request in the tree's order. */
struct branch branch_of_request(const struct tree *t, uint32_t n, const struct price_book *book,
				int64_t ppb);

/*
 * Spread a branch over its slip profile by cumulative rounding: leaves sum to it exactly, and
 * those of probability 0 are left out. Returns how many there are.
 */
uint32_t branch_spread(const struct branch *b, const struct projection_model *m,
		       struct branch_leaf ret_leaf[static PROJECTION_STEPS_MAX]);
