/*
 * Accounts are made by who looks after the people of an authority, and have no password until
 * whoever has the link sets one: nobody else ever knows it. The link's token is random, told once,
 * kept as its hash, and works once and for a few days.
 *
 * Load, store, answer as in h_asset.c.
 */
#include "h_account.h"

#include <openssl/crypto.h>

#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/key.h"
#include "daemon/base/sha256.h"
#include "daemon/process/worker.h"
#include "h.h"
#include "libassets/register/account.h"
#include "q.h"

#define TOKEN_PREFIX "acl_"

struct account_flow {
	struct account account;
	char token[ACCOUNT_TOKEN + 1];
};

int account_link_hash(struct str token, unsigned char ret_hash[32])
{
	struct sha256 s;

	if (token.len != ACCOUNT_TOKEN || !str_starts(token, STR(TOKEN_PREFIX)))
		return ERR_NOT_FOUND;
	sha256_begin(&s);
	sha256_add(&s, token);
	sha256_now(&s, ret_hash);
	return 0;
}

/* A new token, and its hash as the database takes it. */
static int token_new(struct account_flow *s, char ret_hash[DB_BYTEA_TEXT(32)])
{
	unsigned char bytes[32], hash[32];
	int r;

	id_random(bytes, sizeof(bytes));
	memcpy(s->token, TOKEN_PREFIX, 4);
	key_base62(bytes, s->token + 4);
	s->token[ACCOUNT_TOKEN] = '\0';
	OPENSSL_cleanse(bytes, sizeof(bytes));
	r = account_link_hash(str_of(s->token), hash);
	if (r == 0)
		db_bytea(hash, sizeof(hash), ret_hash);
	return r;
}

/* That it happened; who it is stands in the register of people and in no event. */
static void tell(struct flow *f, const char *type, struct str id, int32_t version,
		 struct str authority_id)
{
	(void)h_change(f, &(struct h_change){
				  .type = type,
				  .subject = id,
				  .seq = version,
				  .authority_id = authority_id,
				  .data = STR("{}"),
				  .is_hidden = true,
			  });
}

static void add_account(struct flow *f, const struct account *a, struct str id, struct str hash)
{
	struct db_batch *b = flow_batch(f);
	struct str key_id = h_id(f, "key_");

	q_account_make_add(b, &(struct q_account_make){
				      .id = id, .authority_id = a->authority_id, .name = a->name});
	q_account_roles_add(b, &(struct q_account_roles){.id = id,
							 .authority_id = a->authority_id,
							 .roles = h_words(f, a->roles)});
	q_account_key_add(b, &(struct q_account_key){.key_id = key_id, .id = id});
	q_account_insert_add(b, &(struct q_account_insert){.id = id,
							   .key_id = key_id,
							   .email = a->email,
							   .link = hash,
							   .days = ACCOUNT_LINK_DAYS});
}

static enum step_result add_store(struct flow *f)
{
	struct account_flow *s = f->state = ARENA_NEW(f->arena, struct account_flow);
	struct str id = h_id(f, "prn_");
	char hash[DB_BYTEA_TEXT(32)];
	int r = s ? h_decode(f, &account_shape, SHAPE_CREATE, &s->account) : ERR_NOMEM;

	if (r == 0)
		r = h_may(f, PERM_ACCOUNT_WRITE, s->account.authority_id);
	if (r == 0)
		r = token_new(s, hash);
	if (r < 0)
		return flow_fail(f, r);
	add_account(f, &s->account, id, arena_str(f->arena, str_of(hash)));
	tell(f, "account.created", id, 1, s->account.authority_id);
	return flow_store_end(f, "prn", id, 201);
}

/* The item, with the link that only this reply holds. */
static enum step_result link_answer(struct flow *f)
{
	struct account_flow *s = f->state;
	enum step_result result = flow_store_answer(f);
	struct buf *body = &f->reply->body;

	if (result == STEP_DONE && s && s->token[0] && body->len &&
	    body->at[body->len - 1] == '}') {
		body->len--;
		buf_fmt(body, ",\"link\":\"%s/password?token=%s\"}", f->worker->conf->http_base_url,
			s->token);
		if (buf_err(body) < 0)
			result = flow_fail(f, ERR_NOMEM);
		OPENSSL_cleanse(s->token, sizeof(s->token));
	}
	return result;
}

const struct flow_step flow_account_add[] = {
	{"store", add_store},
	{"answer", link_answer},
	{0},
};

static enum step_result load(struct flow *f)
{
	q_account_load_add(flow_batch(f), &(struct q_account_load){.id = f->param[0]});
	return flow_send(f);
}

static int loaded(struct flow *f, struct q_account_load_row *ret_row)
{
	int r = q_account_load_one(f->got, 0, ret_row);

	if (r == 0 && ret_row->gone)
		r = ERR_GONE;
	if (r == 0)
		r = h_may(f, PERM_ACCOUNT_WRITE, ret_row->authority_id);
	if (r == 0)
		r = flow_if_match(f, ret_row->version);
	if (r == 0)
		ret_row->authority_id = arena_str(f->arena, ret_row->authority_id);
	return r;
}

static enum step_result link_store(struct flow *f)
{
	struct account_flow *s = f->state = ARENA_NEW(f->arena, struct account_flow);
	struct q_account_load_row row;
	char hash[DB_BYTEA_TEXT(32)];
	int r = s ? loaded(f, &row) : ERR_NOMEM;

	if (r == 0)
		r = token_new(s, hash);
	if (r < 0)
		return flow_fail(f, r);
	q_account_link_set_add(flow_batch(f), &(struct q_account_link_set){
						      .id = f->param[0],
						      .seen = row.version,
						      .link = arena_str(f->arena, str_of(hash)),
						      .days = ACCOUNT_LINK_DAYS,
						      .stale = h_stale(f),
					      });
	tell(f, "account.link_made", f->param[0], row.version + 1, row.authority_id);
	return flow_store_end(f, "prn", f->param[0], 200);
}

const struct flow_step flow_account_link[] = {
	{"load", load},
	{"store", link_store},
	{"answer", link_answer},
	{0},
};

static enum step_result close_store(struct flow *f)
{
	struct q_account_load_row row;
	int r = loaded(f, &row);

	if (r < 0)
		return flow_fail(f, r);
	q_account_close_add(flow_batch(f), &(struct q_account_close){.id = f->param[0],
								     .seen = row.version,
								     .stale = h_stale(f)});
	tell(f, "account.closed", f->param[0], row.version + 1, row.authority_id);
	return flow_store_end(f, "prn", f->param[0], 204);
}

const struct flow_step flow_account_close[] = {
	{"load", load},
	{"store", close_store},
	{"answer", flow_store_answer},
	{0},
};
