/*
 * Accounts of people as they are asked for.
 */
#pragma once

#include "libassets/shape/shape_form.h"
#include "libassets/shape/shape_row.h"

#define ACCOUNT_ROLES "VIEWER ESTATES DECIDER FINANCE ADMIN"

enum { ACCOUNT_LINK_DAYS = 3 /* that a link sets a password */ };

struct account_role {
#define FIELD SHAPE_MEMBER
#include "account_role.def"
#undef FIELD
};

struct account {
#define FIELD SHAPE_MEMBER
#include "account.def"
#undef FIELD
};

extern const struct shape account_role_shape;
extern const struct shape account_shape;
