/*
 * Dates that move because the calendars did: the deadlines of requests that were counted by a
 * former version are worked out anew, and each day that moves is told.
 */
#pragma once

#include "sweep.h"

extern const struct sweep_work recount_work;
