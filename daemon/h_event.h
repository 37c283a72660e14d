/*
 * The change feed over HTTP: events after a position, waiting for them if asked to, and one
 * event by its id. What a reader sees of an event, it sees the same way in a webhook.
 */
#pragma once

#include "flow.h"

/* Events of one page, at most and by default; and seconds that a reader may wait. */
enum { EVENT_LIMIT_MAX = 1000, EVENT_LIMIT = 100, EVENT_WAIT_MAX_S = 30 };

/* The state of flow_event_list: here because its route must know how large it is. */
struct event_flow {
	int64_t after, limit, wait_s;
	int64_t until_us;   /* monotonic: when waiting ends; 0 it does not wait */
	struct str types;   /* as they were sent, without blanks */
	struct str like;    /* the same as text[] of LIKE patterns */
	struct str subject; /* absent: all */
};

extern const struct flow_step flow_event_list[];
extern const struct flow_step flow_event_show[];
