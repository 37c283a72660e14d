/*
 * Charts as SVG made on the server: they print, work without script, pass the content
 * security policy (presentation attributes, no style) and are the same bytes for the same
 * figures, since every coordinate is worked out in whole tenths of a unit.
 *
 * A chart comes in two forms, because text in a scaled SVG shrinks to 7 px on a phone: put
 * both into the page and let a media query choose. Each has its title and its description,
 * and the figures stand in a table beside it.
 */
#pragma once

#include "libassets/base/buf.h"

enum chart_form {
	CHART_WIDE,   /* 720 units across, bars upright */
	CHART_NARROW, /* 350 units across, bars lying, a row a year */
};

enum { CHART_YEARS_MAX = 60 };

/* One year, two bars. */
struct chart_year {
	struct str label; /* "2027-28" */
	int64_t baseline_pence;
	int64_t adjusted_pence;
	bool is_held_back;    /* the amounts are not shown, and the chart says so */
	bool has_no_baseline; /* that alone is held back */
};

/* All of it borrowed. Texts are escaped here. */
struct chart {
	struct str id;    /* unique in the page, letters and digits only */
	struct str title; /* these two are read out, not shown */
	struct str about;
	const struct chart_year *year;
	size_t count;
};

/*
 * Append the bars, baseline beside adjusted, year by year.
 *
 * ERR_INVALID  no year, or more than CHART_YEARS_MAX.
 * ERR_RANGE    an amount beyond plus or minus 10^17 pence.
 * What does not fit into `out` is seen by its buf_err.
 */
MUST_CHECK int chart_bars(struct buf *out, const struct chart *c, enum chart_form form);
