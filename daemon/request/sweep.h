/*
 * Work that is done for requests one by one, a few at each look: those that time moves (tick.h),
 * and those that other calendars do (recount.h).
 *
 * Each request is worked out and stored in a batch of its own: one that somebody moves meanwhile
 * is refused by its version and comes again at the next look, and one that cannot be worked out
 * is noted with the day's next try (table request_trouble), so that it holds up nobody and is not
 * tried every second. On the thread of the feed, for the holder of its lease; two that look at
 * once do no harm, since the version lets one of them through.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/day.h"
#include "libassets/base/str.h"

struct db_batch;
struct db_pool;
struct db_reply;
struct sweep;

/* Requests taken at one look, and how soon the next comes: sooner after a full one. */
enum { SWEEP_MOST = 8, SWEEP_EVERY_MS = 1000, SWEEP_FULL_MS = 50 };

/* One request being worked out; its memory goes with its batch. */
struct sweep_item {
	struct arena *arena;
	struct db_batch *batch;
	int64_t now_us;
	int days_ahead;
	/* Filled in by the work: whose, and at which version. */
	struct str id;
	int32_t version;
};

/* What differs between two kinds of work: a constant. */
struct sweep_work {
	const char *name;  /* "TICK", as request_trouble has it */
	const char *about; /* for the log: "time could not act" */
	/* Add the statements of a look; the first one gives the requests. */
	void (*ask)(struct db_batch *b, int most);
	/* What the look said besides; NULL: nothing. */
	void (*read)(const struct db_reply *reply, int64_t now_us);
	/* Before the first look of a London day, and of another number of days ahead than before:
	 * what goes with neither request nor look. NULL: nothing. */
	void (*heed)(struct sweep_item *it);
	int (*count)(const struct db_reply *reply);
	/* Work out the i-th request of the look into it->batch. 0 or ERR_… */
	int (*run)(struct sweep_item *it, const struct db_reply *reply, int i);
};

/* What goes on between two looks; zeroed but for `work` and `days_ahead` before the first. */
struct sweep {
	const struct sweep_work *work;
	int days_ahead;       /* [deadlines] approaching_days; may be set anew between two looks */
	int heeded;           /* what the requests' next looks are known to heed; 0: nothing yet */
	struct day heeded_on; /* the London day on which that was */
	int64_t heed_us;      /* monotonic: not before, after a failure */
	bool is_busy;
	int64_t due_us; /* monotonic: the next look */
};

/* A look, if one is due; nobody waits for it. On the pool's thread. `s` must outlive the pool. */
void sweep_look(struct sweep *s, struct db_pool *p, int64_t now_us);
