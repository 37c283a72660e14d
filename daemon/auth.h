/*
 * Who is asking. A key is `akey_live_` or `akey_test_`, 32 random bytes in base62 and a
 * 6-character base62 CRC32; the database keeps HMAC-SHA256(pepper, key) and the first 12
 * characters after the prefix for look-up. Roles are held on authorities; a key's scopes
 * narrow them. permission.def is the only list of permissions.
 */
#pragma once

#include "libassets/base.h"
#include "libassets/permission.h"
#include "libassets/str.h"

struct principal {
	struct str id;     /* prn_…, empty for anonymous */
	struct str key_id; /* key_…, empty without one */
	bool is_operator;
	size_t grant_count;
	const struct grant *grant; /* by authority id, ascending */
	uint64_t scopes;           /* bit by enum permission; a key can only narrow */
};

struct grant {
	struct str authority_id;
	unsigned roles; /* bits of enum role */
};

/* May this principal do that somewhere at all; and for that authority. */
bool principal_may(const struct principal *p, enum permission what);
bool principal_may_at(const struct principal *p, enum permission what, struct str authority_id);
