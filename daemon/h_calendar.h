/*
 * The deadlines of a request as iCalendar.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_request_calendar[];
