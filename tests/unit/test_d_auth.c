/*
 * Who may what: roles on authorities, narrowed by a key's scopes.
 */
#include <criterion/criterion.h>

#include "daemon/route/auth.h"

static const struct grant grants[] = {
	{STR_INIT("aut_a"), ROLE_ESTATES},
	{STR_INIT("aut_b"), ROLE_VIEWER | ROLE_FINANCE},
};

static struct principal somebody(void)
{
	return (struct principal){.id = STR("prn_1"),
				  .key_id = STR("key_1"),
				  .grant = grants,
				  .grant_count = 2,
				  .scopes = UINT64_MAX};
}

Test(auth, nobody_may_only_what_needs_nobody)
{
	cr_assert(principal_may(&auth_anonymous, PERM_NONE));
	for (int p = PERM_NONE + 1; p < PERM_COUNT; p++)
		cr_assert_not(principal_may(&auth_anonymous, (enum permission)p));
}

Test(auth, a_role_counts_where_it_is_held)
{
	struct principal who = somebody();

	cr_assert(principal_may(&who, PERM_ASSET_WRITE));
	cr_assert(principal_may_at(&who, PERM_ASSET_WRITE, STR("aut_a")));
	cr_assert_not(principal_may_at(&who, PERM_ASSET_WRITE, STR("aut_b")));
	cr_assert(principal_may_at(&who, PERM_MONEY_READ, STR("aut_b")));
	cr_assert_not(principal_may_at(&who, PERM_MONEY_READ, STR("aut_c")));
	cr_assert_not(principal_may(&who, PERM_OPERATE));
}

Test(auth, a_grant_without_an_authority_counts_everywhere)
{
	static const struct grant everywhere[] = {{{0}, ROLE_DECIDER}};
	struct principal who = somebody();

	who.grant = everywhere;
	who.grant_count = 1;
	cr_assert(principal_may_at(&who, PERM_REQUEST_DECIDE, STR("aut_c")));
	cr_assert_not(principal_may_at(&who, PERM_ASSET_WRITE, STR("aut_c")));
}

Test(auth, a_key_only_narrows)
{
	struct principal who = somebody();

	who.scopes = (uint64_t)1 << PERM_MONEY_READ | (uint64_t)1 << PERM_OPERATE;
	cr_assert_not(principal_may(&who, PERM_ASSET_WRITE));
	cr_assert(principal_may(&who, PERM_MONEY_READ));
	cr_assert_not(principal_may(&who, PERM_OPERATE));
	cr_assert(principal_may(&who, PERM_NONE));
	who.is_operator = true;
	cr_assert(principal_may(&who, PERM_OPERATE));
}

Test(auth, a_short_pepper_is_none)
{
	cr_assert_null(auth_new(STR("too short")));
}

Test(auth, what_cannot_be_a_key_asks_nobody)
{
	struct auth *a = auth_new(STR("0123456789abcdef0123456789abcdef"));
	struct credential c;

	cr_assert(auth_read_key(a, STR("akey_live_nonsense"), &c) < 0);
	cr_assert(auth_read_key(a, STR(""), &c) < 0);
	cr_assert(auth_read_token(CREDENTIAL_SESSION, (struct str){0}, &c) < 0);
	cr_assert_eq(auth_read_token(CREDENTIAL_SESSION, STR("token"), &c), 0);
	cr_assert_eq(c.kind, CREDENTIAL_SESSION);
	cr_assert_null(auth_recall(a, &c));
	auth_free(a);
}
