/*
 * Roles and permissions, from permission.def. A person holds roles on authorities; a key
 * holds scopes, which are permissions, out of its principal's roles and never beyond them.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

/*
 * As bits, so that a grant holds any set of them. VIEWER reads everything but money and
 * contacts; OPERATOR acts for the whole installation.
 */
enum role {
	ROLE_VIEWER = 1,
	ROLE_ESTATES = 2,
	ROLE_DECIDER = 4,
	ROLE_FINANCE = 8,
	ROLE_ADMIN = 16,
	ROLE_OPERATOR = 32,
	ROLE_ANY = 63,
};

/* PERM_NONE comes first and is 0: what everybody may. */
enum permission {
#define PERM(id, scope, roles) PERM_##id,
#include "permission.def"
#undef PERM
	PERM_COUNT
};

/* Bits of enum role that give this permission; 0 for PERM_NONE. */
unsigned permission_roles(enum permission p);
/*
 * Bits (1 << enum permission) of the scopes of a key that give it: its own, and those it is
 * part of. requests:act is given by requests:write and by requests:decide.
 */
uint64_t permission_scopes(enum permission p);
/* The scope's text, such as "assets:write"; "" for PERM_NONE. A constant, never NULL. */
const char *permission_scope(enum permission p);
/* The permission of a scope text, never PERM_NONE. ERR_NOT_FOUND  it is no scope of ours. */
MUST_CHECK int permission_parse(struct str scope, enum permission *ret_permission);

/* VIEWER, ESTATES …; NULL for anything but one known bit. */
const char *role_name(unsigned role);
/* The bit of a role's name, 0 if there is none. */
unsigned role_parse(struct str name);
