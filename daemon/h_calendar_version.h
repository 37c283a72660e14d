/*
 * Versions of the calendars: load a list of bank holidays or switch an instrument, see which
 * running dates that would move, apply it. For operators; everybody reads those applied.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_calendar_add[];
extern const struct flow_step flow_calendar_apply[];
