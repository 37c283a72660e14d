/*
 * Dates that move because the calendars did: the deadlines of requests that were counted by a
 * former version are worked out anew, and each day that moves is told.
 */
#pragma once

#include "libassets/base.h"

struct db_pool;

/* How often there is a look; requests taken at one. */
enum { RECOUNT_EVERY_MS = 1000, RECOUNT_MOST = 8 };

/* What goes on between two looks; zeroed before the first. */
struct recount {
	bool is_busy;
};

/*
 * Work out the next few requests, on a worker's pool; nobody waits for it. For the holder of the
 * feed's lease. On the pool's thread. now_us: Unix microseconds. `it` must outlive the pool.
 */
void recount_some(struct recount *it, struct db_pool *p, int64_t now_us);
