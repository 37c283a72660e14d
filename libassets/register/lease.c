/*
 * The table of lease.def.
 */
#include "lease.h"

static const struct shape_field lease_table[] = {
#define FIELD(...) SHAPE_ROW(lease, __VA_ARGS__)
#include "lease.def"
#undef FIELD
};

SHAPE(lease, NULL);
