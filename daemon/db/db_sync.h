/*
 * One plain connection for commands that run once and wait: `assetd admin-key` and the like.
 * The daemon itself never waits for the database; see db.h.
 */
#pragma once

#include "db.h"

/* One connection and the reply it gave last. */
struct db_sync;
struct pg_conn;

/*
 * Connect, for at most ten seconds an address. NULL on failure, a sentence of libpq's having
 * gone to standard error, and without memory.
 */
struct db_sync *db_sync_open(const char *conninfo);
/* Close, and free its last reply. Takes NULL. */
void db_sync_close(struct db_sync *s);
/* The connection itself, borrowed: for db_migrate.c alone. */
struct pg_conn *db_sync_conn(struct db_sync *s);

/*
 * Run a batch, as one transaction, and wait. The reply is borrowed until the next batch or
 * the close; the batch's arena must stay as long. What the server said goes to standard error.
 *
 * ERR_DB_AWAY  the connection was lost: done or not done, nobody knows
 * ERR_NOMEM, ERR_BUG, ERR_INVALID  it could not be filled (db_batch_add), nothing was sent
 * others       a statement was refused, by db_sqlstate.def: nothing was done
 */
MUST_CHECK int db_sync_run(struct db_sync *s, struct db_batch *b,
			   const struct db_reply **ret_reply);
