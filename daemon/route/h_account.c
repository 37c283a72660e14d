/*
 * Accounts are made by who looks after the people of an authority, and have no password until
 * whoever has the link sets one: nobody else ever knows it. The link's token is random, kept as its
 * hash, and works once and for a few days. Where letters are sent one brings it, and its token is
 * made by the sender; else it is told once, in the answer, to be handed over.
 *
 * Load, store, answer as in h_asset.c.
 */
#include "h_account.h"

#include <openssl/crypto.h>

#include "daemon/base/account_token.h"
#include "daemon/base/conf.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/register/asset_gone.h"
#include "h.h"
#include "libassets/register/account.h"
#include "q.h"

struct account_flow {
	struct account account;
	char token[ACCOUNT_TOKEN + 1]; /* empty: a letter brings one */
};

int account_tell(struct flow *f, const struct account_told *told)
{
	struct str reason;
	int r = asset_gone_reason(f, &reason);

	if (r < 0)
		return r;
	/* That it happened; who it is stands in the register of people and in no event. */
	(void)h_change(f, &(struct h_change){
				  .type = told->type,
				  .subject = told->id,
				  .seq = told->version,
				  .authority_id = told->authority_id,
				  .data = STR("{}"),
				  .is_hidden = true,
			  });
	q_account_act_add(flow_batch(f), &(struct q_account_act){
						 .id = told->id,
						 .version = told->version,
						 .act = str_of(told->act),
						 .reason = reason,
						 .was = told->was,
						 .is_now = told->is_now,
					 });
	return 0;
}

/* The hash of a new link's token; absent where a letter brings it. */
static struct str link_new(struct flow *f, struct account_flow *s)
{
	unsigned char bytes[ACCOUNT_TOKEN_HASH];
	char hash[DB_BYTEA_TEXT(ACCOUNT_TOKEN_HASH)];

	if (mail_is_set(f->worker->conf))
		return (struct str){NULL, 0};
	account_token_new(s->token, bytes);
	db_bytea(bytes, sizeof(bytes), hash);
	return arena_str(f->arena, str_of(hash));
}

static void letter_add(struct flow *f, struct str id, const char *kind)
{
	if (mail_is_set(f->worker->conf))
		q_account_letter_add(flow_batch(f),
				     &(struct q_account_letter){.id = id,
								.mail_id = h_id(f, "mal_"),
								.kind = str_of(kind)});
}

static void add_account(struct flow *f, const struct account *a, struct str id, struct str hash)
{
	struct db_batch *b = flow_batch(f);
	struct str key_id = h_id(f, "key_");

	q_account_make_add(b, &(struct q_account_make){
				      .id = id, .authority_id = a->authority_id, .name = a->name});
	q_account_roles_add(b,
			    &(struct q_account_roles){
				    .id = id,
				    .authority_id = a->authority_id,
				    .roles = h_words(f, a->roles),
				    .elsewhere = h_json_list(f, &account_role_shape, a->elsewhere),
			    });
	q_account_key_add(b, &(struct q_account_key){.key_id = key_id, .id = id});
	q_account_insert_add(b, &(struct q_account_insert){.id = id,
							   .key_id = key_id,
							   .email = a->email,
							   .link = hash,
							   .days = ACCOUNT_LINK_DAYS});
	letter_add(f, id, "INVITE");
}

/* Whose roles were all taken away still signs in; nobody is invited to that. */
static int check_roles(struct flow *f, const struct account *a)
{
	if (!a->roles.count && !a->elsewhere.count)
		h_flaw(f, "roles", "TOO_FEW",
		       STR("Somebody without a role could sign in and do nothing."),
		       STR("Choose at least one."));
	return flaws_err(&f->flaws);
}

enum step_result account_add_store(struct flow *f)
{
	struct account_flow *s = f->state = ARENA_NEW(f->arena, struct account_flow);
	struct str id = h_id(f, "prn_");
	int r = s ? h_decode(f, &account_shape, SHAPE_CREATE, &s->account) : ERR_NOMEM;

	if (r == 0)
		r = h_may(f, PERM_ACCOUNT_WRITE, s->account.authority_id);
	if (r == 0)
		r = account_check_elsewhere(f, &s->account);
	if (r == 0)
		r = check_roles(f, &s->account);
	if (r < 0)
		return flow_fail(f, r);
	add_account(f, &s->account, id, link_new(f, s));
	r = account_tell(f, &(struct account_told){
				    .type = "account.created",
				    .act = "MADE",
				    .id = id,
				    .authority_id = s->account.authority_id,
				    .version = 1,
				    .is_now = h_json(f, &account_shape, &s->account),
			    });
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "prn", id, 201);
}

struct str account_link_made(struct flow *f)
{
	struct account_flow *s = f->state;
	struct str link;

	if (!s || !s->token[0])
		return (struct str){NULL, 0};
	link = arena_fmt(f->arena, "%s/password?token=%s", f->worker->conf->http_base_url,
			 s->token);
	OPENSSL_cleanse(s->token, sizeof(s->token));
	return link;
}

/* The item, with the link that only this reply holds; or that a letter brings one. */
static enum step_result link_answer(struct flow *f)
{
	enum step_result result = flow_store_answer(f);
	struct str link = account_link_made(f);
	struct buf *body = &f->reply->body;

	if (result != STEP_DONE || !body->len || body->at[body->len - 1] != '}' || !f->state)
		return result;
	body->len--;
	if (link.len)
		buf_fmt(body, ",\"link\":\"%.*s\"}", (int)link.len, link.at);
	else
		buf_str(body, STR(",\"link_sent\":true}"));
	return buf_err(body) < 0 ? flow_fail(f, ERR_NOMEM) : result;
}

const struct flow_step flow_account_add[] = {
	{"store", account_add_store},
	{"answer", link_answer},
	{0},
};

enum step_result account_load(struct flow *f)
{
	q_account_load_add(flow_batch(f), &(struct q_account_load){.id = f->param[0]});
	return flow_send(f);
}

int account_loaded(struct flow *f, bool is_gain, struct q_account_load_row *ret_row)
{
	int r = q_account_load_one(f->got, 0, ret_row);

	if (r == 0 && ret_row->gone)
		r = ERR_GONE;
	if (r == 0)
		r = h_may(f, PERM_ACCOUNT_WRITE, ret_row->authority_id);
	if (r == 0 && is_gain && ret_row->is_beyond) {
		flow_detail(f,
			    STR("This account has rights that are not yours to give, and whoever "
				"could sign in to it would have them. Those who run the register "
				"can do this."));
		r = ERR_FORBIDDEN;
	}
	if (r == 0)
		r = flow_if_match(f, ret_row->version);
	if (r == 0)
		ret_row->authority_id = arena_str(f->arena, ret_row->authority_id);
	return r;
}

int account_not_own(struct flow *f, const struct q_account_load_row *row)
{
	if (!row->is_own)
		return 0;
	flow_detail(f, STR("Nobody does this to their own account. Ask somebody else who looks "
			   "after people."));
	return ERR_FORBIDDEN;
}

enum step_result account_link_store(struct flow *f)
{
	struct account_flow *s = f->state = ARENA_NEW(f->arena, struct account_flow);
	struct q_account_load_row row;
	int r = s ? account_loaded(f, true, &row) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_account_link_set_add(flow_batch(f), &(struct q_account_link_set){
						      .id = f->param[0],
						      .seen = row.version,
						      .link = link_new(f, s),
						      .days = ACCOUNT_LINK_DAYS,
						      .stale = h_stale(f),
					      });
	letter_add(f, f->param[0], "RESET");
	r = account_tell(f, &(struct account_told){
				    .type = "account.link_made",
				    .act = "LINK",
				    .id = f->param[0],
				    .authority_id = row.authority_id,
				    .version = row.version + 1,
			    });
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "prn", f->param[0], 200);
}

const struct flow_step flow_account_link[] = {
	{"load", account_load},
	{"store", account_link_store},
	{"answer", link_answer},
	{0},
};

enum step_result account_close_store(struct flow *f)
{
	struct q_account_load_row row;
	int r = account_loaded(f, false, &row);

	if (r == 0)
		r = account_not_own(f, &row);
	if (r < 0)
		return flow_fail(f, r);
	q_account_close_add(flow_batch(f), &(struct q_account_close){.id = f->param[0],
								     .seen = row.version,
								     .stale = h_stale(f)});
	r = account_tell(f, &(struct account_told){
				    .type = "account.closed",
				    .act = "CLOSED",
				    .id = f->param[0],
				    .authority_id = row.authority_id,
				    .version = row.version + 1,
			    });
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "prn", f->param[0], 204);
}

const struct flow_step flow_account_close[] = {
	{"load", account_load},
	{"store", account_close_store},
	{"answer", flow_store_answer},
	{0},
};
