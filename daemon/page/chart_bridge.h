/*
 * A bridge as SVG: from one total over what moved it to another. As chart.h has it: two forms, the
 * same bytes for the same figures, words for those who do not see it, and the table beside it.
 */
#pragma once

#include "chart.h"

enum { BRIDGE_STEPS_MAX = 14 };

struct bridge_step {
	struct str label; /* a word or two */
	int64_t pence;    /* the total itself, or by how much this moved it */
	bool is_total;
};

/* All of it borrowed. Texts are escaped here. */
struct bridge {
	struct str id;    /* unique in the page, letters and digits only */
	struct str title; /* these two are read out, not shown */
	struct str about;
	const struct bridge_step *step; /* the first and the last are totals */
	size_t count;
};

/*
 * Append it. Steps rise in teal, fall in rust with a minus, totals are dark; each hangs where the
 * last one ended.
 *
 * ERR_INVALID  fewer than two steps, or more than BRIDGE_STEPS_MAX.
 * ERR_RANGE    an amount, or a sum on the way, beyond plus or minus 10^17 pence.
 * What does not fit into `out` is seen by its buf_err.
 */
MUST_CHECK int chart_bridge(struct buf *out, const struct bridge *b, enum chart_form form);
