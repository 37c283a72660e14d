/*
 * Who is asking. A key is `akey_live_` or `akey_test_`, 32 random bytes in base62 and a
 * 6-character base62 CRC32 (key.h); the database keeps HMAC-SHA256(pepper, key) and the
 * first 22 characters for look-up. Roles are held on authorities; a key's scopes narrow
 * them. permission.def is the only list of permissions.
 *
 * What was looked up is believed for AUTH_FRESH_MS by each worker: so long may a revoked key
 * still work.
 */
#pragma once

#include "daemon/db/db.h"
#include "libassets/base/base.h"
#include "libassets/base/str.h"
#include "libassets/shape/permission.h"

/* Milliseconds that a pass is good for without being looked up again. */
enum { AUTH_FRESH_MS = 5000 };

/* The cookie of a page's session: only over HTTPS, or to this machine itself, and to no other host.
 */
#define AUTH_COOKIE "__Host-sid"

/* Roles that a principal holds somewhere. */
struct grant {
	struct str authority_id; /* absent: on every authority */
	unsigned roles;          /* bits of enum role */
};

/* Who acts. Lives as long as the pass it came with, anonymous for ever. */
struct principal {
	struct str id;     /* prn_…, empty for anonymous */
	struct str key_id; /* key_…, empty without one */
	bool is_operator;
	size_t grant_count;
	const struct grant *grant; /* by authority id, ascending, an absent one first */
	uint64_t scopes;           /* bit by enum permission; a key can only narrow */
	struct str csrf;           /* of a page's session; absent with a key */
	struct str name;           /* as pages call them; absent with a key */
	/* Of an address of the forecast (fca_…), and the one query that it is for; else absent. */
	struct str address_id, question;
};

/* Nobody in particular; and whoever it is, while nobody has looked. */
extern const struct principal auth_anonymous, auth_unknown;

/*
 * May this principal do that somewhere at all; and for that authority. Both ask role and
 * scope: a key that lacks the scope may not, whatever its principal may. What row policies
 * say in SQL is asked besides, and has the last word.
 *
 * Example: ESTATES at aut_A may PERM_ASSET_WRITE somewhere and at aut_A, not at aut_B.
 */
bool principal_may(const struct principal *p, enum permission what);
bool principal_may_at(const struct principal *p, enum permission what, struct str authority_id);

/* The secrets and the memory of one worker; on its thread only. */
struct auth;

/* pepper is copied. NULL without memory or when the pepper is shorter than PEPPER_MIN. */
struct auth *auth_new(struct str pepper);
/* The same with the pepper in a file, of which at most 4 KiB count. NULL, having logged why. */
struct auth *auth_open(const char *pepper_file);
/* Overwrites the pepper. Passes still held live on. Takes NULL. */
void auth_free(struct auth *a);

/* HMAC-SHA256 of a key with the pepper: what the database keeps. ERR_BUG  OpenSSL refused. */
MUST_CHECK int auth_hash(const struct auth *a, struct str key, unsigned char ret_hash[32]);

/*
 * HMAC-SHA256 of a text under a key made from the pepper for one purpose: for signed cursors
 * and the like, so that what was signed for one thing counts for no other.
 * ERR_BUG  OpenSSL refused.
 */
MUST_CHECK int auth_sign(const struct auth *a, const char *purpose, struct str text,
			 unsigned char ret_mac[32]);

/* A key (from Authorization), the token of a session (a cookie), of an address (its query). */
enum credential_kind { CREDENTIAL_KEY, CREDENTIAL_SESSION, CREDENTIAL_ADDRESS };

/* What somebody showed. */
struct credential {
	struct str secret; /* as sent */
	enum credential_kind kind;
	unsigned char hash[32]; /* what the database keeps of it */
};

/*
 * Read a key; and a token of that kind. ret->secret borrows the text.
 * ERR_UNAUTHENTICATED  it cannot be one of ours, by its form alone: nobody is asked
 * ERR_BUG              OpenSSL refused
 */
MUST_CHECK int auth_read_key(struct auth *a, struct str key, struct credential *ret);
MUST_CHECK int auth_read_token(enum credential_kind kind, struct str token, struct credential *ret);

/* A principal as it was looked up, kept while somebody holds it. */
struct auth_pass;
/* Borrowed from the pass. */
const struct principal *auth_principal(const struct auth_pass *p);
/* Give it back; the last one frees it. NULL is fine. */
void auth_drop(struct auth_pass *p);

/* Has this credential been a good one here, however long ago? Another may have taken its place. */
bool auth_has_met(struct auth *a, const struct credential *c);
/* The pass of a credential learnt within AUTH_FRESH_MS, to be given back; NULL without one. */
struct auth_pass *auth_recall(struct auth *a, const struct credential *c);

/* Add the statement that looks a credential up: one of its kind. */
void auth_ask(struct db_batch *b, const struct credential *c);

/*
 * Read its answer, remember it, and give the pass, to be given back. ret_is_touch_due: the
 * last use of the key or address was noted more than a minute ago.
 * statement: its number in the reply.
 * ERR_UNAUTHENTICATED  no such key or session, another secret, expired, revoked, closed
 * ERR_NOT_FOUND        no such address
 * ERR_GONE             it was ended, has expired, or its maker's key no longer works
 * ERR_NOMEM
 * ERR_BUG              the row is not what the query says
 */
MUST_CHECK int auth_learn(struct auth *a, const struct credential *c, const struct db_reply *r,
			  int statement, struct auth_pass **ret_pass, bool *ret_is_touch_due);
