/*
 * One connection in pipeline mode on the loop: connect, prepare every statement (or none yet), then
 * batches one behind the other, each with a sync of its own.
 *
 * States are rows of enum db_conn_state; conn_enter() is the only door. libpq is driven as
 * its manual says for non-blocking pipelines: on readable PQconsumeInput, then results while
 * not PQisBusy; PQflush until 0, and while it says 1 both directions are watched. A NULL
 * ends a statement's results, PGRES_PIPELINE_SYNC ends a batch. Whatever libpq does that we
 * do not expect breaks the connection: its state is then nobody's guess.
 *
 * A broken connection is closed by on_timer(), never while a result is looked at: the call
 * back of a batch may have sent another one here.
 */
#include <assert.h>
#include <event2/event.h>
#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/base/log.h"
#include "db_error.h"
#include "db_private.h"
#include "libassets/base/err.h"

enum {
	PATIENCE_MS = 5000,   /* for connecting, then between two that are prepared */
	PREPARE_AT_ONCE = 64, /* statements; their tables stay locked until the last is through */
	NULLS_MAX = 3,        /* in a row; libpq gives one between two statements */
};

/* The server's own safety net; actor_set sets a batch's statement_timeout. */
static const char session_options[] =
	"-c statement_timeout=30s -c lock_timeout=500ms -c idle_in_transaction_session_timeout=10s "
	"-c client_connection_check_interval=2s -c jit=off -c DateStyle=ISO,YMD -c TimeZone=UTC "
	"-c bytea_output=hex -c standard_conforming_strings=on";

/* Connections that the server has let in, in the whole daemon. */
static _Atomic int let_in;

bool db_is_there(void)
{
	return atomic_load(&let_in) > 0;
}

static void conn_timer(struct db_conn *c, int ms)
{
	struct timeval wait = {ms / 1000, ms % 1000 * 1000};

	evtimer_add(c->timer, &wait);
}

/* From here on nothing is sent or taken; on_timer closes at the next turn of the loop. */
static void conn_break(struct db_conn *c, const char *why)
{
	if (c->is_broken)
		return;
	c->is_broken = true;
	if (c->state == DB_CONN_CONNECTING)
		log_warn("cannot connect to the database", F_Z("why", why),
			 F_TEXT("libpq", str_trim(str_of(PQerrorMessage(c->pg)))));
	else
		log_warn("database connection lost", F_INT("number", c->number), F_Z("why", why),
			 F_INT("under_way", c->sent_count));
	event_active(c->timer, EV_TIMEOUT, 0);
}

/* What a fault point said: its error is a lost connection. */
static void conn_fault(struct db_conn *c, int point)
{
	if (point < 0)
		conn_break(c, "fault point");
}

static void conn_unwatch(struct db_conn *c)
{
	if (c->readable)
		event_free(TAKE(c->readable));
	if (c->writable)
		event_free(TAKE(c->writable));
}

static void fail_sent(struct db_conn *c)
{
	struct db_batch *b;

	while ((b = TAILQ_FIRST(&c->sent))) {
		TAILQ_REMOVE(&c->sent, b, link);
		c->sent_count--;
		/* Without its sync, or once refused, a batch is surely undone. */
		b->reply.is_unknown = b->is_sent && !b->reply.fault;
		db_pool_batch_over(c->pool, b, ERR_DB_AWAY);
	}
}

void db_conn_close(struct db_conn *c)
{
	conn_unwatch(c);
	if (c->timer)
		evtimer_del(c->timer);
	PQfinish(TAKE(c->pg));
	if (c->is_let_in)
		atomic_fetch_sub(&let_in, 1);
	c->is_let_in = false;
	c->state = DB_CONN_AWAY;
	c->is_broken = false;
	fail_sent(c);
}

void db_conn_check(struct db_conn *c, int64_t now_us)
{
	struct db_batch *b = TAILQ_FIRST(&c->sent);

	if (b && now_us - c->head_us > (int64_t)db_deadline_ms(b->purpose) * 1000)
		conn_break(c, "no answer in time");
}

void db_conn_init(struct db_conn *c, struct db_pool *p, int number, enum db_preparing preparing)
{
	c->pool = p;
	c->preparing = preparing;
	c->number = number;
	TAILQ_INIT(&c->sent);
}

void db_conn_done(struct db_conn *c)
{
	db_conn_close(c);
	if (c->timer)
		event_free(TAKE(c->timer));
	free(TAKE(c->asked));
}

static void ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res; /* may hold what people wrote; our statements raise no notices worth reading */
}

/* Send what is waiting in libpq's buffer; watch for room while it does not all go. */
static void conn_flush(struct db_conn *c)
{
	int r = PQflush(c->pg);

	if (r < 0)
		conn_break(c, "cannot send");
	else if (r > 0)
		event_add(c->writable, NULL);
}

/* How many statements it prepares before it is up. */
static size_t to_prepare(const struct db_conn *c)
{
	return c->preparing == DB_PREPARE_ALL ? db_statement_count : 0;
}

static bool send_prepare(struct db_conn *c, const struct db_statement *s)
{
	return PQsendPrepare(c->pg, s->name, s->sql, s->param_count, s->param_type);
}

/*
 * The next ones, in a round trip together. Not all of them: whoever wants a table for himself waits
 * until the sync, and everybody else behind him.
 */
static bool send_prepares(struct db_conn *c)
{
	size_t from = (size_t)c->prepared;

	for (size_t i = from; i < to_prepare(c) && i < from + PREPARE_AT_ONCE; i++) {
		if (!send_prepare(c, db_statement_table[i]))
			return false;
	}
	return PQpipelineSync(c->pg);
}

static void conn_prepare(struct db_conn *c)
{
	c->state = DB_CONN_PREPARING;
	c->is_let_in = true;
	atomic_fetch_add(&let_in, 1);
	c->prepared = 0;
	if (PQsetnonblocking(c->pg, 1) < 0 || !PQenterPipelineMode(c->pg) || !send_prepares(c))
		conn_break(c, "cannot prepare");
	else
		conn_flush(c);
}

static void conn_prepared(struct db_conn *c)
{
	evtimer_del(c->timer);
	c->state = DB_CONN_UP;
	conn_fault(c, FAULT_POINT(DB_PREPARED));
	db_pool_conn_up(c);
}

static bool is_lock_awaited(const PGresult *res)
{
	const char *sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return sqlstate && strcmp(sqlstate, "55P03") == 0;
}

/* name: NULL where it is one of several. */
static void prepare_refused(struct db_conn *c, const PGresult *res, const char *name)
{
	log_error("statement does not fit the schema; run assetd migrate",
		  F_Z("statement", name ? name : "?"),
		  F_Z("why", PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY)));
	conn_break(c, "statements do not fit the schema");
}

/*
 * After the first that does not fit the server aborts the others, which is no news. One whose table
 * somebody else has for himself is sent again with them: those before it stay prepared.
 */
static void prepare_took(struct db_conn *c, PGresult *res)
{
	switch ((int)PQresultStatus(res)) {
	case PGRES_COMMAND_OK:
		c->prepared++;
		conn_timer(c, PATIENCE_MS);
		return;
	case PGRES_PIPELINE_SYNC:
		if ((size_t)c->prepared == to_prepare(c))
			conn_prepared(c);
		else if (!send_prepares(c))
			conn_break(c, "cannot prepare");
		return;
	case PGRES_PIPELINE_ABORTED:
		return;
	default:
		if (is_lock_awaited(res))
			return;
		prepare_refused(c, res,
				(size_t)c->prepared < to_prepare(c)
					? db_statement_table[c->prepared]->name
					: NULL);
	}
}

/*
 * What comes before a batch's own results. Where a table is somebody else's for too long, the batch
 * finds its statement missing, which is as a stale plan: it goes once more on a new connection.
 */
static void missing_took(struct db_conn *c, struct db_batch *b, const PGresult *res)
{
	switch ((int)PQresultStatus(res)) {
	case PGRES_COMMAND_OK:
	case PGRES_PIPELINE_SYNC:
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		if (!is_lock_awaited(res))
			prepare_refused(c, res, NULL);
	}
	b->preparing--;
}

/*
 * The sync is here: the batch is committed, or surely undone. One whose statements were
 * prepared for a schema that is gone did nothing, and goes once more on a new connection.
 */
static void batch_synced(struct db_conn *c, struct db_batch *b)
{
	int err = db_reply_err(&b->reply);

	TAILQ_REMOVE(&c->sent, b, link);
	c->sent_count--;
	c->head_us = clock_mono_us();
	c->was_of_use = true;
	conn_fault(c, FAULT_POINT(DB_AFTER_SYNC));
	/* Each of the pool's connections may be as old as this one, and then a new one is not. */
	if (err && b->agains < db_pool_width(c->pool) &&
	    db_error_is_stale_plan(db_reply_fault(&b->reply).sqlstate)) {
		c->state = DB_CONN_LEAVING;
		db_pool_batch_again(c->pool, b);
		return;
	}
	db_pool_batch_over(c->pool, b, err);
}

static void batch_took(struct db_conn *c, struct db_batch *b, PGresult *res)
{
	struct db_reply *r = &b->reply;

	switch ((int)PQresultStatus(res)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		break;
	case PGRES_FATAL_ERROR:
		if (!PQresultErrorField(res, PG_DIAG_SQLSTATE)) {
			PQclear(res);
			conn_break(c, "libpq gave up");
			return;
		}
		if (!r->fault) {
			r->fault_at = r->got;
			r->fault = res;
			res = NULL;
		}
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	case PGRES_PIPELINE_SYNC:
		PQclear(res);
		batch_synced(c, b);
		return;
	default:
		PQclear(res);
		conn_break(c, "unexpected result");
		return;
	}
	if (r->got == b->call_count) {
		/* The commit was refused: rules that wait for the end of all. */
		if (!res)
			return;
		PQclear(res);
		conn_break(c, "more results than statements");
		return;
	}
	r->result[r->got++] = res;
	conn_fault(c, r->got < b->call_count ? FAULT_POINT(DB_AFTER_RESULT)
					     : FAULT_POINT(DB_BEFORE_SYNC));
}

/* Take the results that are there. */
static void conn_take(struct db_conn *c)
{
	int nulls = 0;

	while (!c->is_broken && (c->state == DB_CONN_PREPARING || c->sent_count) &&
	       !PQisBusy(c->pg)) {
		PGresult *res = PQgetResult(c->pg);

		if (!res) {
			if (++nulls == NULLS_MAX)
				conn_break(c, "libpq lost count");
			continue;
		}
		nulls = 0;
		if (c->state == DB_CONN_PREPARING) {
			prepare_took(c, res);
			PQclear(res);
		} else if (TAILQ_FIRST(&c->sent)->preparing) {
			missing_took(c, TAILQ_FIRST(&c->sent), res);
			PQclear(res);
		} else {
			batch_took(c, TAILQ_FIRST(&c->sent), res);
		}
	}
}

/* After work on it: leave when told to, drop what is not idle, else ask for more. */
static void conn_settle(struct db_conn *c)
{
	if (c->is_broken || c->sent_count)
		return;
	if (c->state == DB_CONN_LEAVING)
		conn_break(c, "prepared for an older schema");
	else if (c->state == DB_CONN_UP && PQtransactionStatus(c->pg) != PQTRANS_IDLE)
		conn_break(c, "a transaction stayed open");
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *c = arg;
	bool is_there = PQconsumeInput(c->pg);

	(void)fd;
	(void)what;
	/* What came before the end is looked at first: it may say why, or be an answer. */
	conn_take(c);
	if (!is_there || PQstatus(c->pg) == CONNECTION_BAD)
		conn_break(c, "closed by the server");
	if (c->is_broken)
		return;
	conn_flush(c);
	conn_settle(c);
	if (c->state == DB_CONN_UP && !c->is_broken)
		db_pool_conn_idle(c);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *c = arg;

	(void)fd;
	(void)what;
	if (!c->is_broken)
		conn_flush(c);
}

static void on_connecting(evutil_socket_t fd, short what, void *arg);

/* Watch the socket, which may be another one after each step of connecting. */
static void conn_watch(struct db_conn *c, short what)
{
	struct event_base *base = event_get_base(c->timer);
	int fd = PQsocket(c->pg);

	conn_unwatch(c);
	c->readable = event_new(base, fd, what, on_connecting, c);
	if (!c->readable || event_add(c->readable, NULL) < 0)
		conn_break(c, "no memory");
}

static void conn_established(struct db_conn *c)
{
	struct event_base *base = event_get_base(c->timer);
	int fd = PQsocket(c->pg);

	conn_unwatch(c);
	c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, c);
	c->writable = event_new(base, fd, EV_WRITE, on_writable, c);
	if (!c->readable || !c->writable || event_add(c->readable, NULL) < 0)
		conn_break(c, "no memory");
	else
		conn_prepare(c);
}

static void on_connecting(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *c = arg;

	(void)fd;
	(void)what;
	switch (PQconnectPoll(c->pg)) {
	case PGRES_POLLING_READING:
		conn_watch(c, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
		conn_watch(c, EV_WRITE);
		break;
	case PGRES_POLLING_OK:
		conn_established(c);
		break;
	case PGRES_POLLING_ACTIVE:
	case PGRES_POLLING_FAILED:
		conn_break(c, "refused");
		break;
	}
}

/* The end of patience with connecting, or of a broken connection. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct db_conn *c = arg;

	(void)fd;
	(void)what;
	conn_break(c, "no answer in time");
	db_conn_close(c);
	db_pool_conn_lost(c);
}

void db_conn_start(struct db_conn *c, struct event_base *base, const char *conninfo)
{
	const char *key[] = {"dbname",           "options",          "application_name",
			     "client_encoding",  "keepalives_idle",  "keepalives_interval",
			     "keepalives_count", "tcp_user_timeout", NULL};
	const char *value[] = {conninfo, session_options, "assetd", "UTF8", "10", "5",
			       "3",      "10000",         NULL};

	assert(c->state == DB_CONN_AWAY && !c->pg);
	c->state = DB_CONN_CONNECTING;
	if (!c->timer)
		c->timer = evtimer_new(base, on_timer, c);
	if (c->preparing == DB_PREPARE_SENT) {
		free(c->asked);
		c->asked = calloc(db_statement_count, sizeof(*c->asked));
	}
	if (!c->timer || (c->preparing == DB_PREPARE_SENT && !c->asked))
		log_fatal_nomem();
	conn_timer(c, PATIENCE_MS);
	c->pg = PQconnectStartParams(key, value, 1);
	if (!c->pg || PQstatus(c->pg) == CONNECTION_BAD) {
		conn_break(c, "cannot begin to connect");
		return;
	}
	conn_fault(c, FAULT_POINT(DB_CONNECT));
	if (c->is_broken)
		return;
	PQsetNoticeReceiver(c->pg, ignore_notice, NULL);
	conn_watch(c, EV_WRITE);
}

/* What was not sent here before, with a sync of its own: what becomes of the batch does not undo
 * it. */
static bool send_missing(struct db_conn *c, struct db_batch *b)
{
	b->preparing = 0;
	for (int i = 0; c->asked && i < b->call_count; i++) {
		const struct db_statement *s = b->call[i].statement;

		if (c->asked[s->number])
			continue;
		if (!send_prepare(c, s))
			return false;
		c->asked[s->number] = true;
		b->preparing++;
	}
	if (!b->preparing)
		return true;
	b->preparing++; /* the sync */
	return PQpipelineSync(c->pg);
}

/* Into libpq's buffer, which goes when it is full or with the sync. */
static bool send_call(struct db_conn *c, const struct db_call *call)
{
	return PQsendQueryPrepared(c->pg, call->statement->name, call->statement->param_count,
				   call->value, call->length, call->format, 0);
}

/* In the list before anything is sent, so that a failure on the way ends it with the others. */
void db_conn_send(struct db_conn *c, struct db_batch *b)
{
	if (TAILQ_EMPTY(&c->sent))
		c->head_us = clock_mono_us();
	TAILQ_INSERT_TAIL(&c->sent, b, link);
	c->sent_count++;
	conn_fault(c, FAULT_POINT(DB_BEFORE_SEND));
	if (!c->is_broken && !send_missing(c, b))
		conn_break(c, "cannot send");
	for (int i = 0; i < b->call_count && !c->is_broken; i++) {
		if (!send_call(c, &b->call[i]))
			conn_break(c, "cannot send");
		conn_fault(c, FAULT_POINT(DB_AFTER_STATEMENT));
	}
	conn_fault(c, FAULT_POINT(DB_BEFORE_SYNC_SENT));
	if (c->is_broken)
		return;
	b->is_sent = true;
	if (!PQpipelineSync(c->pg))
		conn_break(c, "cannot send");
	else
		conn_flush(c);
	conn_fault(c, FAULT_POINT(DB_AFTER_SEND));
}

void db_clear_environment(void)
{
	size_t n = 0;

	while (environ[n]) {
		char name[64];
		size_t len = strcspn(environ[n], "=");

		if (strncmp(environ[n], "PG", 2) == 0 && len < sizeof(name)) {
			memcpy(name, environ[n], len);
			name[len] = '\0';
			(void)unsetenv(name); /* moves the later ones down */
		} else {
			n++;
		}
	}
}
