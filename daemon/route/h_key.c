/*
 * Keys are made by whoever acts, for themselves alone: a key for somebody else would be their
 * rights in one's own hands. It is given at most what its maker and the key or session in use have,
 * and works no longer than that one; the row policy asks that again (policies/0101_key.sql). It
 * makes no keys of its own, so that what is ended has ended. Its text leaves by the first answer
 * alone; the database has its HMAC.
 *
 * Load, store, answer as in h_asset.c.
 */
#include "h_key.h"

#include <openssl/crypto.h>

#include "daemon/base/key.h"
#include "daemon/process/worker.h"
#include "daemon/register/asset_gone.h"
#include "h.h"
#include "libassets/register/api_key.h"
#include "list.h"
#include "q.h"
#include "router.h"

/* Of one person's that work at the same time. */
enum { KEYS_MAX = 50 };
/* Statements of the history's batch. */
enum { KEY, ACTS };

struct key_flow {
	struct api_key key;
	char secret[KEY_LENGTH + 1];
};

bool key_may_give(const struct principal *who, enum permission scope)
{
	return scope != PERM_KEY_WRITE && principal_may(who, scope) && who->scopes >> scope & 1;
}

static int check_scopes(struct flow *f, const struct api_key *k)
{
	for (size_t i = 0; i < k->scopes.count; i++) {
		struct str word = k->scopes.at[i];
		enum permission scope;
		int r = permission_parse(word, &scope);

		if (r < 0 || key_may_give(f->who, scope))
			continue;
		flow_detail(f, arena_fmt(f->arena,
					 "%.*s is not yours to give: a key has at most what you "
					 "have, by the key or session in use, and makes no keys "
					 "of its own.",
					 (int)word.len, word.at));
		return ERR_FORBIDDEN;
	}
	return 0;
}

/* Where the actor holds a role; absent when that is everywhere. */
static struct str home_of(const struct principal *who)
{
	return who->grant_count ? who->grant[0].authority_id : (struct str){NULL, 0};
}

/* That it happened; whose key it is, and why, stands beside the key and in no event. */
static int tell(struct flow *f, const char *type, const char *act, struct str id, int32_t version,
		struct str authority_id)
{
	struct str reason;
	int r = asset_gone_reason(f, &reason);

	if (r < 0)
		return r;
	(void)h_change(f, &(struct h_change){
				  .type = type,
				  .subject = id,
				  .seq = version,
				  .authority_id = authority_id,
				  .data = STR("{}"),
				  .is_hidden = true,
			  });
	q_key_act_add(flow_batch(f),
		      &(struct q_key_act){
			      .id = id, .version = version, .act = str_of(act), .reason = reason});
	return 0;
}

static int decode(struct flow *f, struct key_flow *s)
{
	int r = h_decode(f, &api_key_shape, SHAPE_CREATE, &s->key);

	if (r == 0)
		r = api_key_settle(&s->key, f->today, &f->flaws);
	return r == 0 ? check_scopes(f, &s->key) : r;
}

/* A new key, and what the database keeps of it. */
static int secret_new(struct flow *f, struct key_flow *s, char ret_hash[DB_BYTEA_TEXT(KEY_HASH)])
{
	unsigned char bytes[KEY_HASH];
	int r;

	key_new(true, s->secret);
	r = auth_hash(f->worker->auth, str_of(s->secret), bytes);
	if (r == 0)
		db_bytea(bytes, sizeof(bytes), ret_hash);
	return r;
}

enum step_result key_add_store(struct flow *f)
{
	struct key_flow *s = f->state = ARENA_NEW(f->arena, struct key_flow);
	char hash[DB_BYTEA_TEXT(KEY_HASH)];
	struct str id = h_id(f, "key_");
	int r = s ? decode(f, s) : ERR_NOMEM;

	if (r == 0)
		r = secret_new(f, s, hash);
	if (r < 0)
		return flow_fail(f, r);
	q_key_insert_add(flow_batch(f),
			 &(struct q_key_insert){
				 .id = id,
				 .name = s->key.name,
				 .prefix = arena_str(f->arena, key_prefix(str_of(s->secret))),
				 .hash = arena_str(f->arena, str_of(hash)),
				 .scopes = h_words(f, s->key.scopes),
				 .last_on = shape_day_text(s->key.expires_on, f->arena),
				 .most = KEYS_MAX,
				 .too_many = -ERR_TOO_MANY,
			 });
	r = tell(f, "key.created", "MADE", id, 1, home_of(f->who));
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "key", id, 201);
}

struct str key_made(struct flow *f)
{
	struct key_flow *s = f->state;
	struct str secret;

	if (!s || !s->secret[0])
		return (struct str){NULL, 0};
	secret = arena_str(f->arena, str_of(s->secret));
	OPENSSL_cleanse(s->secret, sizeof(s->secret));
	return secret;
}

/* The item, with the key itself, which only this reply holds. */
static enum step_result add_answer(struct flow *f)
{
	enum step_result result = flow_store_answer(f);
	struct str secret = key_made(f);
	struct buf *body = &f->reply->body;

	if (result != STEP_DONE || !body->len || body->at[body->len - 1] != '}')
		return result;
	body->len--;
	buf_fmt(body, ",\"secret\":\"%.*s\"}", (int)secret.len, secret.at);
	return !secret.at || buf_err(body) < 0 ? flow_fail(f, ERR_NOMEM) : result;
}

const struct flow_step flow_key_add[] = {
	{"store", key_add_store},
	{"answer", add_answer},
	{0},
};

/* A page's form names it, the API's path does. */
static struct str id_of(struct flow *f)
{
	return f->route->flags & ROUTE_FORM ? flow_form(f, "end") : f->param[0];
}

enum step_result key_load(struct flow *f)
{
	q_key_load_add(flow_batch(f), &(struct q_key_load){.id = id_of(f)});
	return flow_send(f);
}

enum step_result key_end_store(struct flow *f)
{
	struct q_key_load_row row;
	struct str home;
	int r = q_key_load_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	home = row.is_own ? home_of(f->who) : arena_str(f->arena, row.authority_id);
	q_key_end_add(
		flow_batch(f),
		&(struct q_key_end){.id = id_of(f), .seen = row.version, .stale = h_stale(f)});
	r = tell(f, "key.ended", "ENDED", id_of(f), row.version + 1, home);
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "key", id_of(f), 204);
}

/* A worker that has just seen one believes it for AUTH_FRESH_MS more. */
const struct flow_step flow_key_end[] = {
	{"load", key_load},
	{"store", key_end_store},
	{"answer", flow_store_answer},
	{0},
};

static enum step_result history_load(struct flow *f)
{
	struct list *l;
	int32_t after;
	int r = list_read_numbered(f, &l, &after);

	if (r < 0)
		return flow_fail(f, r);
	q_key_load_add(flow_batch(f), &(struct q_key_load){.id = f->param[0]});
	q_key_history_add(
		flow_batch(f),
		&(struct q_key_history){.id = f->param[0], .after = after, .take = l->rows});
	return flow_send(f);
}

static enum step_result history_answer(struct flow *f)
{
	struct q_key_load_row row;
	int r = q_key_load_one(f->got, KEY, &row);

	return r < 0 ? flow_fail(f, r) : list_answer(f, f->state, ACTS);
}

const struct flow_step flow_key_history[] = {
	{"load", history_load},
	{"answer", history_answer},
	{0},
};
