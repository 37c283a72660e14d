/*
 * Secrets of webhooks under another key, page by page. One that cannot be opened is named and left
 * as it is. Runs on the main thread; waits for the database.
 */
#include "rewrap.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/db/db_sync.h"
#include "daemon/hook/hook_secret.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "q.h"

/* Secrets of one transaction; bytes of one, and of what is sent of all. */
enum { MOST = 100, ARENA_MAX = 4 << 20, ROWS_MAX = 1 << 20 };

struct rewrapping {
	struct db_sync *sync;
	struct hook_setup setup;
	struct arena arena[2]; /* of a batch, and of the one before, whose reply is kept until the
				  next */
	int batches;
	int64_t done, failed;
	bool is_through;
	/* The last that was looked at. */
	char id[32], kind[16];
	int32_t number;
};

static struct db_batch *begin(struct rewrapping *w)
{
	const struct db_actor actor = {.request_id = STR("rewrap"), .now_us = clock_now_us()};
	struct arena *arena = &w->arena[w->batches++ % 2];
	struct db_batch *b;

	arena_done(arena);
	b = db_batch_new(arena, DB_WRITE, &actor);
	if (b)
		q_owner_become_add(b);
	return b;
}

/* Seal it anew, and append it to the rows. One that cannot be opened is named. */
static int take(struct rewrapping *w, const struct q_rewrap_page_row *row, struct buf *rows)
{
	struct hook_plain plain;
	char belongs[HOOK_SECRET_BELONGS];
	struct hook_sealed sealed;
	int r;

	hook_secret_belongs(row->webhook_id, row->kind, belongs);
	r = hook_secret_open(&w->setup, row->wrap_key, row->nonce, row->sealed, str_of(belongs),
			     &plain);
	if (r == ERR_NOT_FOUND || r == ERR_INVALID) {
		(void)fprintf(stderr,
			      "assetd: %s %d of webhook %s cannot be opened by a key that is set "
			      "(it is under %.*s)\n",
			      w->kind, w->number, w->id, (int)row->wrap_key.len, row->wrap_key.at);
		w->failed++;
		return 0;
	}
	if (r == 0)
		r = hook_secret_seal(&w->setup, str_of(belongs),
				     (struct str){(const char *)plain.byte, plain.len}, &sealed);
	OPENSSL_cleanse(&plain, sizeof(plain));
	if (r < 0)
		return r;
	buf_fmt(rows,
		"%s{\"webhook_id\":\"%s\",\"kind\":\"%s\",\"number\":%" PRId32
		",\"was\":\"%.*s\",\"nonce\":\"%s\",\"sealed\":\"%s\"}",
		rows->len > 1 ? "," : "", w->id, w->kind, w->number, (int)row->nonce.len,
		row->nonce.at, sealed.nonce, sealed.bytes);
	return buf_err(rows);
}

/* The next page as rows of JSON, sealed by the new key. */
static int read_page(struct rewrapping *w, struct buf *rows)
{
	struct db_batch *b = begin(w);
	struct q_rewrap_page_row row;
	const struct db_reply *reply;
	int r, n;

	if (!b)
		return ERR_NOMEM;
	q_rewrap_page_add(b, &(struct q_rewrap_page){
				     .key = str_of(w->setup.key_id),
				     .after_id = str_of(w->id),
				     .after_kind = str_of(w->kind),
				     .after_number = w->number,
				     .most = MOST,
			     });
	r = db_sync_run(w->sync, b, &reply);
	n = r == 0 ? db_rows(reply, 1) : 0;
	w->is_through = n < MOST;
	buf_char(rows, '[');
	for (int i = 0; r == 0 && i < n; i++) {
		r = q_rewrap_page_row(reply, 1, i, &row);
		if (r < 0)
			break;
		(void)snprintf(w->id, sizeof(w->id), "%.*s", (int)row.webhook_id.len,
			       row.webhook_id.at);
		(void)snprintf(w->kind, sizeof(w->kind), "%.*s", (int)row.kind.len, row.kind.at);
		w->number = row.number;
		r = take(w, &row, rows);
	}
	buf_char(rows, ']');
	return r < 0 ? r : buf_err(rows);
}

static int turn(struct rewrapping *w)
{
	CLEANUP(buf_done) struct buf rows = BUF(ROWS_MAX);
	struct q_rewrap_put_row row;
	const struct db_reply *reply;
	struct db_batch *b;
	int r = read_page(w, &rows);

	if (r < 0)
		return r;
	b = begin(w);
	if (!b)
		return ERR_NOMEM;
	q_rewrap_put_add(b, &(struct q_rewrap_put){
				    .key = str_of(w->setup.key_id),
				    .rows = buf_view(&rows),
			    });
	r = db_sync_run(w->sync, b, &reply);
	if (r == 0)
		r = q_rewrap_put_one(reply, 1, &row);
	if (r == 0)
		w->done += row.count;
	return r;
}

static int run(struct rewrapping *w)
{
	int r = 0;

	while (r == 0 && !w->is_through)
		r = turn(w);
	(void)printf("%" PRId64 " secrets are under key %s now\n", w->done, w->setup.key_id);
	if (r == 0 && w->failed)
		(void)fprintf(stderr, "assetd: %" PRId64 " are under another key still\n",
			      w->failed);
	else if (r == 0)
		(void)printf("nothing is left under another: former_key_file is of no more use\n");
	else
		(void)fprintf(stderr, "assetd: it ended early; run it again\n");
	return r < 0 || w->failed || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int rewrap(const struct conf *conf)
{
	struct rewrapping w = {.id = ""};
	int r = hook_setup_load(conf, &w.setup);

	if (r == ERR_NOT_FOUND)
		(void)fprintf(stderr, "assetd: [hooks] key_file is not set\n");
	for (size_t i = 0; i < COUNT(w.arena); i++)
		arena_init(&w.arena[i], ARENA_MAX);
	w.sync = r == 0 ? db_sync_open(conf->database_owner) : NULL;
	r = w.sync ? run(&w) : EXIT_FAILURE;
	db_sync_close(w.sync);
	for (size_t i = 0; i < COUNT(w.arena); i++)
		arena_done(&w.arena[i]);
	hook_setup_wipe(&w.setup);
	return r;
}
