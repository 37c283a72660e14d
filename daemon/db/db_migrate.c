/*
 * Migrations once each, in order, each in a transaction of its own that also records it with
 * the SHA-256 of its text; a file that changed after it was applied is refused. Then functions,
 * views, policies and reference data, all in one transaction, whenever any of them or of the
 * migrations differs from what was applied last; what that was stands in the comment on the
 * schema. Then assets that an older release rendered, a few at a time. The whole holds a session's
 * advisory lock: an optimisation, since each transaction would also fail on the rows of the other.
 *
 * This is the one place that sends SQL as text (tools/fences): whole files of ours, and the
 * few words around them. Runs on the main thread; blocks.
 */
#include "db_migrate.h"

#include <libpq-fe.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/sql_files.h"
#include "db_sync.h"
#include "libassets/base/buf.h"
#include "libassets/base/day.h"
#include "libassets/base/err.h"

/* Hexadecimal digits and NUL; bytes of a statement made here. */
enum { SHA_TEXT = 65, STATEMENT_MAX = 16 * 1024, COLUMNS_MAX = 100 };

struct migrate {
	PGconn *pg;
	PGresult *applied;     /* rows of migration: name, sha256 */
	int64_t now_us;        /* for all defaults */
	char before[SHA_TEXT]; /* of what was applied last, empty if nothing was */
	char after[SHA_TEXT];  /* of what this program holds */
	int done;              /* files applied */
};

DEFINE_CLEANUP(PGresult *, PQclear)

static int complain(struct migrate *m, const char *what)
{
	(void)fprintf(stderr, "assetd migrate: %s: %s", what, PQerrorMessage(m->pg));
	return ERR_DB_AWAY;
}

/* Run a text of ours; `what` names it when it fails. */
static int run(struct migrate *m, const char *what, const char *sql)
{
	CLEANUP(PQclear_p) PGresult *res = PQexec(m->pg, sql);
	ExecStatusType status = PQresultStatus(res);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return complain(m, what);
	return 0;
}

/* COMMIT of a failed transaction says ROLLBACK and no error: the tag has to be looked at. */
static int commit(struct migrate *m, const char *what)
{
	CLEANUP(PQclear_p) PGresult *res = PQexec(m->pg, "commit");

	if (PQresultStatus(res) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(res), "COMMIT") == 0)
		return 0;
	return complain(m, what);
}

/* Begin, and say who and when, as actor_set does for a batch. */
static int begin(struct migrate *m, const char *what)
{
	char sql[400], at[28], today[DAY_TEXT];

	clock_format(m->now_us, at);
	day_format(clock_today(m->now_us), today);
	(void)snprintf(sql, sizeof(sql),
		       "begin; select set_config('assetd.now', '%s', true), "
		       "set_config('assetd.today', '%s', true), "
		       "set_config('assetd.principal', '', true), "
		       "set_config('assetd.request', 'migrate', true)",
		       at, today);
	return run(m, what, sql);
}

static int sha256_of(struct str text, char ret_hex[SHA_TEXT])
{
	unsigned char hash[32];
	unsigned len;

	if (!EVP_Digest(text.at, text.len, hash, &len, EVP_sha256(), NULL))
		return ERR_BUG;
	for (size_t i = 0; i < sizeof(hash); i++)
		(void)snprintf(ret_hex + 2 * i, 3, "%02x", hash[i]);
	return 0;
}

static int read_state(struct migrate *m)
{
	CLEANUP(PQclear_p) PGresult *is_there = NULL;
	CLEANUP(PQclear_p) PGresult *comment = NULL;
	const char *word;
	int r;

	r = run(m, "waiting for another migration",
		"select pg_advisory_lock(hashtext('assetd migrate'))");
	if (r < 0)
		return r;
	is_there = PQexec(m->pg, "select to_regclass('assetd.migration')");
	if (PQntuples(is_there) != 1)
		return complain(m, "looking for the schema");
	if (PQgetisnull(is_there, 0, 0))
		return 0;
	m->applied = PQexec(m->pg, "select name, sha256 from assetd.migration order by name");
	if (PQresultStatus(m->applied) != PGRES_TUPLES_OK)
		return complain(m, "reading what was applied");
	comment = PQexec(m->pg, "select obj_description('assetd'::regnamespace, 'pg_namespace')");
	word = PQntuples(comment) == 1 ? strstr(PQgetvalue(comment, 0, 0), "sql ") : NULL;
	if (word)
		(void)snprintf(m->before, sizeof(m->before), "%s", word + 4);
	return 0;
}

/* The SHA-256 a file was applied with, NULL if it was not. */
static const char *applied_as(const struct migrate *m, const char *name)
{
	for (int i = 0; i < PQntuples(m->applied); i++) {
		if (strcmp(PQgetvalue(m->applied, i, 0), name) == 0)
			return PQgetvalue(m->applied, i, 1);
	}
	return NULL;
}

static bool is_in(const struct sql_file *f, const char *folder)
{
	return strcmp(f->folder, folder) == 0;
}

/* What was applied and is not among our files comes from a newer program. */
static int refuse_newer(const struct migrate *m)
{
	for (int i = 0; i < PQntuples(m->applied); i++) {
		const char *name = PQgetvalue(m->applied, i, 0);
		struct sql_file f;
		size_t n = 0;

		while (sql_file_at(n, &f) == 0 &&
		       !(is_in(&f, "migrations") && strcmp(f.name, name) == 0))
			n++;
		if (sql_file_at(n, &f) == 0)
			continue;
		(void)fprintf(
			stderr,
			"assetd migrate: this database has %s, which this program does not know: "
			"it was migrated by a newer assetd. Use that one.\n",
			name);
		return ERR_CONFLICT;
	}
	return 0;
}

static int record(struct migrate *m, const char *name, const char *sha)
{
	char number[8];
	const char *value[] = {number, name, sha};
	CLEANUP(PQclear_p) PGresult *res = NULL;

	(void)snprintf(number, sizeof(number), "%.4s", name);
	if (run(m, name, "set local role assetd_owner") < 0)
		return ERR_DB_AWAY;
	if (!PQsendQueryParams(m->pg,
			       "insert into assetd.migration (number, name, sha256, applied_at) "
			       "values ($1::int, $2, $3, assetd.clock_at())",
			       3, NULL, value, NULL, NULL, 0))
		return complain(m, name);
	while ((res = PQgetResult(m->pg))) {
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			return complain(m, name);
		PQclear(TAKE(res));
	}
	return 0;
}

static int apply_migration(struct migrate *m, const struct sql_file *f, const char *sha)
{
	int r;

	r = begin(m, f->name);
	if (!r)
		r = run(m, f->name, f->text.at);
	if (!r)
		r = record(m, f->name, sha);
	if (!r)
		r = commit(m, f->name);
	if (!r)
		(void)printf("applied migrations/%s\n", f->name);
	m->done++;
	return r;
}

static int migrate_one(struct migrate *m, const struct sql_file *f)
{
	const char *was = applied_as(m, f->name);
	char sha[SHA_TEXT];
	int r;

	r = sha256_of(f->text, sha);
	if (r < 0)
		return r;
	if (!was)
		return apply_migration(m, f, sha);
	if (strcmp(was, sha) == 0)
		return 0;
	(void)fprintf(
		stderr,
		"assetd migrate: migrations/%s has changed since it was applied here (it was %s, "
		"it "
		"is %s). Put the old text back and write what is new as a further migration.\n",
		f->name, was, sha);
	return ERR_CONFLICT;
}

/* One hash of all files, names included: whether anything at all is to be done again. */
static int hash_all(struct migrate *m)
{
	CLEANUP(buf_done) struct buf list = BUF(1 << 20);
	struct sql_file f;
	int r;

	for (size_t n = 0; sql_file_at(n, &f) == 0; n++) {
		char sha[SHA_TEXT];

		r = sha256_of(f.text, sha);
		if (r < 0)
			return r;
		buf_fmt(&list, "%s/%s %s\n", f.folder, f.name, sha);
	}
	if (buf_err(&list) < 0)
		return buf_err(&list);
	return sha256_of(buf_view(&list), m->after);
}

/* A name that needs no quotes. */
static bool is_plain(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && c != '_' && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return name.len > 0 && name.len <= 40;
}

/* "create temporary table data_council (code text, …)" from the file's header. */
static int table_of(const struct sql_file *f, struct buf *ret_sql)
{
	struct str rest, name, header = str_trim(str_cut(f->text, '\n', &rest));

	name = str_cut(str_of(f->name), '.', &rest);
	if (!is_plain(name))
		return ERR_BUG;
	buf_fmt(ret_sql, "create temporary table data_%.*s (", (int)name.len, name.at);
	while (header.len) {
		struct str column = str_cut(header, ',', &header);

		if (!is_plain(column))
			return ERR_BUG;
		buf_fmt(ret_sql, "%.*s text%s", (int)column.len, column.at, header.len ? ", " : "");
	}
	buf_fmt(ret_sql,
		") on commit drop; grant select on data_%.*s to assetd_owner; "
		"copy data_%.*s from stdin with (format csv, header true)",
		(int)name.len, name.at, (int)name.len, name.at);
	return buf_err(ret_sql);
}

static int copy_in(struct migrate *m, const struct sql_file *f)
{
	int err = 0;

	if (PQputCopyData(m->pg, f->text.at, (int)f->text.len) != 1 ||
	    PQputCopyEnd(m->pg, NULL) != 1)
		return complain(m, f->name);
	for (;;) {
		CLEANUP(PQclear_p) PGresult *res = PQgetResult(m->pg);

		if (!res)
			return err;
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			err = complain(m, f->name);
	}
}

/* A CSV file as a temporary table of texts, until the end of the transaction. */
static int load_csv(struct migrate *m, const struct sql_file *f)
{
	CLEANUP(buf_done) struct buf sql = BUF(STATEMENT_MAX);
	CLEANUP(PQclear_p) PGresult *res = NULL;

	if (table_of(f, &sql) < 0) {
		(void)fprintf(stderr, "assetd migrate: data/%s: its header is not plain names\n",
			      f->name);
		return ERR_BUG;
	}
	res = PQexec(m->pg, sql.at);
	return PQresultStatus(res) == PGRES_COPY_IN ? copy_in(m, f) : complain(m, f->name);
}

static bool is_csv(const struct sql_file *f)
{
	size_t len = strlen(f->name);

	return len > 4 && strcmp(f->name + len - 4, ".csv") == 0;
}

static int apply_file(struct migrate *m, const struct sql_file *f)
{
	int r;

	r = run(m, f->name, "set local role none");
	if (!r)
		r = is_csv(f) ? load_csv(m, f) : run(m, f->name, f->text.at);
	if (!r)
		(void)printf("applied %s/%s\n", f->folder, f->name);
	m->done++;
	return r;
}

/* Functions, views, policies, then all CSV files, then what reads them. */
static int apply_files(struct migrate *m)
{
	struct sql_file f;
	int r = 0;

	for (size_t n = 0; !r && sql_file_at(n, &f) == 0; n++) {
		if (!is_in(&f, "migrations") && !is_in(&f, "data"))
			r = apply_file(m, &f);
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t n = 0; !r && sql_file_at(n, &f) == 0; n++) {
			if (is_in(&f, "data") && is_csv(&f) == (pass == 0))
				r = apply_file(m, &f);
		}
	}
	return r;
}

static int apply_again(struct migrate *m)
{
	char comment[200];
	int r;

	(void)snprintf(
		comment, sizeof(comment),
		"set local role assetd_owner; comment on schema assetd is 'assetd %s, sql %s'",
		ASSETD_VERSION, m->after);
	r = begin(m, "functions, views, policies and data");
	if (!r)
		r = apply_files(m);
	if (!r)
		r = run(m, "the schema's comment", comment);
	if (!r)
		r = commit(m, "functions, views, policies and data");
	return r;
}

/* The next assets as this release renders them; *ret_more: there may be more of them. */
static int render_some(struct migrate *m, bool *ret_more)
{
	static const char what[] = "rendering assets";
	CLEANUP(PQclear_p) PGresult *res = NULL;
	int r;

	r = begin(m, what);
	if (!r)
		r = run(m, what,
			"set local role assetd_owner; set local search_path = assetd, public");
	if (r)
		return r;
	res = PQexec(m->pg, "select asset_render_next(500)");
	if (PQresultStatus(res) != PGRES_TUPLES_OK || PQntuples(res) != 1)
		return complain(m, what);
	*ret_more = strcmp(PQgetvalue(res, 0, 0), "t") == 0;
	return commit(m, what);
}

/* In small transactions of their own: all of them in one would hold up every writer for minutes. */
static int render_assets(struct migrate *m)
{
	bool has_more = true;
	int r = 0;

	while (!r && has_more)
		r = render_some(m, &has_more);
	return r;
}

static int migrate_all(struct migrate *m)
{
	struct sql_file f;
	int r;

	r = read_state(m);
	if (!r)
		r = refuse_newer(m);
	if (!r)
		r = hash_all(m);
	for (size_t n = 0; !r && sql_file_at(n, &f) == 0; n++) {
		if (is_in(&f, "migrations"))
			r = migrate_one(m, &f);
	}
	if (!r && strcmp(m->before, m->after) != 0)
		r = apply_again(m);
	if (!r)
		r = render_assets(m);
	if (!r)
		(void)printf(m->done ? "the database is up to date\n" : "nothing to do\n");
	return r;
}

int db_migrate(const struct conf *conf)
{
	struct migrate m = {.now_us = clock_now_us()};
	struct db_sync *s = db_sync_open(conf->database_owner);
	int r;

	if (!s)
		return EXIT_FAILURE;
	m.pg = db_sync_conn(s);
	r = migrate_all(&m);
	PQclear(m.applied);
	db_sync_close(s);
	return r ? EXIT_FAILURE : EXIT_SUCCESS;
}
