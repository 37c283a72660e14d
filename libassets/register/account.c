/*
 * The tables of an account's fields.
 */
#include "account.h"

static const struct shape_field account_role_table[] = {
#define FIELD(...) SHAPE_ROW(account_role, __VA_ARGS__)
#include "account_role.def"
#undef FIELD
};

SHAPE(account_role, NULL);

static const struct shape_field account_table[] = {
#define FIELD(...) SHAPE_ROW(account, __VA_ARGS__)
#include "account.def"
#undef FIELD
};

SHAPE(account, SHAPE_COMMON " link link_sent");
