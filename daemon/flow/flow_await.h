/*
 * Waiting for what has been written to be there to be read: min_event of any GET, and the
 * feed's own readers. And for nothing but the time.
 */
#pragma once

#include "flow.h"

/*
 * Let the feed's thread hold the request until the feed has passed `after`, or wait_ms is
 * over: the next step runs then, whichever it was. Only where the process has a feed.
 */
enum step_result flow_await_feed(struct flow *f, int64_t after, int wait_ms);

/*
 * Steps before the route's own: go on once the event named by min_event can be read, with all
 * that was written with it, and stands in the feed where that is what is read (ROUTE_FEED).
 * ERR_NOT_READY  not within two seconds.
 */
extern const struct flow_step flow_await_event[];

/* Does the request name one, which the route does not wait for by itself? */
bool flow_names_event(struct flow *f);

/* The next step comes after so long. ERR_NOMEM */
MUST_CHECK int flow_pause(struct flow *f, int ms);
