/*
 * Roles and permissions, from permission.def.
 */
#pragma once

#include "base.h"
#include "str.h"

/* As bits. VIEWER reads everything but money and contacts. */
enum role {
	ROLE_VIEWER = 1,
	ROLE_ESTATES = 2,
	ROLE_DECIDER = 4,
	ROLE_FINANCE = 8,
	ROLE_ADMIN = 16,
	ROLE_OPERATOR = 32,
	ROLE_ANY = 63,
};

enum permission {
#define PERM(id, scope, roles) PERM_##id,
#include "permission.def"
#undef PERM
	PERM_COUNT
};

/* Bits of enum role that give this permission; 0 for PERM_NONE. */
unsigned permission_roles(enum permission p);
/* Bits (by enum permission) of the scopes of a key that give it: its own, and those it is part of.
 */
uint64_t permission_scopes(enum permission p);
/* The scope's text, such as "assets:write". Never NULL. */
const char *permission_scope(enum permission p);
/* The permission of a scope text. ERR_NOT_FOUND if there is none. */
MUST_CHECK int permission_parse(struct str scope, enum permission *ret_permission);

/* VIEWER, ESTATES …; NULL for anything but one known bit. */
const char *role_name(unsigned role);
/* The bit of a role's name, 0 if there is none. */
unsigned role_parse(struct str name);
