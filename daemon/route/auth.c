/*
 * Keys and sessions to principals, remembered for a moment. One table of slots a worker,
 * found by the credential's hash; a slot holds one pass, and the newer takes it. A pass is
 * counted: a flow may hold it longer than the slot does.
 *
 * Secrets are compared as HMAC or SHA-256, in constant time, and never stored or logged.
 *
 * Nothing here tells workers of a revocation: a pass is simply forgotten soon. A hash is the
 * place of its slot, so what one client sends cannot push another's pass out on purpose.
 */
#include "auth.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/key.h"
#include "daemon/base/log.h"
#include "libassets/base/arena.h"
#include "libassets/base/err.h"
#include "q.h"

enum {
	SLOTS = 1024,                /* passes remembered by one worker, at most */
	PASS_ARENA_MAX = 256 * 1024, /* bytes of one pass */
	PEPPER_MAX = 4096,           /* bytes that are read of its file */
	TOKEN_MAX = 128,             /* characters of a token; ours have 43 */
	GRANTS_MAX = 2000,           /* of one principal */
};

struct auth_pass {
	unsigned refs;
	enum credential_kind kind;
	unsigned char hash[32];
	int64_t learned_us; /* monotonic */
	struct principal principal;
	struct arena arena;
};

struct auth {
	struct key_hasher *hasher;
	struct auth_pass *slot[SLOTS];
};

/* A row of key_find, session_find or forecast_address_find. */
struct found {
	struct str key_id, principal_id, csrf, name, scopes, grants, address_id, question;
	bool is_operator, is_live, is_touch_due;
};

const struct principal auth_anonymous = {.id = STR_INIT(""), .key_id = STR_INIT("")};
const struct principal auth_unknown = {.id = STR_INIT(""), .key_id = STR_INIT("")};

static unsigned roles_at(const struct principal *p, const struct str *authority_id)
{
	unsigned roles = p->is_operator ? ROLE_OPERATOR : 0;

	for (size_t i = 0; i < p->grant_count; i++) {
		const struct grant *g = &p->grant[i];

		if (!authority_id || str_is_null(g->authority_id) ||
		    str_eq(g->authority_id, *authority_id))
			roles |= g->roles;
	}
	return roles;
}

/* NULL: somewhere. A grant without an authority counts everywhere. */
static bool may(const struct principal *p, enum permission what, const struct str *authority_id)
{
	if (what == PERM_NONE)
		return true;
	if (!p->id.len || !(p->scopes & permission_scopes(what)))
		return false;
	return roles_at(p, authority_id) & permission_roles(what);
}

bool principal_may(const struct principal *p, enum permission what)
{
	return may(p, what, NULL);
}

bool principal_may_at(const struct principal *p, enum permission what, struct str authority_id)
{
	return may(p, what, &authority_id);
}

struct auth *auth_new(struct str pepper)
{
	struct auth *a;

	a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->hasher = key_hasher_new(pepper);
	if (a->hasher)
		return a;
	free(a);
	return NULL;
}

struct auth *auth_open(const char *pepper_file)
{
	char bytes[PEPPER_MAX];
	FILE *f = fopen(pepper_file, "re");
	struct auth *a = NULL;
	size_t n = 0;

	if (f) {
		n = fread(bytes, 1, sizeof(bytes), f);
		(void)fclose(f);
		a = auth_new((struct str){bytes, n});
	}
	if (!a)
		log_error("no pepper: [auth] pepper_file must name a file of at least 32 bytes",
			  F_Z("pepper_file", pepper_file), F_INT("bytes", (int64_t)n));
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return a;
}

int auth_hash(const struct auth *a, struct str key, unsigned char ret_hash[32])
{
	return key_hash(a->hasher, key, ret_hash);
}

void auth_free(struct auth *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		auth_drop(a->slot[i]);
	key_hasher_free(a->hasher);
	free(a);
}

int auth_sign(const struct auth *a, const char *purpose, struct str text, unsigned char ret_mac[32])
{
	unsigned char key[32];
	unsigned len = 0;
	int r = key_hash(a->hasher, str_of(purpose), key);

	if (r < 0)
		return r;
	if (!HMAC(EVP_sha256(), key, sizeof(key), (const unsigned char *)text.at, text.len, ret_mac,
		  &len))
		r = ERR_BUG;
	OPENSSL_cleanse(key, sizeof(key));
	return r;
}

/* Who falls on the same slot takes it; the other is then asked for again, that is all. */
static struct auth_pass **slot_of(struct auth *a, const struct credential *c)
{
	return &a->slot[(c->hash[0] << 8 | c->hash[1]) % SLOTS];
}

static bool is_of(const struct auth_pass *p, const struct credential *c)
{
	return p && p->kind == c->kind && CRYPTO_memcmp(p->hash, c->hash, sizeof(c->hash)) == 0;
}

bool auth_has_met(struct auth *a, const struct credential *c)
{
	return is_of(*slot_of(a, c), c);
}

/* Who is known here has shown a sound one: its form is looked at when its hash is new. */
int auth_read_key(struct auth *a, struct str key, struct credential *ret)
{
	struct credential c = {.secret = key};
	int r;

	if (key.len != KEY_LENGTH)
		return ERR_UNAUTHENTICATED;
	r = key_hash(a->hasher, key, c.hash);
	if (r < 0)
		return r;
	if (!auth_has_met(a, &c) && !key_is_sound(key))
		return ERR_UNAUTHENTICATED;
	*ret = c;
	return 0;
}

/* Random throughout, so a plain hash gives nothing away and needs no pepper. */
int auth_read_token(enum credential_kind kind, struct str token, struct credential *ret)
{
	unsigned len = 0;

	if (!token.len || token.len > TOKEN_MAX)
		return ERR_UNAUTHENTICATED;
	*ret = (struct credential){.secret = token, .kind = kind};
	return EVP_Digest(token.at, token.len, ret->hash, &len, EVP_sha256(), NULL) ? 0 : ERR_BUG;
}

const struct principal *auth_principal(const struct auth_pass *p)
{
	return &p->principal;
}

void auth_drop(struct auth_pass *p)
{
	if (!p || --p->refs)
		return;
	arena_done(&p->arena);
	free(p);
}

struct auth_pass *auth_recall(struct auth *a, const struct credential *c)
{
	struct auth_pass *p = *slot_of(a, c);

	if (!is_of(p, c) || clock_mono_us() - p->learned_us > AUTH_FRESH_MS * 1000)
		return NULL;
	p->refs++;
	return p;
}

void auth_ask(struct db_batch *b, const struct credential *c)
{
	char hash[DB_BYTEA_TEXT(32)];

	db_bytea(c->hash, sizeof(c->hash), hash);
	switch (c->kind) {
	case CREDENTIAL_KEY:
		q_key_find_add(b, &(struct q_key_find){.prefix = key_prefix(c->secret)});
		break;
	case CREDENTIAL_SESSION:
		q_session_find_add(b, &(struct q_session_find){.hash = str_of(hash)});
		break;
	case CREDENTIAL_ADDRESS:
		q_forecast_address_find_add(
			b, &(struct q_forecast_address_find){.hash = str_of(hash)});
		break;
	}
}

/* Found by its beginning, which is no secret; whether it is the key is decided here. */
static int found_key(const struct credential *c, const struct db_reply *r, int statement,
		     struct found *ret)
{
	struct q_key_find_row row;
	char want[DB_BYTEA_TEXT(KEY_HASH)];
	int err = q_key_find_one(r, statement, &row);

	if (err < 0)
		return err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
	db_bytea(c->hash, sizeof(c->hash), want);
	if (row.hash.len != sizeof(want) - 1 ||
	    CRYPTO_memcmp(row.hash.at, want, sizeof(want) - 1) != 0)
		return ERR_UNAUTHENTICATED;
	*ret = (struct found){
		.key_id = row.key_id,
		.principal_id = row.principal_id,
		.scopes = row.scopes,
		.grants = row.grants,
		.is_operator = row.is_operator,
		.is_live = row.is_live,
		.is_touch_due = row.is_touch_due,
	};
	return 0;
}

static int found_session(const struct db_reply *r, int statement, struct found *ret)
{
	struct q_session_find_row row;
	int err = q_session_find_one(r, statement, &row);

	if (err < 0)
		return err == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : err;
	*ret = (struct found){
		.key_id = row.key_id,
		.principal_id = row.principal_id,
		.csrf = row.csrf,
		.name = row.name,
		.scopes = row.scopes,
		.grants = row.grants,
		.is_operator = row.is_operator,
		.is_live = row.is_live,
	};
	return 0;
}

/* Who has the token itself may be told that it works no longer. */
static int found_address(const struct db_reply *r, int statement, struct found *ret)
{
	struct q_forecast_address_find_row row;
	int err = q_forecast_address_find_one(r, statement, &row);

	if (err < 0)
		return err;
	*ret = (struct found){
		.key_id = row.key_id,
		.principal_id = row.principal_id,
		.scopes = row.scopes,
		.grants = row.grants,
		.is_operator = row.is_operator,
		.is_live = row.is_live,
		.is_touch_due = row.is_touch_due,
		.address_id = row.address_id,
		.question = row.question,
	};
	return row.is_live ? 0 : ERR_GONE;
}

static int found_of(const struct credential *c, const struct db_reply *r, int statement,
		    struct found *ret)
{
	switch (c->kind) {
	case CREDENTIAL_KEY:
		return found_key(c, r, statement, ret);
	case CREDENTIAL_SESSION:
		return found_session(r, statement, ret);
	case CREDENTIAL_ADDRESS:
		return found_address(r, statement, ret);
	}
	return ERR_BUG;
}

/* ["assets:read", …]; "*" is all of them. A scope we no longer know gives nothing. */
static uint64_t read_scopes(struct str text)
{
	json_auto_t *root = json_loadb(text.at, text.len, 0, NULL);
	const json_t *item;
	uint64_t scopes = 0;
	size_t i;

	json_array_foreach (root, i, item) {
		struct str scope = str_of(json_string_value(item));
		enum permission p;

		if (str_eq(scope, STR("*")))
			scopes = UINT64_MAX;
		else if (permission_parse(scope, &p) == 0)
			scopes |= (uint64_t)1 << p;
	}
	return scopes;
}

static unsigned read_roles(const json_t *roles)
{
	const json_t *item;
	unsigned bits = 0;
	size_t i;

	json_array_foreach (roles, i, item)
		bits |= role_parse(str_of(json_string_value(item)));
	return bits;
}

/* [{"authority_id": "aut_…" or null, "roles": ["VIEWER", …]}, …] */
static int read_grants(struct str text, struct auth_pass *p)
{
	json_auto_t *root = json_loadb(text.at, text.len, 0, NULL);
	size_t n = json_array_size(root), i;
	struct grant *grant;
	const json_t *item;

	if (!json_is_array(root) || n > GRANTS_MAX)
		return ERR_BUG;
	grant = ARENA_ARRAY(&p->arena, n + 1, struct grant);
	if (!grant)
		return ERR_NOMEM;
	json_array_foreach (root, i, item) {
		const char *at = json_string_value(json_object_get(item, "authority_id"));

		grant[i].roles = read_roles(json_object_get(item, "roles"));
		grant[i].authority_id = arena_str(&p->arena, str_of(at));
		if (at && str_is_null(grant[i].authority_id))
			return ERR_NOMEM;
	}
	p->principal.grant = grant;
	p->principal.grant_count = n;
	return 0;
}

static int fill_pass(struct auth_pass *p, const struct found *found)
{
	struct principal *who = &p->principal;

	who->id = arena_str(&p->arena, found->principal_id);
	who->key_id = arena_str(&p->arena, found->key_id);
	who->csrf = arena_str(&p->arena, found->csrf);
	who->name = arena_str(&p->arena, found->name);
	who->is_operator = found->is_operator;
	who->scopes = read_scopes(found->scopes);
	who->address_id = arena_str(&p->arena, found->address_id);
	who->question = arena_str(&p->arena, found->question);
	/* Whatever else its maker's key may: an address reads. */
	if (found->address_id.at)
		who->scopes &= UINT64_C(1) << PERM_MONEY_READ;
	if (str_is_null(who->address_id) != str_is_null(found->address_id) ||
	    str_is_null(who->question) != str_is_null(found->question))
		return ERR_NOMEM;
	if (str_is_null(who->id) || str_is_null(who->key_id) ||
	    str_is_null(who->csrf) != str_is_null(found->csrf) ||
	    str_is_null(who->name) != str_is_null(found->name))
		return ERR_NOMEM;
	return read_grants(found->grants, p);
}

int auth_learn(struct auth *a, const struct credential *c, const struct db_reply *r, int statement,
	       struct auth_pass **ret_pass, bool *ret_is_touch_due)
{
	struct auth_pass **slot = slot_of(a, c);
	struct auth_pass *p;
	struct found found;
	int err;

	err = found_of(c, r, statement, &found);
	if (!err && !found.is_live)
		err = ERR_UNAUTHENTICATED;
	if (err)
		return err;

	p = calloc(1, sizeof(*p));
	if (!p)
		return ERR_NOMEM;
	p->refs = 1;
	arena_init(&p->arena, PASS_ARENA_MAX);
	err = fill_pass(p, &found);
	if (err) {
		auth_drop(p);
		return err;
	}
	p->kind = c->kind;
	p->learned_us = clock_mono_us();
	memcpy(p->hash, c->hash, sizeof(p->hash));
	/* Whoever still uses the one that stood there has a reference of its own. */
	auth_drop(*slot);
	*slot = p;
	p->refs++;
	*ret_pass = p;
	*ret_is_touch_due = found.is_touch_due;
	return 0;
}
