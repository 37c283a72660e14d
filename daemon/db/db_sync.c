/*
 * A batch on a plain connection: the same pipeline segment as in db_conn.c, without the loop
 * and without prepared names. Runs on the main thread of a command, and blocks.
 *
 * What the server says goes to standard error in its own words: here it is the operator who
 * reads them, not a client.
 */
#include "db_sync.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "db_private.h"
#include "libassets/base/err.h"

struct db_sync {
	PGconn *pg;
	struct db_batch *last; /* whose reply is borrowed */
};

static const char session_options[] =
	"-c search_path=assetd,public -c TimeZone=UTC "
	"-c DateStyle=ISO,YMD -c bytea_output=hex -c lock_timeout=60s";

static void say_why(const char *text)
{
	(void)fprintf(stderr, "assetd: %s%s", text,
		      text[0] && text[strlen(text) - 1] == '\n' ? "" : "\n");
}

static void ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

struct db_sync *db_sync_open(const char *conninfo)
{
	const char *key[] = {"dbname",          "options",         "application_name",
			     "client_encoding", "connect_timeout", NULL};
	const char *value[] = {conninfo, session_options, "assetd command", "UTF8", "10", NULL};
	struct db_sync *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->pg = PQconnectdbParams(key, value, 1);
	if (PQstatus(s->pg) == CONNECTION_OK) {
		PQsetNoticeReceiver(s->pg, ignore_notice, NULL);
		return s;
	}
	say_why(PQerrorMessage(s->pg));
	db_sync_close(s);
	return NULL;
}

static void forget_reply(struct db_sync *s)
{
	if (s->last)
		db_reply_clear(&s->last->reply);
	s->last = NULL;
}

void db_sync_close(struct db_sync *s)
{
	if (!s)
		return;
	forget_reply(s);
	PQfinish(s->pg);
	free(s);
}

struct pg_conn *db_sync_conn(struct db_sync *s)
{
	return s->pg;
}

static bool send_all(struct db_sync *s, const struct db_batch *b)
{
	for (int i = 0; i < b->call_count; i++) {
		const struct db_call *call = &b->call[i];

		if (!PQsendQueryParams(s->pg, call->statement->sql, call->statement->param_count,
				       call->statement->param_type, call->value, NULL, NULL, 0))
			return false;
	}
	return PQpipelineSync(s->pg);
}

/* True when the sync came. Three NULLs in a row mean that libpq has no more to give. */
static bool take_all(struct db_sync *s, struct db_reply *r, int most)
{
	for (int nulls = 0; nulls < 3;) {
		PGresult *res = PQgetResult(s->pg);
		ExecStatusType status = PQresultStatus(res);

		nulls = res ? 0 : nulls + 1;
		if (!res)
			continue;
		if (status == PGRES_FATAL_ERROR && !r->fault) {
			say_why(PQresultErrorMessage(res));
			r->fault_at = r->got;
			r->fault = TAKE(res);
			if (r->got == most) /* the commit was refused */
				continue;
		}
		if (status == PGRES_PIPELINE_SYNC || r->got == most) {
			PQclear(res);
			return status == PGRES_PIPELINE_SYNC;
		}
		r->result[r->got++] = res;
	}
	return false;
}

int db_sync_run(struct db_sync *s, struct db_batch *b, const struct db_reply **ret_reply)
{
	bool is_whole;
	int err;

	if (b->err)
		return b->err;
	forget_reply(s);
	s->last = b;
	is_whole = PQenterPipelineMode(s->pg) && send_all(s, b) &&
		   take_all(s, &b->reply, b->call_count);
	if (!is_whole) {
		b->reply.is_unknown = true;
		say_why(PQerrorMessage(s->pg));
		return ERR_DB_AWAY;
	}
	(void)PQexitPipelineMode(s->pg);
	err = db_reply_err(&b->reply);
	if (!err)
		*ret_reply = &b->reply;
	return err;
}
