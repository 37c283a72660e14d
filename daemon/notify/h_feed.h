/*
 * What happens to what one follows, for programs that come and look: Atom (RFC 4287) and JSON Feed
 * 1.1 of its newest changes, iCalendar (RFC 5545) of its dates. The query is a scope (scope.h).
 */
#pragma once

#include "daemon/flow/flow.h"

#define FEED_ATOM "application/atom+xml; charset=utf-8"
#define FEED_JSON "application/feed+json"
#define FEED_ICAL "text/calendar; charset=utf-8"

extern const struct flow_step flow_feed[];
