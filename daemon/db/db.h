/*
 * Statements on their way to PostgreSQL and results on their way back.
 *
 * A batch is one pipeline segment that ends with one sync, and so one implicit
 * transaction: no BEGIN, no COMMIT. It begins with actor_set, which names who acts and when
 * for row policies and defaults. Any error undoes all of it. A batch is done only when its
 * sync has arrived with no error before it; who answers on a row before that, lies.
 *
 * Statements exist only as files in sql/queries; tools/sqlgen makes for each a struct of
 * its parameters, q_NAME_add(), and a reader of its rows. Each is prepared once a connection.
 *
 * What the server refuses becomes an error by db_sqlstate.def. Our SQL functions raise our
 * own errors as SQLSTATE 'AS' and the three digits of err.def: AS056 is ERR_BARRED.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/str.h"

struct loop;
struct db_pool;
struct db_batch;
struct db_reply;

/* A statement of sql/queries, as tools/sqlgen writes it; constants. */
struct db_statement {
	const char *name;
	const char *sql;
	int number; /* its place in the table of all */
	int param_count;
	const unsigned *param_type; /* type OIDs */
	uint64_t param_nullable;    /* bit n: parameter n may be absent */
	uint64_t param_raw;         /* bit n: parameter n is bytes, sent as they are and borrowed */
	int column_count;
};

extern const struct db_statement *const db_statement_table[]; /* every one there is */
extern const size_t db_statement_count;

/* Which connections a batch takes, and how long one statement of it may run. */
enum db_purpose {
	DB_READ,   /* statement_timeout 2 s */
	DB_WRITE,  /* 10 s; asks by key: its statements are planned once a connection */
	DB_REPORT, /* 30 s, connections of its own so that it holds up nobody */
	DB_BULK,   /* 4 min, on the same: thousands of assets in one transaction */
};

/* Who acts and when; the first statement of every batch. */
struct db_actor {
	struct str principal_id; /* empty or absent: anonymous */
	struct str key_id;       /* the same: without a key */
	struct str request_id;   /* goes into every change that the batch writes */
	struct str trace;        /* the same: a trace context, empty or absent for none */
	int64_t now_us;          /* Unix microseconds: what SQL takes for now, and for today */
};

/*
 * A new batch whose memory is `arena`, which must stay until it is done. It holds actor_set
 * already. NULL without memory. Nothing is sent before db_pool_send. One thread at a time.
 */
struct db_batch *db_batch_new(struct arena *arena, enum db_purpose purpose,
			      const struct db_actor *actor);

/* A batch that takes everything and may not be sent: for who must hold one and has no memory. */
struct db_batch *db_batch_none(void);

/*
 * Add a statement; parameters are texts, copied, absent ones NULL, or `bytes`, borrowed until the
 * batch has ended. A failure (no memory, over 64 statements, a NUL in a text, one absent that may
 * not be) is kept and shown by the send. For q_NAME_add.
 */
void db_batch_add(struct db_batch *b, const struct db_statement *s, const struct str *param);

/*
 * How many statements the batch has after actor_set: the index of the next one in the reply.
 * One that was refused for want of memory is not counted; the send then fails.
 */
int db_batch_count(const struct db_batch *b);
/*
 * Move the statement added last to the front, behind actor_set and those hidden before, where
 * it runs first and is not counted: a reader finds it at -1, one hidden before it at -2. For
 * the engine's own, which handlers need not know of.
 */
void db_batch_hide(struct db_batch *b);

/* Numbers and claims as parameters: for the code that tools/sqlgen makes. Absent without room. */
struct str db_param_i64(struct db_batch *b, int64_t value);
struct str db_param_bool(bool value);

/*
 * A list of texts in the form of PostgreSQL's text[], in the arena; absent without memory.
 * Example: a, "b", NULL element never: {"a","\"b\""}.
 */
struct str db_text_array(struct arena *a, const struct str *item, size_t n);

/* Bytes as PostgreSQL writes and reads bytea: "\\x", two digits a byte, NUL. */
#define DB_BYTEA_TEXT(n) (2 * (n) + 3)
void db_bytea(const unsigned char *bytes, size_t n, char *ret_text);

/*
 * Called once on the pool's thread, never before db_pool_send has returned. err is 0, or:
 * ERR_DB_AWAY   not sent, or (reply->is_unknown) sent and the connection lost before the sync
 * ERR_BUSY      the queue is full          ERR_DEADLINE  no answer in time
 * ERR_DUPLICATE, ERR_CONFLICT, ERR_INVALID, ERR_BARRED …  a statement failed: see db_reply_fault
 * reply is borrowed for the call.
 */
typedef void db_done_fn(void *arg, int err, const struct db_reply *reply);

/*
 * Send, or queue: on the pool's thread. The batch lives in its arena, which must stay until
 * the call back; whoever no longer cares for the answer still waits for it. `done` is called
 * whatever happens, in the end by db_pool_free.
 */
void db_pool_send(struct db_pool *p, struct db_batch *b, db_done_fn *done, void *arg);

/* Rows and columns of the n-th statement after actor_set; 0 of one that is not there. */
int db_rows(const struct db_reply *r, int statement);
int db_columns(const struct db_reply *r, int statement);
/* One value as text, absent for NULL and for what is not there; borrowed from the reply. */
struct str db_value(const struct db_reply *r, int statement, int row, int column);

/* What the server refused. Texts are borrowed from the reply. */
struct db_fault {
	int statement;         /* which one failed; below 0: none, or one that is hidden */
	struct str sqlstate;   /* five characters, absent when it was not the server that refused */
	struct str constraint; /* name of the constraint, absent if none */
};
struct db_fault db_reply_fault(const struct db_reply *r);
/* It was sent and its sync never came: the transaction may have been committed or not. */
bool db_reply_is_unknown(const struct db_reply *r);

/* Forget PG* in the environment: settings alone say where it is. Once, before any thread. */
void db_clear_environment(void);

/*
 * A pool on a loop's thread: `connections` for reads and writes, one more for reports. NULL
 * without memory. It begins to connect at once, and again whenever a connection is lost.
 * conninfo: a libpq connection string; copied. preparing: all before the first batch, since
 * somebody waits; or each with it, as reports always: all take the server 70 ms, and memory.
 * db_pool_free is for the loop's thread; what still waits is called back with ERR_DB_AWAY,
 * its outcome unknown where it had been sent. Takes NULL.
 */
enum db_preparing { DB_PREPARE_ALL, DB_PREPARE_SENT };
struct db_pool *db_pool_new(struct loop *l, const char *conninfo, int connections,
			    enum db_preparing preparing);
void db_pool_free(struct db_pool *p);
/* True while the server has let in a connection of any pool of the process. From any thread. */
bool db_is_there(void);
/* True if a connection answered within the last second: for /readyz, on the pool's thread. */
bool db_pool_is_up(const struct db_pool *p);
