/*
 * Keys are made by whoever acts, for themselves alone: a key for somebody else would be their
 * rights in one's own hands. It is given at most what its maker and the key or session in use have,
 * and works no longer than that one; the row policy asks that again (policies/0101_key.sql). It
 * makes no keys of its own, so that what is ended has ended. One that takes the place of another is
 * made like any. Its text leaves by the first answer alone; the database has its HMAC.
 *
 * Load, store, answer as in h_asset.c.
 */
#include "h_key.h"

#include <inttypes.h>
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
/* For how long one works beside that which takes its place, where nothing is said. */
enum { OVERLAP_S = 24 * 3600 };
/* Statements of the history's batch. */
enum { KEY, ACTS };

struct key_flow {
	struct api_key key;
	struct str id; /* of the new one */
	char secret[KEY_LENGTH + 1];
};

/* An act, of which `was` and `is_now` are what it moved, as JSON; both absent: it made or ended it.
 */
struct told {
	const char *type, *act;
	struct str id;
	int32_t version; /* that it made */
	struct str authority_id, was, is_now;
};

bool key_may_give(const struct principal *who, enum permission scope)
{
	return scope != PERM_KEY_WRITE && principal_may(who, scope) && who->scopes >> scope & 1;
}

/* A word that is no scope is *, which is nobody's to give. */
static int check_scopes(struct flow *f, const struct api_key *k)
{
	for (size_t i = 0; i < k->scopes.count; i++) {
		struct str word = k->scopes.at[i];
		enum permission scope;

		if (permission_parse(word, &scope) == 0 && key_may_give(f->who, scope))
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
static int tell(struct flow *f, const struct told *t)
{
	struct str reason;
	int r = asset_gone_reason(f, &reason);

	if (r < 0)
		return r;
	(void)h_change(f, &(struct h_change){
				  .type = t->type,
				  .subject = t->id,
				  .seq = t->version,
				  .authority_id = t->authority_id,
				  .data = STR("{}"),
				  .is_hidden = true,
			  });
	q_key_act_add(flow_batch(f), &(struct q_key_act){
					     .id = t->id,
					     .version = t->version,
					     .act = str_of(t->act),
					     .reason = reason,
					     .was = t->was,
					     .is_now = t->is_now,
				     });
	return 0;
}

static int decode(struct flow *f, struct key_flow *s)
{
	int r = h_decode(f, &api_key_shape, SHAPE_CREATE, &s->key);

	if (r == 0)
		r = api_key_settle(&s->key, f->today, &f->flaws);
	return r == 0 ? check_scopes(f, &s->key) : r;
}

int key_add_check(struct flow *f)
{
	struct key_flow s = {0};

	return decode(f, &s);
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

/* Into the batch: the new key, which s->key says all of. */
static int add(struct flow *f, struct key_flow *s)
{
	char hash[DB_BYTEA_TEXT(KEY_HASH)];
	int r = secret_new(f, s, hash);

	if (r < 0)
		return r;
	s->id = h_id(f, "key_");
	q_key_insert_add(flow_batch(f),
			 &(struct q_key_insert){
				 .id = s->id,
				 .name = s->key.name,
				 .prefix = arena_str(f->arena, key_prefix(str_of(s->secret))),
				 .hash = arena_str(f->arena, str_of(hash)),
				 .scopes = h_words(f, s->key.scopes),
				 .last_on = shape_day_text(s->key.expires_on, f->arena),
				 .most = KEYS_MAX,
				 .too_many = -ERR_TOO_MANY,
			 });
	return tell(f, &(struct told){.type = "key.created",
				      .act = "MADE",
				      .id = s->id,
				      .version = 1,
				      .authority_id = home_of(f->who)});
}

enum step_result key_add_store(struct flow *f)
{
	struct key_flow *s = f->state = ARENA_NEW(f->arena, struct key_flow);
	int r = s ? decode(f, s) : ERR_NOMEM;

	if (r == 0)
		r = add(f, s);
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "key", s->id, 201);
}

struct str key_made_id(struct flow *f)
{
	const struct key_flow *s = f->state;

	return s ? s->id : (struct str){NULL, 0};
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

/* The path names it, and in the list of all a form does. */
static struct str id_of(struct flow *f)
{
	return strchr(f->route->path, '{') ? f->param[0] : flow_form(f, "end");
}

enum step_result key_load(struct flow *f)
{
	q_key_load_add(flow_batch(f), &(struct q_key_load){.id = id_of(f)});
	return flow_send(f);
}

static enum step_result load_and_read(struct flow *f)
{
	int r = flow_body(f);

	return r < 0 ? flow_fail(f, r) : key_load(f);
}

/* Its row, and where whoever has it is at home, in the flow's arena. */
static int loaded(struct flow *f, struct q_key_load_row *ret_row)
{
	int r = q_key_load_one(f->got, 0, ret_row);

	if (r == 0 && ret_row->gone)
		r = ERR_GONE;
	if (r == 0)
		ret_row->authority_id = ret_row->is_own
						? home_of(f->who)
						: arena_str(f->arena, ret_row->authority_id);
	return r;
}

enum step_result key_end_store(struct flow *f)
{
	struct q_key_load_row row;
	int r = loaded(f, &row);

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	q_key_end_add(
		flow_batch(f),
		&(struct q_key_end){.id = id_of(f), .seen = row.version, .stale = h_stale(f)});
	r = tell(f, &(struct told){.type = "key.ended",
				   .act = "ENDED",
				   .id = id_of(f),
				   .version = row.version + 1,
				   .authority_id = row.authority_id});
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "key", id_of(f), 204);
}

/* A worker that has just seen one believes it for AUTH_FRESH_MS more. */
const struct flow_step flow_key_end[] = {
	{"load", key_load},
	{"store", key_end_store},
	{"answer", flow_store_answer},
	{0},
};

/* --- changed ------------------------------------------------------------------------------ */

/* The body laid over what it is; its last day is one that it may have. */
static int change_read(struct flow *f, const struct q_key_load_row *row, struct api_key *k,
		       bool *ret_is_moved, struct str *ret_was)
{
	int r = h_stored(f, row->fields, &api_key_shape, k);
	struct day last = k->expires_on;

	if (r == 0)
		r = h_patch(f, row->fields, &api_key_shape, k, ret_was);
	*ret_is_moved = day_cmp(k->expires_on, last) != 0;
	return r == 0 ? api_key_check_last(k->expires_on, last, f->today, &f->flaws) : r;
}

enum step_result key_change_store(struct flow *f)
{
	struct q_key_load_row row;
	struct api_key k;
	struct str was;
	bool is_moved;
	int r = loaded(f, &row);

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = change_read(f, &row, &k, &is_moved, &was);
	if (r < 0)
		return flow_fail(f, r);
	q_key_update_add(
		flow_batch(f),
		&(struct q_key_update){
			.id = f->param[0],
			.seen = row.version,
			.name = k.name,
			.last_on = shape_day_text(is_moved ? k.expires_on : DAY_NONE, f->arena),
			.stale = h_stale(f),
		});
	r = tell(f, &(struct told){.type = "key.updated",
				   .act = "CHANGED",
				   .id = f->param[0],
				   .version = row.version + 1,
				   .authority_id = row.authority_id,
				   .was = was,
				   .is_now = h_json(f, &api_key_shape, &k)});
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "key", f->param[0], 200);
}

const struct flow_step flow_key_patch[] = {
	{"load", load_and_read},
	{"store", key_change_store},
	{"answer", flow_store_answer},
	{0},
};

/* --- rotated ------------------------------------------------------------------------------ */

/* What the next one is: named and scoped as the one before. */
static int next_read(struct flow *f, const struct q_key_load_row *row, struct api_key *k,
		     int32_t *ret_overlap_s)
{
	struct str rest = arena_str(f->arena, row->scopes);
	struct str *scope = ARENA_ARRAY(f->arena, PERM_COUNT, struct str);
	struct key_rotation rotation;
	int r = h_stored(f, row->fields, &api_key_shape, k);

	if (r == 0)
		r = scope ? h_decode(f, &key_rotation_shape, SHAPE_CREATE, &rotation) : ERR_NOMEM;
	if (r < 0)
		return r;
	*ret_overlap_s = rotation.overlap_s.is_set ? (int32_t)rotation.overlap_s.value : OVERLAP_S;
	k->expires_on = rotation.expires_on;
	k->scopes = (struct shape_words){scope, 0};
	while (rest.len && k->scopes.count < PERM_COUNT)
		scope[k->scopes.count++] = str_cut(rest, ' ', &rest);
	r = check_scopes(f, k);
	return r == 0 ? api_key_settle(k, f->today, &f->flaws) : r;
}

static int check_own(struct flow *f, const struct q_key_load_row *row)
{
	if (row->is_own)
		return 0;
	flow_detail(f, STR("A key is made by whoever acts by it. This one is somebody else's; you "
			   "may end it."));
	return ERR_FORBIDDEN;
}

static int rotate(struct flow *f, struct key_flow *s)
{
	struct q_key_load_row row;
	int32_t overlap_s;
	int r = loaded(f, &row);

	if (r == 0)
		r = check_own(f, &row);
	if (r == 0)
		r = next_read(f, &row, &s->key, &overlap_s);
	if (r == 0)
		r = add(f, s);
	if (r < 0)
		return r;
	q_key_rotate_add(flow_batch(f), &(struct q_key_rotate){
						.id = f->param[0],
						.seen = row.version,
						.overlap_s = overlap_s,
						.stale = h_stale(f),
					});
	return tell(f, &(struct told){
			       .type = "key.rotated",
			       .act = "ROTATED",
			       .id = f->param[0],
			       .version = row.version + 1,
			       .authority_id = row.authority_id,
			       .is_now = arena_fmt(f->arena,
						   "{\"next\":\"%.*s\",\"overlap_s\":%" PRId32 "}",
						   (int)s->id.len, s->id.at, overlap_s),
		       });
}

enum step_result key_rotate_store(struct flow *f)
{
	struct key_flow *s = f->state = ARENA_NEW(f->arena, struct key_flow);
	int r = s ? rotate(f, s) : ERR_NOMEM;

	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "key", s->id, 201);
}

const struct flow_step flow_key_rotate[] = {
	{"load", load_and_read},
	{"store", key_rotate_store},
	{"answer", add_answer},
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
