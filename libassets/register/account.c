/*
 * The table of an account's fields.
 */
#include "account.h"

static const struct shape_field account_table[] = {
#define FIELD(...) SHAPE_ROW(account, __VA_ARGS__)
#include "account.def"
#undef FIELD
};

SHAPE(account, SHAPE_COMMON " link");
