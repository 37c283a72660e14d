/*
 * The deadlines of a request as iCalendar (RFC 5545): GET of …/deadlines.ics, for Outlook and
 * phones to subscribe to. What it shows is what the request's JSON shows.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_request_calendar[];

/* A request as its dates are put into a calendar. */
struct calendar_request {
	struct str id, reference, stamp;
	struct str
		land; /* beside requests of others, whose references may be the same; else absent */
	int32_t version;
	struct str deadlines; /* as its item has them */
	const char *base_url; /* of the page that a date leads to; "" for none */
};

/* Append its dates; for whoever begins and ends the calendar. */
void calendar_put(struct arena *a, const struct calendar_request *r, struct buf *out);
