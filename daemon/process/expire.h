/*
 * Forgetting what has ended: Idempotency-Keys after 48 hours, sessions of pages.
 */
#pragma once

#include "libassets/base/base.h"

struct db_pool;

/* How often, and how many of each kind at one time, so that no turn is long. */
enum { EXPIRE_EVERY_MS = 5000, EXPIRE_MOST = 10000 };

/*
 * Drop up to EXPIRE_MOST of each, on a worker's pool; nobody waits for it. For the holder of
 * the feed's lease, every EXPIRE_EVERY_MS: two thousand keys a second are kept up with. On the
 * pool's thread. now_us: Unix microseconds.
 */
void expire_some(struct db_pool *p, int64_t now_us);
