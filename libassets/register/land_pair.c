/*
 * The table of pairs of assets. What a pair means is the database's to say: it keeps the bar.
 */
#include "land_pair.h"

static const struct shape_field land_pair_table[] = {
#define FIELD(...) SHAPE_ROW(land_pair, __VA_ARGS__)
#include "land_pair.def"
#undef FIELD
};

SHAPE(land_pair, SHAPE_COMMON " authority_id other_authority_id asset_name other_name source "
			      "decided_on was_rejected");
