/*
 * Assets: what is sent of them, and what the register makes of it.
 *
 * The members of the structs, their types and bounds are the rows of owner.def and asset.def:
 * a text is absent, a number or flag not `is_set`, a day DAY_NONE when it is not given.
 */
#pragma once

#include "libassets/shape/shape_row.h"

/* Of one asset. */
enum { OWNERS_MAX = 100 };

/* A joint owner: units say which part of a receipt is theirs, of the sum of all units. */
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

/* One entry goes, the other stays. */
struct asset_merge {
#define FIELD SHAPE_MEMBER
#include "asset_merge.def"
#undef FIELD
};

/* For shape_decode() and its kin; constants. */
extern const struct shape owner_shape;
extern const struct shape asset_shape;
extern const struct shape asset_merge_shape;

/* What the register knows around an asset. Texts are borrowed. */
struct asset_around {
	struct str only_cpp_id;    /* of an authority in exactly one partnership; else absent */
	int64_t zone_decile;       /* of the data zone; 0: there is no such zone */
	struct str plan_lifecycle; /* what the plan's stage makes of it; absent without a plan */
	bool is_disposed;          /* its lifecycle is DISPOSED, for good */
	struct day today;          /* in Europe/London */
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
 * ERR_INVALID, ERR_RANGE  see flaws, those of decoding included
 * ERR_WEIGHTS             the owners' units sum to nothing
 * ERR_DATE_IN_FUTURE      effective_on or checked_on is after today
 * ERR_LIFECYCLE           lifecycle is changed although the plan, or the disposal, says what it
 *                         is; no flaw is added
 * ERR_NOMEM
 */
MUST_CHECK int asset_settle(struct asset *a, const struct asset *before,
			    const struct asset_around *around, struct flaws *flaws);

/*
 * What more is wrong with a new asset whose decoding has found flaws already, so that whoever sent
 * it hears of all at once: half a place, the lease, days that have not come. Adds flaws.
 */
void asset_look(const struct asset *a, struct day today, struct flaws *flaws);

/*
 * The lifecycle that a plan's stage stands for; absent for method NONE or no stage. Borrows
 * from `stage`, or is a constant.
 *
 * Example: MISSIVES is UNDER_OFFER, IDENTIFIED is IN_USE, MARKETING is itself.
 */
struct str asset_lifecycle_of_plan(struct str method, struct str stage);
