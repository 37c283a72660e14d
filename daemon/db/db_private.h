/*
 * What the files db_*.c share, and nobody else: a batch from the inside, a connection, and
 * how a connection tells its pool. Everything runs on the pool's thread.
 *
 *	db_batch.c   building a batch          db_conn.c  one connection: connect, prepare, pipeline
 *	db_result.c  reading what came back    db_pool.c  queues, deadlines, reconnecting
 *	db_gather.c  many askers, one batch
 */
#pragma once

#include <sys/queue.h>

#include "db.h"

struct event;
struct event_base;
struct pg_conn;
struct pg_result;

enum {
	DB_STATEMENT_MAX = 64, /* of one batch, after actor_set */
	DB_DEPTH_MAX = 16,     /* batches under way on one connection */
	DB_QUEUE_MAX = 256,    /* batches waiting, for each connection */
};

/* One statement of a batch, with its parameters. */
struct db_call {
	const struct db_statement *statement;
	const char **value; /* NUL-terminated texts in the arena, NULL for absent */
	int *length;        /* of those that are bytes; NULL when none is */
	int *format;        /* 1 for those */
};

/* What came back of a batch. Owns its results until db_reply_clear. */
struct db_reply {
	struct pg_result *result[1 + DB_STATEMENT_MAX]; /* in order, actor_set first */
	int got;                                        /* how many statements have answered */
	int hidden;              /* the first so many are not counted by those who read */
	struct pg_result *fault; /* the first that was refused */
	int fault_at;            /* its index, actor_set is 0 */
	bool is_unknown;         /* sent, and its sync never came */
	bool is_window;          /* of all rows, readers see these alone: gathered reads */
	int window_row, window_rows;
};

struct db_batch {
	TAILQ_ENTRY(db_batch) link; /* of the queue, a connection's `sent`, or the pool's `over` */
	struct arena *arena;
	enum db_purpose purpose;
	int err; /* why it cannot be sent, or how it ended */
	int call_count;
	struct db_call call[1 + DB_STATEMENT_MAX];
	db_done_fn *done;
	void *arg;
	int64_t queued_us; /* monotonic; 0: from the send */
	bool is_sent;      /* its sync was given to libpq */
	int agains;        /* how often its plan turned out stale */
	int preparing; /* results that come before its own: statements that its connection had not
			  prepared, and their sync */
	struct db_reply reply;
};
TAILQ_HEAD(db_batch_list, db_batch);

/* Milliseconds: for one statement at the server; for the batch, its wait in the queue included. */
int db_statement_timeout_ms(enum db_purpose purpose);
int db_deadline_ms(enum db_purpose purpose);

/* Free results; the reply is as new. */
void db_reply_clear(struct db_reply *r);
/* The error that a complete reply stands for: 0 or by db_sqlstate.def. */
int db_reply_err(const struct db_reply *r);

/* Where a connection stands; db_conn.c alone moves it. */
enum db_conn_state {
	DB_CONN_AWAY,       /* no connection; perhaps a timer until the next try */
	DB_CONN_CONNECTING, /* PQconnectPoll under way */
	DB_CONN_PREPARING,  /* statements sent, their sync not yet back */
	DB_CONN_UP,         /* takes batches */
	DB_CONN_LEAVING,    /* takes none; closed when the last has answered */
};

struct db_conn {
	struct db_pool *pool;
	int number; /* within the pool; those from `connections` on are for reports */
	enum db_conn_state state;
	bool is_broken; /* to be closed as soon as nobody works on it */
	struct pg_conn *pg;
	struct event *readable;
	struct event *writable;
	struct event *timer; /* the end of patience with connecting, or of a broken connection */
	struct db_batch_list sent;
	int sent_count;
	int64_t head_us; /* since when the first of `sent` is the first, monotonic */
	enum db_preparing preparing;
	int prepared;    /* statements answered while preparing */
	bool *asked;     /* by number, with DB_PREPARE_SENT: sent to be prepared */
	bool is_let_in;  /* connected: it prepares, or has */
	bool is_trying;  /* the pool's: counted among those that connect */
	bool was_of_use; /* has answered a batch since it came up */
};

/* A connection that is away and belongs to the pool; nothing is done yet. */
void db_conn_init(struct db_conn *c, struct db_pool *p, int number, enum db_preparing preparing);
/* Begin to connect. Ends in db_pool_conn_up or db_pool_conn_lost, never before it returns. */
void db_conn_start(struct db_conn *c, struct event_base *base, const char *conninfo);
/* Send a batch with its sync; only when UP. A failure closes the connection a moment later. */
void db_conn_send(struct db_conn *c, struct db_batch *b);
/* Break it when what is first under way has had db_deadline_ms() to answer. */
void db_conn_check(struct db_conn *c, int64_t now_us);
/* Close. What was sent is over with ERR_DB_AWAY, its outcome perhaps unknown. */
void db_conn_close(struct db_conn *c);
/* db_conn_close, and no more: frees what it holds. */
void db_conn_done(struct db_conn *c);

/*
 * From the connection to its pool: it is up, it is closed, it takes one more batch; a batch is
 * over (calls back, which may free it) or is to be sent again, on whichever connection is next.
 */
void db_pool_conn_up(struct db_conn *c);
void db_pool_conn_lost(struct db_conn *c);
void db_pool_conn_idle(struct db_conn *c);
void db_pool_batch_over(struct db_pool *p, struct db_batch *b, int err);
void db_pool_batch_again(struct db_pool *p, struct db_batch *b);
int db_pool_width(const struct db_pool *p); /* how many connections it may have */

/*
 * Those who ask by key (db_gather.h). db_gather_add begins, or ends at once with `err`;
 * db_gather_check ends with `err` those who have waited so long without being sent; db_gather_free
 * all who wait, when none of their batches is under way any more and db_gather_add only refuses.
 */
struct db_gather;
struct db_want;
struct db_gather *db_gather_new(struct db_pool *p, struct event_base *base, int waiting_max);
void db_gather_free(struct db_gather *g);
void db_gather_add(struct db_gather *g, struct db_want *w, int err);
void db_gather_check(struct db_gather *g, int64_t now_us, int patience_ms, int err);
bool db_gather_has_waiting(const struct db_gather *g);
