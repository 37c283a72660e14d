/*
 * Percentiles of many amounts without sorting them all.
 */
#pragma once

#include "simulation.h"

/*
 * n at least 1. pence: in any order; the order is lost.    room: for n amounts.
 * Percentile k is element ceil(k n / 100) of the sorted amounts, the mean rounded half away from
 * zero; both exact.
 */
struct simulation_spread simulation_spread_of(int64_t *pence, uint32_t n, int64_t *room);
