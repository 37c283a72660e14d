/*
 * Time acts by itself: requests whose next day has come are moved, and told of, on the
 * Europe/London day on which it comes, or as soon as a daemon is there again. Which they are is a
 * column (request.look_on), so that a look costs nothing while nothing is due.
 */
#pragma once

#include "sweep.h"

extern const struct sweep_work tick_work;

/* Somebody else acts for time from here on: the gauges say nothing any more. */
void tick_leave(void);
