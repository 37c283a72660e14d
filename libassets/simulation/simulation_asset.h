/*
 * One asset as the simulation walks it: the branches of its tree in LIKELY with their leaves
 * priced, and the shares that a draw is held against. Made once an asset, and packed for the
 * kernels (simulation_lane.h).
 * Source: MODEL.md 11.
 */
#pragma once

#include "libassets/projection/projection_tree.h"
#include "simulation_draw.h"

/* An asset with a possible price above this is left out, so that sums of paths stay safe. */
#define SIMULATION_GROSS_MAX INT64_C(1000000000000000)

/* One way in which a branch may end. */
struct simulation_leaf {
	struct price_terms terms;
	int64_t net_pence; /* as expected; also on every path unless terms.is_of_market */
	uint32_t year;     /* of the market's walk */
	uint32_t fy;       /* years after the run's */
	bool is_counted;   /* inside the horizon */
};

struct simulation_branch {
	uint32_t steps;
	uint32_t upto_ppm[PROJECTION_STEPS_MAX]; /* of the slip, cumulated */
	struct simulation_leaf leaf[PROJECTION_STEPS_MAX];
};

/* A request in the order in which it is asked, with the shares up to and with its own. */
struct simulation_turn {
	uint64_t upto_ppb;
	uint32_t request; /* its place among the branches */
};

struct simulation_asset {
	int64_t beta_ppm;
	uint64_t market_ppm; /* that the market takes it when it may; 0: no price */
	struct simulation_branch baseline, market; /* beside nobody, and beside the requests */
	uint32_t holding, others;
	struct simulation_turn hold[PROJECTION_REQUESTS_MAX];  /* before the market */
	struct simulation_turn other[PROJECTION_REQUESTS_MAX]; /* after it */
	struct simulation_branch request[PROJECTION_REQUESTS_MAX];
};

/*
 * Make *s of an asset that is not completed and whose projection is no error. walk_years: of the
 * market's walk; later leaves take its last. beta_ppm: the class's.
 *
 * False if a leaf that can happen has a gross or a fixed cost beyond SIMULATION_GROSS_MAX; *s is
 * then of no use.
 */
bool simulation_asset_make(struct simulation_asset *s, const struct projection_model *m,
			   const struct projection_asset *a, int64_t beta_ppm, uint32_t walk_years);
