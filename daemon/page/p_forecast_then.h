/*
 * The forecast of a day: which frozen forecast is shown for it.
 */
#pragma once

#include "p_as_at.h"

/*
 * Answer with the newest frozen forecast of the day or before that the reader may read, as it was
 * known then or before; else with a page that says that there is none, or for whom they are.
 */
enum step_result forecast_then(struct flow *f, const struct as_at *at);

/* Put the date box of a page of the forecast, which goes on with what the address chooses. */
void forecast_then_put(struct page *p, const struct as_at *at);
