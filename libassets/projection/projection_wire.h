/*
 * Input of a projection from JSON, in the form of MODEL.md 9. Strict: every
 * fault is a flaw with its pointer, and with one there is no output.
 */
#pragma once

#include "libassets/base/names.h"
#include "libassets/shape/wire.h"
#include "projection_input.h"

/* A whole input. Everything lives in the arena, names by number in the order they were met. */
struct projection_input {
	struct day as_of;
	bool has_mc; /* a simulation is asked for, by what follows */
	uint64_t mc_seed;
	uint32_t mc_paths; /* 1 to SIMULATION_PATHS_MAX */
	struct projection_params params;
	struct names partner, class, cpp, locality;
	const struct projection_partner *settings; /* by partner */
	const uint32_t *class_index;               /* by class */
	const int64_t *class_beta;                 /* by class, ppm */
	struct projection_asset *asset;            /* in ascending order of their ids */
	uint32_t assets;
};

/*
 * Read a whole document. root: may be freed afterwards: what is kept is copied.
 * ERR_INVALID, ERR_RANGE  with flaws; *in is then of no use.
 * ERR_NOMEM               the arena has no room.
 */
MUST_CHECK int projection_input_read(struct projection_input *in, json_t *root, struct arena *arena,
				     struct flaws *flaws);

/* Two inputs, and the assets of the old one read once more as the new one's parameters do. */
struct movement_input {
	struct projection_input before, after;
	struct projection_asset *kept; /* as before.asset, in the numbers and words of `after` */
};

/*
 * Read {"old": …, "new": …}, each a whole document of the form above; `mc` is not looked at. A
 * plan whose stage the new parameters do not know is none in `kept`, a request likewise.
 * Errors as above; flaws have their places in the whole.
 */
MUST_CHECK int projection_movement_read(struct movement_input *in, json_t *root,
					struct arena *arena, struct flaws *flaws);

/*
 * Merge changes into parameters (MODEL.md 9): an object is merged key by key, a number, text, flag
 * or array replaces the old value. value: NULL changes nothing.
 * ERR_NOMEM  the arena has no room; faults are flaws, the return is then 0.
 */
MUST_CHECK int projection_params_read(struct projection_params *p, json_t *value,
				      const struct wire_at *at, struct arena *arena,
				      struct flaws *flaws);

/* Settings of a partner, over those in *ret_partner; the member `id` is known and not read. */
void projection_partner_read(struct projection_partner *ret_partner, json_t *value,
			     const struct wire_at *at, struct flaws *flaws);

/*
 * Parts of an asset. value: the JSON object, NULL for one that is not there, which changes
 * nothing. Where there are faults, flaws say so and the part is not to be used.
 */
void projection_valuation_read(struct projection_asset *a, json_t *value, const struct wire_at *at,
			       struct flaws *flaws);
void projection_plan_read(const struct projection_params *p, struct projection_plan *ret_plan,
			  json_t *value, const struct wire_at *at, struct flaws *flaws);

/* *ret_is_live is false of a request whose state has no effect, or which has a fault. */
void projection_request_read(const struct projection_params *p,
			     struct projection_request *ret_request, bool *ret_is_live,
			     json_t *value, const struct wire_at *at, struct flaws *flaws);
/* *ret_completed is set, in the arena, where value is an object. ERR_NOMEM  no room for it. */
MUST_CHECK int projection_completed_read(const struct projection_completed **ret_completed,
					 json_t *value, const struct wire_at *at,
					 struct arena *arena, struct flaws *flaws);
