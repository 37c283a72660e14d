/*
 * A forecast by financial year on a page: bars of baseline and adjusted, and where it was simulated
 * the fan of its percentiles, each with a table. Of the live forecast (p_forecast.c) and of one
 * that was frozen (p_run.c).
 */
#pragma once

#include "page.h"

/*
 * Put what pages/years.mustache and pages/spread.mustache show.
 * answer: of GET /v1/projections/receipts by year; gains labels, and years at its end in which
 * nothing is expected or budgeted leave it. Its parts are shared with the page.
 */
void years_put(struct page *p, json_t *answer);

/* Of an item: is it a year, neither what came in nor what comes later? */
bool years_is_year(const json_t *item);
/* Net pence of "baseline" or "adjusted"; 0 where they are held back. */
int64_t years_net(const json_t *item, const char *track);
