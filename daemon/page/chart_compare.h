/*
 * A chart of two to four forecasts: of each year one lying bar a forecast, under each other and
 * numbered, since colours alone tell nobody apart. One form serves every width.
 */
#pragma once

#include "libassets/base/buf.h"

enum { CHART_RUNS_MAX = 4, CHART_ROWS_MAX = 60 };

struct compare_bar {
	int64_t pence;
	bool is_held_back; /* the amount is not shown, and the chart says so */
};

/* All of it borrowed. Texts are escaped here. */
struct chart_compare {
	struct str id;    /* unique in the page, letters and digits only */
	struct str title; /* these two are read out, not shown */
	struct str about;
	const struct str *label; /* of the years */
	struct compare_bar (*bar)[CHART_RUNS_MAX];
	size_t years, runs;
};

/*
 * Append it.
 * ERR_INVALID  no year, no run, or more than the most.
 * ERR_RANGE    an amount beyond plus or minus 10^17 pence.
 * What does not fit into `out` is seen by its buf_err.
 */
MUST_CHECK int chart_compare(struct buf *out, const struct chart_compare *c);
