/*
 * The movement between two runs: asset by asset, by how much the expected net receipt (LIKELY,
 * adjusted) of each partner and quarter differs, and which change of the inputs did it. The steps
 * of an asset telescope, so all rows sum exactly to the new run less the old. Source: MODEL.md 12.
 *
 * Sums are 128 bits wide and never wrap; whether one fits an amount is for who shows it
 * (money_fits).
 */
#pragma once

#include "libassets/base/names.h"
#include "projection.h"

enum movement_code {
#define MOVEMENT(word, meaning) MOVEMENT_##word,
#include "movement.def"
#undef MOVEMENT
	MOVEMENTS
};

/* Some partner's expectation of some quarter, or how it differs. */
struct movement_cell {
	uint32_t partner;
	int32_t quarter;
	int128 pence;
};

/*
 * One step of one asset. The cells are those that differ, by the partners' names, then by quarter:
 * there is at least one. All quarters count, those before the run and beyond the horizon too.
 */
struct movement_row {
	enum movement_code code;
	int128 value; /* sum of the cells */
	int128 moved; /* what only changed quarter or owner: (sum of |cells| less |value|) / 2 */
	const struct movement_cell *cell;
	size_t cells;
};

/* What two runs are made of. All of it is borrowed until movement_free(). */
struct movement_ground {
	const struct projection_model *before; /* old parameters, old date */
	const struct projection_model *rolled; /* old parameters, new date; `before` if it is one */
	const struct projection_model *after;  /* new parameters, new date */
	bool is_same_params;                   /* old and new parameters and settings are equal */
	const struct names *partner;           /* as `kept` and `after` of a pair number them */
};

/*
 * An asset of the two runs. NULL in `before` and `kept`: not in the old one; in `after`: not in
 * the new one.
 */
struct movement_pair {
	const struct projection_asset *before; /* the old inputs as the old parameters read them */
	const struct projection_asset *kept; /* the same as the new ones do; owners in that order */
	const struct projection_asset *after; /* the new inputs */
	bool is_unchanged;                    /* kept and after are known to be equal */
};

struct movement;

/* Working memory of one thread; NULL without memory. Yours to free: that takes NULL. */
struct movement *movement_new(const struct movement_ground *ground);
void movement_free(struct movement *m);

/* Another row; borrowed for the call. A negative return ends the asset and is handed on. */
typedef int movement_take_fn(void *arg, const struct movement_row *row);

/*
 * The rows of one asset, in the order of their codes; of an asset that is only in one run NEW or
 * DEL alone. An asset with an error status in a step has no cells in it. ERR_NOMEM  or what `take`
 * returned.
 */
MUST_CHECK int movement_asset(struct movement *m, const struct movement_pair *pair,
			      movement_take_fn *take, void *arg);

/* The new run's cells of the last asset, zeros included, ordered as above; until the next call. */
const struct movement_cell *movement_closing(const struct movement *m, size_t *ret_cells);

/* "ROLL": a constant. */
const char *movement_word(enum movement_code code);
