/*
 * The page of one frozen forecast (p_run.c), also where the forecast of a day leads to it
 * (p_forecast_then.c).
 */
#pragma once

#include "p_as_at.h"

/* What figures are narrowed to; of p_run.c. */
struct run_dimension;

struct run_flow {
	struct str id, scenario;
	const struct run_dimension *filter; /* NULL: all together */
	struct str key;
	const struct run_dimension *walked; /* NULL: the first of every dimension */
	int32_t place;                      /* of the first that is shown of it */
	bool is_own;      /* nothing was chosen: of who reads one body's money that body's */
	struct str whole; /* the answer of all, whose groups that page shows; absent otherwise */
	/* Where a day was asked for: that day, and of which day the run is, known on which. */
	struct as_at at;
	struct str of_on, known_on;
};

/* Read from the query what is shown of a run. ERR_QUERY, with a detail; ERR_NOMEM */
MUST_CHECK int run_choose(struct flow *f, struct run_flow *s);
/* The filter as figures of runs are kept by; absent without memory. */
struct str run_filter(struct flow *f, const struct run_flow *s);

/* Ask for the run of f->state, which is a run_flow, and answer with its page. */
enum step_result run_show(struct flow *f);
