/*
 * What time does to a request, on its way into the database: each move with its entry of the
 * ledger and its event, each reminder with its event. Shared by acts, before and after which
 * time has passed, and by the tick, which acts for time alone.
 *
 * On the thread of the batch; everything made here lives in the arena.
 */
#pragma once

#include "libassets/request/request_time.h"

struct db_batch;

/* Other assets that a bar is shown on: parts, wholes, confirmed pairs. */
enum { PASSING_OTHERS_MAX = 1000 };

/* A request that is being stored in one batch, version after version. */
struct passing {
	struct db_batch *batch;
	struct arena *arena;
	int64_t now_us;
	struct day today;
	int days_ahead; /* [deadlines] approaching_days */
	int32_t stale;  /* what its version no longer there means, as SQL takes it */
	struct str id, authority_id;
	struct str asset_id;    /* absent: of land that is not listed */
	int64_t other_assets;   /* that overlap it, and show a bar on it */
	int64_t rivals;         /* live requests on overlapping land, as they were seen */
	struct str calendar_id; /* of the request's calendars; absent: the rules alone */
	int32_t version;        /* as far as this batch has moved it */
	struct str deadlines;   /* the same, as JSON: what has ended is kept as it was explained */
};

/*
 * Add what time does to the request before `until`, one thing after another, as far as the batch
 * has room: the rest is then due still, and the tick's.
 * ERR_NOMEM   ERR_BUG  the engine names an event that is none
 */
MUST_CHECK int passing_until(struct passing *p, struct request *r,
			     const struct request_until *until);

/* The deadlines of the request as it is now become p->deadlines. Absent without memory. */
void passing_deadlines(struct passing *p, const struct request *r);
/*
 * What is known of the request's days from `since` on, before today, follows its ledger as it is
 * now: after a correction, or an act of before. Behind the statement that stores the request.
 * ERR_LIMIT   there is more of it than one statement takes     ERR_NOMEM
 */
MUST_CHECK int passing_past(struct passing *p, const struct request *r, struct day since);
/* The day of the next look at it, as a parameter; absent: never. */
struct str passing_look_on(const struct passing *p, const struct request *r);

/* What a change keeps of a request: its fields, not ledger and reminders, which have their own
 * rows. Absent without memory. */
struct str passing_kept(const struct passing *p, const struct request *r);

/* The asset, and all that overlaps it, show whether it is barred: where that has changed, they
 * move. Who competed with a request that ends does so no more. */
void passing_asset(struct passing *p, const struct request *before, const struct request *after);
