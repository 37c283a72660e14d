/*
 * The clocks of a request as bars along time: each from the day that began it to its last day, and
 * a line where today is. As chart.h has it: two forms, the same bytes for the same days, words for
 * those who do not see it, and a table beside it.
 */
#pragma once

#include "chart.h"
#include "libassets/base/day.h"

/* As many as a request has deadlines. */
enum { CLOCKS_MAX = 64 };

struct clock_bar {
	struct str name;
	struct str state; /* in words, behind the name: colour alone says nothing */
	struct day from, to;
	enum { CLOCK_RUNS, CLOCK_MET, CLOCK_MISSED, CLOCK_OVER } kind;
};

/* All of it borrowed. Texts are escaped here. */
struct chart_clocks {
	struct str id;    /* unique in the page, letters and digits only */
	struct str title; /* these two are read out, not shown */
	struct str about;
	struct day today;
	const struct clock_bar *clock; /* in the order in which they are to stand */
	size_t count;
};

/*
 * Append it.
 * ERR_INVALID  no clock, or more than CLOCKS_MAX; one that ends before it begins.
 * What does not fit into `out` is seen by its buf_err.
 */
MUST_CHECK int chart_clocks(struct buf *out, const struct chart_clocks *c, enum chart_form form);
