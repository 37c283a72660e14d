/*
 * Making the administrator and its key. The key leaves by standard output alone and is kept
 * nowhere; the database gets its HMAC. Runs on the main thread; waits for the database.
 */
#include "admin_key.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/key.h"
#include "daemon/db/db_sync.h"
#include "daemon/route/auth.h"
#include "libassets/base/err.h"
#include "q.h"

/* Bytes; one batch of two statements. */
enum { ARENA_MAX = 64 * 1024 };

static int make(struct db_sync *s, struct db_batch *b, struct str key, struct str hash)
{
	char principal_id[ID_TEXT], key_id[ID_TEXT];
	const struct db_reply *reply;
	struct q_administrator_make_row row;
	int64_t now_us = clock_now_us();
	int r;

	id_new("prn_", now_us, principal_id);
	id_new("key_", now_us, key_id);
	q_owner_become_add(b);
	q_administrator_make_add(b, &(struct q_administrator_make){
					    .principal_id = str_of(principal_id),
					    .key_id = str_of(key_id),
					    .prefix = key_prefix(key),
					    .hash = hash,
				    });
	r = db_sync_run(s, b, &reply);
	if (!r)
		r = q_administrator_make_one(reply, 1, &row);
	if (!r)
		(void)fprintf(stderr, "A key of %.*s, until %.*s\n", (int)row.principal_id.len,
			      row.principal_id.at, (int)row.expires_at.len, row.expires_at.at);
	return r;
}

static int run(struct db_sync *s, const struct auth *a, struct arena *arena)
{
	struct db_actor actor = {.request_id = STR("admin-key"), .now_us = clock_now_us()};
	struct db_batch *b = db_batch_new(arena, DB_WRITE, &actor);
	unsigned char hash[KEY_HASH];
	char key[KEY_LENGTH + 1], hash_text[DB_BYTEA_TEXT(KEY_HASH)];
	int r;

	if (!b)
		return ERR_NOMEM;
	/* Only the HMAC goes to the database; the key itself is wiped below. */
	key_new(true, key);
	r = auth_hash(a, str_of(key), hash);
	if (!r) {
		db_bytea(hash, sizeof(hash), hash_text);
		r = make(s, b, str_of(key), str_of(hash_text));
	}
	if (!r)
		r = printf("%s\n", key) < 0 || fflush(stdout) ? ERR_BUG : 0;
	OPENSSL_cleanse(key, sizeof(key));
	return r;
}

int admin_key(const struct conf *conf)
{
	struct auth *a = auth_open(conf->auth_pepper_file);
	struct db_sync *s = a ? db_sync_open(conf->database_owner) : NULL;
	struct arena arena;
	int r = ERR_DB_AWAY;

	arena_init(&arena, ARENA_MAX);
	if (s)
		r = run(s, a, &arena);
	db_sync_close(s);
	arena_done(&arena);
	auth_free(a);
	return r ? EXIT_FAILURE : EXIT_SUCCESS;
}
