/*
 * The change feed over HTTP: events after a position, waiting for them if asked to, and one
 * event by its id. What a reader sees of an event, it sees the same way in a webhook.
 */
#pragma once

#include "daemon/flow/flow.h"

/* Events of one page, at most and by default; and seconds that a reader may wait. */
enum { EVENT_LIMIT_MAX = 1000, EVENT_LIMIT = 100, EVENT_WAIT_MAX_S = 30 };

/* The state of flow_event_list: here because its route must know how large it is. */
struct event_flow {
	int64_t after, limit, wait_s;
	int64_t until_us;   /* monotonic: when waiting ends; 0 it does not wait */
	struct str types;   /* as they were sent, without blanks */
	struct str like;    /* the same as text[] of LIKE patterns */
	struct str subject; /* absent: all */
	/* Of a stream, monotonic: its beginning, its last look, its last word. */
	int64_t began_us, looked_us, spoke_us;
	int64_t told;   /* the last position that its client knows of */
	bool is_behind; /* there is more, as far as the last look knows */
};

/* A list, or to whom accepts text/event-stream alone a stream. */
extern const struct flow_step flow_event_list[];
extern const struct flow_step flow_event_show[];

/* For h_event*.c: read the query, ERR_QUERY with flaws; add the look at what follows e->after. */
MUST_CHECK int event_read(struct flow *f, struct event_flow *e);
void event_page_add(struct flow *f, const struct event_flow *e);
/* ERR_QUERY, with a flaw, for a position that the feed has not reached. */
MUST_CHECK int event_beyond(struct flow *f, const struct event_flow *e, int64_t head);
extern const struct flow_step flow_event_stream[];
