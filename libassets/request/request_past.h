/*
 * What a request was on a day that has gone by, as its ledger says now: after a correction, or an
 * act that was recorded late, that is not what was known on that day.
 */
#pragma once

#include "request.h"

/* Of a longer ledger only the newest days are told. */
enum { REQUEST_DAYS_MAX = 64 };

/*
 * The days from `since` on, before `today`, from which on something of the request was otherwise,
 * in their order; `since` itself is the first where the request was there by then. Returns how
 * many.
 */
size_t request_past_days(const struct request *r, struct day since, struct day today,
			 struct day ret_day[REQUEST_DAYS_MAX]);

/*
 * The request as it was at the end of that day: state, level and the days of both, validation,
 * acknowledgement, bar, what was allowed, and a ledger from which its clocks follow. What no entry
 * dates (items, flags, prices, reasons) is as it stands. False: it was not there yet.
 */
bool request_past(const struct request *r, struct day on, struct arena *a,
		  struct request *ret_request);
