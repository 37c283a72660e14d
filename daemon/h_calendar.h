/*
 * The deadlines of a request as iCalendar (RFC 5545): GET of …/deadlines.ics, for Outlook and
 * phones to subscribe to. What it shows is what the request's JSON shows.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_request_calendar[];
