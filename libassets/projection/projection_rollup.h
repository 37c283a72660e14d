/*
 * Sums of owners' cells by class, partnership, decile, locality and partner, by quarter, in
 * three scenarios. An asset is added and taken away exactly, so that a change of one asset
 * gives the same bits as starting again. Sums cannot overflow; whether one fits 64 bits is
 * the reader's question. Source: MODEL.md 7, 8, 9.
 *
 * One writer at a time. Keys are the numbers that assets carry; rows come into being when
 * first needed, and adding allocates for nothing else.
 */
#pragma once

#include "projection_input.h"
#include "projection_model.h"
#include "projection_result.h"

enum rollup_dim {
#define ROLLUP(word) ROLLUP_##word,
#include "projection.def"
#undef ROLLUP
	ROLLUPS
};

enum { ROLLUP_HEAPS = 3 };

struct rollup_dim_sums {
	uint32_t keys; /* rows there is room for */
	/* Sums by key, scenario, slot, amount; and how often 2^64 is to be added to each. */
	struct {
		int64_t *sum;
		int32_t *carry;
	} heap[ROLLUP_HEAPS];
};

/*
 * Slots are the quarters of the horizon, what came in before them by financial year, and
 * what comes after them in one.
 */
struct rollup {
	int32_t actual_fy;     /* the first year with a slot of its own for actuals */
	int32_t first_quarter; /* of the horizon */
	int32_t end_quarter;
	bool has_carried; /* some sum is beyond 64 bits */
	uint64_t bound;   /* no sum is larger, up to 2^62, where it stays */
	/* Where an asset's cells are shared out: its owners' units, and their parts. */
	int64_t units[PROJECTION_OWNERS_MAX];
	int64_t part[PROJECTION_OWNERS_MAX];
	struct rollup_dim_sums dim[ROLLUPS]; /* ALL is not kept: it is the sum of the deciles */
};

/* Pence; in 128 bits, since a sum of amounts that fit may not. */
struct rollup_track {
	int128 gross_pence, cost_pence, net_pence, pv_pence;
};

struct rollup_sums {
	struct rollup_track baseline, adjusted;
	int128 rent_pence, forgone_pence; /* of the adjusted track */
	int64_t cells;                    /* owners' cells in it, of both tracks: 0 is no row */
};

/* A span of slots: from, to (not in it). */
struct rollup_span {
	uint32_t from, to;
};

/* Empty, with the model's horizon; for rollup_done. Keeps no reference to the model. */
void rollup_init(struct rollup *r, const struct projection_model *m);
void rollup_done(struct rollup *r);

/*
 * Add what an asset's projection says, or take the same away again. A result with an error
 * status changes nothing. To take away, give the very asset and result that were added: keep
 * or rebuild them from what the asset was.
 * ERR_NOMEM  nothing was changed.
 */
MUST_CHECK int rollup_add(struct rollup *r, const struct projection_asset *a,
			  const struct projection_result *result);
MUST_CHECK int rollup_subtract(struct rollup *r, const struct projection_asset *a,
			       const struct projection_result *result);

/* Add all of `from`, which has the same horizon. ERR_NOMEM  `to` is then of no more use. */
MUST_CHECK int rollup_merge(struct rollup *to, const struct rollup *from);

/* How many keys a dimension may have; those without a cell are not rows. */
uint32_t rollup_keys(const struct rollup *r, enum rollup_dim dim);

/* The sums of a key over a span; all zero for what is not there. */
struct rollup_sums rollup_read(const struct rollup *r, enum rollup_dim dim, uint32_t key,
			       enum projection_scenario scenario, struct rollup_span span);

/*
 * The slots of: the horizon, a quarter, a year inside the horizon, actuals of a year before it,
 * all after it. A year without a slot is an empty span; a quarter past the horizon is that of
 * all after it.
 */
struct rollup_span rollup_total(const struct rollup *r);
struct rollup_span rollup_quarter(const struct rollup *r, int32_t quarter);
struct rollup_span rollup_year(const struct rollup *r, int32_t fy);
struct rollup_span rollup_actual(const struct rollup *r, int32_t fy);
struct rollup_span rollup_beyond(const struct rollup *r);
