/*
 * A fan chart of years: the band in which eight of ten simulated futures end, the middle one of
 * them, and the expected sum as a line. In two forms, as the bars of chart.h.
 */
#pragma once

#include "chart.h"

/* One year. Amounts of one that has no band are not looked at. */
struct fan_year {
	struct str label;
	int64_t p10_pence, p50_pence, p90_pence;
	int64_t expected_pence;
	bool has_band;
};

/* All of it borrowed. Texts are escaped here. */
struct chart_fan {
	struct str id;    /* unique in the page, letters and digits only */
	struct str title; /* these two are read out, not shown */
	struct str about;
	const struct fan_year *year;
	size_t count;
};

/*
 * Append it.
 * ERR_INVALID  no year with a band, or more than CHART_YEARS_MAX years.
 * ERR_RANGE    an amount beyond plus or minus 10^17 pence.
 * What does not fit into `out` is seen by its buf_err.
 */
MUST_CHECK int chart_fan(struct buf *out, const struct chart_fan *c, enum chart_form form);
