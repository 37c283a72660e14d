/*
 * Secrets of webhooks: one of HMAC and one Ed25519 key at a time, sealed before they are stored. A
 * rotation makes new ones, and those before sign beside them for a while, so that a receiver that
 * checks with either is never without (W-42).
 */
#include <openssl/crypto.h>

#include "daemon/base/id.h"
#include "daemon/hook/hook_secret.h"
#include "daemon/route/h.h"
#include "h_webhook.h"
#include "h_webhook_private.h"
#include "libassets/notify/webhook.h"
#include "q.h"

/* Seconds that the secret before signs too, when the body does not say; bytes of all public keys.
 */
enum { OVERLAP_S = 86400, KEYS_MAX = 1 << 20 };

struct str webhook_hex(struct flow *f, const uint8_t *bytes, size_t n)
{
	CLEANUP(buf_done) struct buf out = BUF(1024);

	for (size_t i = 0; i < n; i++)
		buf_fmt(&out, "%02x", bytes[i]);
	return arena_str(f->arena, buf_view(&out));
}

int webhook_secrets_make(struct webhook_secrets *s)
{
	struct webhook_secret secret = {.len = WEBHOOK_SECRET_BYTES};
	int r;

	id_random(s->hmac, sizeof(s->hmac));
	id_random(s->key, sizeof(s->key));
	memcpy(secret.byte, s->hmac, sizeof(s->hmac));
	webhook_secret_format(&secret, s->secret);
	webhook_secret_wipe(&secret);
	r = webhook_key_public(s->key, s->public_key);
	if (r < 0)
		OPENSSL_cleanse(s, sizeof(*s));
	return r;
}

int webhook_secret_add(struct flow *f, const struct hook_setup *setup, struct str id,
		       int32_t number, struct str kind, struct str plain)
{
	struct hook_sealed sealed;
	char belongs[HOOK_SECRET_BELONGS];
	int r;

	hook_secret_belongs(id, kind, belongs);
	r = hook_secret_seal(setup, str_of(belongs), plain, &sealed);
	if (r < 0)
		return r;
	q_webhook_secret_insert_add(flow_batch(f),
				    &(struct q_webhook_secret_insert){
					    .webhook_id = id,
					    .number = number,
					    .kind = kind,
					    .wrap_key = str_of(setup->key_id),
					    .nonce = arena_str(f->arena, str_of(sealed.nonce)),
					    .sealed = arena_str(f->arena, str_of(sealed.bytes)),
				    });
	return 0;
}

int webhook_secrets_add(struct flow *f, const struct hook_setup *setup, struct str id,
			int32_t number, struct webhook_secrets *s)
{
	int r = webhook_secret_add(f, setup, id, number, STR("HMAC"),
				   (struct str){(const char *)s->hmac, sizeof(s->hmac)});

	if (r == 0)
		r = webhook_secret_add(f, setup, id, number, STR("ED25519"),
				       (struct str){(const char *)s->key, sizeof(s->key)});
	OPENSSL_cleanse(s->hmac, sizeof(s->hmac));
	OPENSSL_cleanse(s->key, sizeof(s->key));
	return r;
}

enum step_result webhook_secrets_answer(struct flow *f, struct webhook_secrets *s)
{
	enum step_result result = flow_store_answer(f);
	struct buf *body = &f->reply->body;

	webhook_wake(f);
	if (result == STEP_DONE && body->len && body->at[body->len - 1] == '}') {
		body->len--;
		buf_fmt(body, ",\"secret\":\"%s\"}", s->secret);
		if (buf_err(body) < 0)
			result = flow_fail(f, buf_err(body));
	}
	OPENSSL_cleanse(s, sizeof(*s));
	return result;
}

struct str webhook_secret_made(struct flow *f)
{
	const struct webhook_secrets *s = f->state;

	return s && s->secret[0] ? arena_str(f->arena, str_of(s->secret)) : (struct str){NULL, 0};
}

static enum step_result keys_load(struct flow *f)
{
	q_webhook_keys_add(flow_batch(f));
	return flow_send(f);
}

/* One rule for all of them: whoever was given a key looks whether it is among ours. */
static enum step_result keys_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(KEYS_MAX);
	struct q_webhook_keys_row row;

	buf_str(&out, STR("{\"keys\":["));
	for (int i = 0; i < db_rows(f->got, 0); i++) {
		int r = q_webhook_keys_row(f->got, 0, i, &row);

		if (r < 0)
			return flow_fail(f, r);
		buf_fmt(&out, "%s\"%.*s\"", i ? "," : "", (int)row.public_key.len,
			row.public_key.at);
	}
	buf_str(&out, STR("]}"));
	return buf_err(&out) < 0 ? flow_fail(f, buf_err(&out))
				 : flow_answer(f, 200, buf_view(&out));
}

const struct flow_step flow_webhook_keys[] = {
	{"load", keys_load},
	{"answer", keys_answer},
	{0},
};

static enum step_result rotate_load(struct flow *f)
{
	int r = flow_body(f);

	return r < 0 ? flow_fail(f, r) : webhook_load(f);
}

static int rotate(struct flow *f, struct webhook_secrets *s)
{
	CLEANUP(hook_setup_wipe) struct hook_setup setup = {0};
	struct webhook_rotation rotation;
	struct q_webhook_load_row row;
	int r = webhook_loaded(f, &row);

	if (r == 0)
		r = webhook_check_own(f, &row);
	if (r == 0)
		r = h_decode(f, &webhook_rotation_shape, SHAPE_CREATE, &rotation);
	if (r == 0)
		r = webhook_setup(f, &setup);
	if (r == 0)
		r = webhook_secrets_make(s);
	if (r < 0)
		return r;
	q_webhook_rotate_add(flow_batch(f),
			     &(struct q_webhook_rotate){
				     .id = f->param[0],
				     .seen = row.version,
				     .overlap_s = rotation.overlap_s.is_set
							  ? (int32_t)rotation.overlap_s.value
							  : OVERLAP_S,
				     .public_key = str_of(s->public_key),
				     .stale = h_stale(f),
				     .signing = -ERR_WEBHOOK_SIGNED,
			     });
	webhook_tell_next(f, "webhook.updated", &row);
	return webhook_secrets_add(f, &setup, f->param[0], row.secrets + 1, s);
}

enum step_result webhook_rotate_store(struct flow *f)
{
	struct webhook_secrets *s = f->state = ARENA_NEW(f->arena, struct webhook_secrets);
	int r = s ? rotate(f, s) : ERR_NOMEM;

	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "whk", f->param[0], 200);
}

static enum step_result rotate_answer(struct flow *f)
{
	return webhook_secrets_answer(f, f->state);
}

const struct flow_step flow_webhook_rotate[] = {
	{"load", rotate_load},
	{"store", webhook_rotate_store},
	{"answer", rotate_answer},
	{0},
};
