/*
 * Assets: what is sent of them, and what the register makes of it.
 */
#pragma once

#include "shape_row.h"

enum { OWNERS_MAX = 100 };

struct owner {
#define FIELD SHAPE_MEMBER
#include "owner.def"
#undef FIELD
};

struct asset {
#define FIELD SHAPE_MEMBER
#include "asset.def"
#undef FIELD
};

extern const struct shape owner_shape;
extern const struct shape asset_shape;

/* What the register knows around an asset. */
struct asset_around {
	struct str only_cpp_id;    /* of an authority in exactly one partnership; else absent */
	int64_t zone_decile;       /* of the data zone; 0: there is no such zone */
	struct str plan_lifecycle; /* what the plan's stage makes of it; absent without a plan */
	bool is_disposed;
	struct day today;
};

/*
 * Settle what is sent: defaults, what follows from other fields, and what fields say of one
 * another.
 *
 * a:       decoded by asset_shape; changed in place.
 * before:  as it stands in the register; NULL on creation.
 * flaws:   gets what is wrong; a->owners is in its arena.
 *
 * Derived: cpp_id (only_cpp_id when none is given), decile (zone_decile when data_zone is
 * given), owners (authority_id, 1 when none are given), lat and lon from easting and northing
 * or the other way round, whichever was changed; both when they lie within GRID_OFF_M.
 *
 * ERR_INVALID, ERR_WEIGHTS  see flaws    ERR_DATE_IN_FUTURE  effective_on is after today
 * ERR_LIFECYCLE  lifecycle is changed although the plan, or the disposal, says what it is
 */
MUST_CHECK int asset_settle(struct asset *a, const struct asset *before,
			    const struct asset_around *around, struct flaws *flaws);

/* The lifecycle that a plan's stage stands for; absent for method NONE or no stage. */
struct str asset_lifecycle_of_plan(struct str method, struct str stage);
