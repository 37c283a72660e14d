/*
 * The change feed over HTTP: events after a position, waiting for them if asked to, and one
 * event by its id. What a reader sees of an event, it sees the same way in a webhook.
 */
#pragma once

#include "flow.h"

enum { EVENT_LIMIT_MAX = 1000, EVENT_LIMIT = 100, EVENT_WAIT_MAX_S = 30 };

struct event_flow {
	int64_t after, limit, wait_s;
	int64_t until_us; /* monotonic: when waiting ends; 0 it does not wait */
	struct str types; /* as they were sent, without blanks */
	struct str like;  /* the same as text[] of LIKE patterns */
	struct str subject;
};

extern const struct flow_step flow_event_list[];
extern const struct flow_step flow_event_show[];
