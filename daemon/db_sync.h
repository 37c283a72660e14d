/*
 * One plain connection for commands that run once and wait: `assetd admin-key` and the like.
 * The daemon itself never waits for the database; see db.h.
 */
#pragma once

#include "db.h"

struct db_sync;
struct pg_conn;

/*
 * Connect. On failure a sentence of libpq's goes to standard error. NULL then.
 */
struct db_sync *db_sync_open(const char *conninfo);
void db_sync_close(struct db_sync *s);
struct pg_conn *db_sync_conn(struct db_sync *s);

/*
 * Run a batch, as one transaction, and wait. The reply is borrowed until the next batch or
 * the close. 0 or as db_done_fn; what the server said goes to standard error.
 */
MUST_CHECK int db_sync_run(struct db_sync *s, struct db_batch *b,
			   const struct db_reply **ret_reply);
