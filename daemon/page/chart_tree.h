/*
 * An outcome tree as a picture: what may become of an asset, branch by branch, with a bar for each
 * chance. One form serves every width.
 */
#pragma once

#include "libassets/base/buf.h"

enum { CHART_TREE_ROWS = 400 };

/* A row under the root: a branch, or under it a leaf. */
struct tree_row {
	struct str label;
	int64_t ppb; /* its chance, 0 to 10^9 of all that may happen */
	bool is_leaf;
};

/* All of it borrowed. Texts are escaped here. */
struct chart_tree {
	struct str id;    /* unique in the page, letters and digits only */
	struct str title; /* these two are read out, not shown */
	struct str about;
	struct str root;
	const struct tree_row *row;
	size_t count;
};

/*
 * Append it.
 * ERR_INVALID  no row, more than CHART_TREE_ROWS, a leaf without a branch, or a chance that is
 * none. What does not fit into `out` is seen by its buf_err.
 */
MUST_CHECK int chart_tree(struct buf *out, const struct chart_tree *c);
