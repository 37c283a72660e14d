/*
 * The outcome tree of an asset: who may take it, in which order, when, and with which
 * probability in a scenario. Days and order are the same in all scenarios, so they are found
 * once. Source: MODEL.md 5.
 */
#pragma once

#include "projection_input.h"
#include "projection_model.h"
#include "projection_price.h"

/* A live request where it stands in the order of MODEL.md 5. */
struct tree_request {
	const struct projection_request *request;
	const struct projection_state *state;
	bool is_holding;    /* the market waits for it (MODEL.md 5.2) */
	bool is_overdue;    /* it should have completed before the run's date */
	struct day base;    /* the transfer's day if nothing slips */
	struct day release; /* the asset is free then if it fails */
};

struct tree {
	struct price_standing value;
	uint32_t requests;
	bool has_plan;         /* else the days and the stage below mean nothing */
	bool is_priced;        /* the market branch has a price, so it has leaves */
	bool is_delayed;       /* a holding request moves the market branch */
	struct day plan_day;   /* the baseline's market day */
	struct day market_day; /* the adjusted track's */
	const struct projection_stage *stage;
	struct tree_request request[PROJECTION_REQUESTS_MAX];
};

/* The share of one branch, in ppb of all that may happen. */
struct tree_odds {
	int64_t baseline_ppb; /* of the market branch, as if nobody had asked */
	int64_t market_ppb;   /* of the market branch beside the requests */
	int64_t transfer_ppb; /* of all requests together */
	int64_t request_ppb[PROJECTION_REQUESTS_MAX];
	int64_t market_ppm; /* of the market branch once it has its turn */
};

/* Make *t the tree of an asset; borrows from both. What it held before does not matter. */
void tree_grow(struct tree *t, const struct projection_model *m, const struct projection_asset *a);

/*
 * The probabilities of a scenario, each rounded once; what they leave of PPB is that nothing
 * happens. Of request_ppb the first t->requests are set.
 */
void tree_odds(const struct tree *t, const struct projection_scenario_params *s,
	       const struct projection_asset *a, struct tree_odds *ret_odds);

/*
 * Shares, in ppb, of the requests that do not hold, once neither a holding one nor the market
 * took the asset; of the others 0. ret_ppb: room for t->requests.
 */
void tree_odds_afresh(const struct tree *t, const struct projection_scenario_params *s,
		      int64_t *ret_ppb);
