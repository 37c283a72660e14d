/*
 * An address of the forecast is a key that opens one question. Its token is random, told once and
 * kept as its hash; whoever comes by it (auth.c) acts as its maker does by the key that it was made
 * with, and reads what that shows at the time: with the right, or the key, the address ends.
 *
 * Load, store, answer as in h_asset.c.
 */
#include "h_forecast_address.h"

#include <openssl/crypto.h>

#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/key.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_projection.h"
#include "libassets/projection/forecast_address.h"
#include "q.h"

/* Of one person's that work at the same time. */
enum { ADDRESSES_MAX = 50 };

struct forecast_address_flow {
	struct forecast_address address;
	char token[FORECAST_TOKEN + 1];
};

static int token_new(struct forecast_address_flow *s, char ret_hash[DB_BYTEA_TEXT(32)])
{
	unsigned char bytes[32];
	struct credential credential;
	int r;

	id_random(bytes, sizeof(bytes));
	memcpy(s->token, "fct_", 4);
	key_base62(bytes, s->token + 4);
	s->token[FORECAST_TOKEN] = '\0';
	OPENSSL_cleanse(bytes, sizeof(bytes));
	r = auth_read_token(CREDENTIAL_ADDRESS, str_of(s->token), &credential);
	if (r == 0)
		db_bytea(credential.hash, sizeof(credential.hash), ret_hash);
	return r;
}

/* Where the caller reads money; absent when that is everywhere. */
static struct str home_of(const struct principal *who)
{
	for (size_t i = 0; i < who->grant_count; i++) {
		if (who->grant[i].roles & permission_roles(PERM_MONEY_READ))
			return who->grant[i].authority_id;
	}
	return (struct str){NULL, 0};
}

/* Its maker has a right to know that it was made; what it is for is no business of the feed's. */
static void tell(struct flow *f, const char *type, struct str id, int32_t version)
{
	(void)h_change(f, &(struct h_change){
				  .type = type,
				  .subject = id,
				  .seq = version,
				  .authority_id = home_of(f->who),
				  .data = STR("{}"),
				  .is_hidden = true,
			  });
}

static int decode(struct flow *f, struct forecast_address_flow *s)
{
	int r = h_decode(f, &forecast_address_shape, SHAPE_CREATE, &s->address);

	if (r == 0)
		r = forecast_address_settle(&s->address, RECEIPTS_QUESTION, f->today, f->arena,
					    &f->flaws);
	return r == 0 ? receipts_check(f, s->address.question) : r;
}

enum step_result forecast_address_store(struct flow *f)
{
	struct forecast_address_flow *s = f->state =
		ARENA_NEW(f->arena, struct forecast_address_flow);
	char hash[DB_BYTEA_TEXT(32)];
	struct str id;
	int r = s ? decode(f, s) : ERR_NOMEM;

	if (r == 0)
		r = token_new(s, hash);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "fca_");
	q_forecast_address_insert_add(
		flow_batch(f), &(struct q_forecast_address_insert){
				       .id = id,
				       .name = s->address.name,
				       .question = s->address.question,
				       .hash = arena_str(f->arena, str_of(hash)),
				       .last_on = shape_day_text(s->address.expires_on, f->arena),
				       .most = ADDRESSES_MAX,
				       .too_many = -ERR_TOO_MANY,
			       });
	tell(f, "forecast.address_created", id, 1);
	return flow_store_end(f, "fca", id, 201);
}

struct str forecast_address_made(struct flow *f)
{
	const struct forecast_address_flow *s = f->state;

	if (!s || !s->token[0])
		return (struct str){NULL, 0};
	return arena_fmt(f->arena, "%s/v1/projections/receipts?token=%s",
			 f->worker->conf->http_base_url, s->token);
}

/* The item, with the address that only this reply holds. */
static enum step_result add_answer(struct flow *f)
{
	struct forecast_address_flow *s = f->state;
	enum step_result result = flow_store_answer(f);
	struct str address = forecast_address_made(f);
	struct buf *body = &f->reply->body;

	if (result == STEP_DONE && body->len && body->at[body->len - 1] == '}') {
		body->len--;
		buf_fmt(body, ",\"address\":\"%.*s\"}", (int)address.len, address.at);
		if (!address.at || buf_err(body) < 0)
			result = flow_fail(f, ERR_NOMEM);
	}
	OPENSSL_cleanse(s->token, sizeof(s->token));
	return result;
}

const struct flow_step flow_forecast_address_add[] = {
	{"store", forecast_address_store},
	{"answer", add_answer},
	{0},
};

/* A page's form names it, the API's path does. */
static struct str id_of(struct flow *f)
{
	return f->route->flags & ROUTE_FORM ? flow_form(f, "end") : f->param[0];
}

enum step_result forecast_address_load(struct flow *f)
{
	q_forecast_address_load_add(flow_batch(f),
				    &(struct q_forecast_address_load){.id = id_of(f)});
	return flow_send(f);
}

enum step_result forecast_address_remove(struct flow *f)
{
	struct q_forecast_address_load_row row;
	int r = q_forecast_address_load_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	q_forecast_address_remove_add(flow_batch(f), &(struct q_forecast_address_remove){
							     .id = id_of(f),
							     .seen = row.version,
							     .stale = h_stale(f),
						     });
	tell(f, "forecast.address_ended", id_of(f), row.version + 1);
	return flow_store_end(f, "fca", id_of(f), 204);
}

const struct flow_step flow_forecast_address_remove[] = {
	{"load", forecast_address_load},
	{"store", forecast_address_remove},
	{"answer", flow_store_answer},
	{0},
};
