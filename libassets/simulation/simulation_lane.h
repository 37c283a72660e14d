/*
 * An asset made ready for the kernels of the simulation, and what they work on. A kernel follows
 * one asset down a run of paths and adds what it nets into rows of sums, one row a financial year.
 * Kernels differ in how many paths they take at a time and in nothing else: same bits from each.
 *
 * Every draw is compared with whole numbers up to 2^32: u * of < share * 2^32 is u < upto, where
 * upto is share * 2^32 / of, rounded up (MODEL.md 11).
 */
#pragma once

#include "libassets/projection/projection_input.h"
#include "simulation.h"
#include "simulation_asset.h"

/* LANE_BLOCK: paths that a kernel takes at a time; sums and walk of so many stay in the cache. */
enum { LANE_BLOCK = 512, LANE_ROUNDS = 10 };

/* Above every draw. */
#define LANE_ALWAYS (UINT64_C(1) << 32)

/* One way in which a branch may end; some ways in the same year at the same price are one. */
struct lane_leaf {
	uint64_t upto;       /* draws below it, and not below that of the one before */
	int64_t gross_pence; /* as expected; of a branch that follows the market */
	int64_t net_pence;   /* of a branch that does not */
	uint32_t year;       /* of the market's walk */
	uint32_t fy;         /* after the run's, which is the row */
	bool is_counted;     /* inside the horizon */
};

/* Draws from `from` to below `upto` fall into a year. */
struct lane_span {
	uint64_t from, upto;
	uint32_t year, fy; /* as of its leaves */
	bool is_counted;
};

struct lane_branch {
	uint64_t from, upto; /* a request's turn: draws from here to below there take the asset */
	bool is_other;       /* … if neither the market nor a holding request did */
	bool is_of_market;   /* the price moves with the market */
	bool is_word;        /* gross_pence of every leaf is below 2^32 */
	bool is_short_gross, is_short_cost; /* products that stay below 2^50 - 10^6 */
	int64_t floor_pence;
	int64_t cost_rate_ppm, cost_fixed_pence, cost_mult_ppm;
	uint32_t leaf, leaves; /* the first of them, how many: in the asset's */
	uint32_t span, spans;
};

/* The first two branches are the market's: as if nobody had asked, and beside the requests. */
enum { LANE_BASELINE, LANE_MARKET, LANE_REQUEST };

struct lane_asset {
	size_t bytes; /* of it and all that lies behind it */
	int64_t id;
	bool is_taken_away; /* subtracted, not added */
	bool is_completed;  /* no draws: each span's net in `leaf`, baseline's first */
	bool is_same;       /* both tracks are the same */
	bool is_same_sale;  /* … where the market takes it */
	bool is_wide;       /* amounts need 128 bits */
	bool has_shock;     /* something follows the market */
	bool has_others;    /* requests that are asked after the market */
	int64_t beta_ppm;
	uint32_t beta;             /* its number in the simulation's list */
	uint32_t first_fy, end_fy; /* rows that it may add to */
	uint64_t market_upto;      /* the market's success */
	uint64_t held_upto;        /* some holding request takes it */
	uint128 most_pence;        /* nothing that it nets on any path is larger */
	uint32_t owners, branches;
	uint32_t key[SIMULATION_DIMS]; /* of its nodes, but for those of its owners */
	uint32_t kept; /* bits by dimension: nodes that it adds to; of owners, any */
	const struct projection_owner *owner;
	const struct lane_branch *branch;
	const struct lane_leaf *leaf;
	const struct lane_span *span;
};

/* Where a kernel works. Rows have LANE_BLOCK sums, one row behind the other. */
struct lane_field {
	uint64_t seed;
	uint64_t key[2][LANE_ROUNDS]; /* of each round, both words */
	uint32_t path, paths;         /* the first, and how many: a multiple of 8 */
	int64_t sigma_asset_ppm, floor_ppm;
	const int32_t *factor; /* by year of the walk: the price's without its own luck, ppm */
	int64_t *baseline;
	int64_t *other;      /* baseline less adjusted, … */
	bool is_other_apart; /* … or minus adjusted alone, for owners share each amount */
};

typedef void lane_kernel(const struct lane_asset *a, const struct lane_field *f);

/* One path after the other in 128 bits, by the model's own words: whatever the amounts. */
lane_kernel lane_wide;
/* The others are for amounts that are not wide; those that this machine has not are NULL. */
lane_kernel *lane_kernel_of(enum simulation_lanes lanes);

/* The three blocks of each path, drawn and thrown together: what a kernel cannot do without. */
typedef uint64_t lane_blocks(const struct lane_field *f, int64_t id);
lane_blocks *lane_blocks_of(enum simulation_lanes lanes);

void lane_field_seed(struct lane_field *f, uint64_t seed);

/* Greatest factor that a price can have in a year of the walk, ppm; 0 is the least. */
int64_t lane_factor_most(const struct projection_params *p, int64_t beta_ppm, uint32_t year);

/*
 * Pack an asset that simulation_asset_make() made; or, with s NULL, one that is completed, with
 * its projection. One block that the caller frees, NULL without memory. Owners stand in it.
 */
struct lane_asset *lane_pack(const struct projection_model *m, const struct projection_asset *a,
			     const struct simulation_asset *s, const struct projection_outcome *o);
