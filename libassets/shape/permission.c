/*
 * Look-ups in permission.def and in the names of roles. A permission that is part of another
 * one's scope is a case of permission_scopes().
 */
#include "permission.h"

#include "libassets/base/err.h"

static const struct {
	const char *scope;
	unsigned roles;
} permission_table[] = {
#define PERM(id, scope, roles) [PERM_##id] = {scope, roles},
#include "permission.def"
#undef PERM
};

static const struct {
	unsigned role;
	const char *name;
} role_table[] = {
	{ROLE_VIEWER, "VIEWER"},   {ROLE_ESTATES, "ESTATES"}, {ROLE_DECIDER, "DECIDER"},
	{ROLE_FINANCE, "FINANCE"}, {ROLE_ADMIN, "ADMIN"},     {ROLE_OPERATOR, "OPERATOR"},
};

unsigned permission_roles(enum permission p)
{
	return permission_table[p].roles;
}

uint64_t permission_scopes(enum permission p)
{
	uint64_t scopes = (uint64_t)1 << p;

	/* Which event it is stands in the body; until that is read, either scope will do. */
	if (p == PERM_REQUEST_ACT)
		scopes |= (uint64_t)1 << PERM_REQUEST_WRITE | (uint64_t)1 << PERM_REQUEST_DECIDE;
	return scopes;
}

const char *permission_scope(enum permission p)
{
	return permission_table[p].scope;
}

int permission_parse(struct str scope, enum permission *ret_permission)
{
	for (int p = PERM_NONE + 1; p < PERM_COUNT; p++) {
		if (str_eq(scope, str_of(permission_table[p].scope))) {
			*ret_permission = (enum permission)p;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

const char *role_name(unsigned role)
{
	for (size_t i = 0; i < COUNT(role_table); i++) {
		if (role_table[i].role == role)
			return role_table[i].name;
	}
	return NULL;
}

unsigned role_parse(struct str name)
{
	for (size_t i = 0; i < COUNT(role_table); i++) {
		if (str_eq(name, str_of(role_table[i].name)))
			return role_table[i].role;
	}
	return 0;
}
