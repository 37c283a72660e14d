/*
 * What an asset, a sale, a lease or a transfer is worth in a quarter of a scenario, and what
 * it costs. Source: MODEL.md 4.
 */
#pragma once

#include "libassets/base/exact.h"
#include "projection_input.h"
#include "projection_model.h"

/* How far a valuation serves as a price; the same in every scenario. */
struct price_standing {
	bool is_usable;  /* it is there, its basis is a price, it is not past the hard limit */
	bool is_stale;   /* older than the soft limit */
	bool is_expired; /* older than the hard limit */
	int32_t quarter; /* of the valuation, if there is one */
};

/* The prices of one asset in one scenario: opened once, then asked for quarters. */
struct price_book {
	const struct projection_model *model;
	const struct projection_asset *asset;
	const struct projection_partner *lead;
	const struct projection_scenario_params *scenario;
	const int64_t *index; /* the asset's price index, by quarter of the model's years */
	struct exact *exact;
	bool is_usable;      /* there is a value */
	bool is_overflown;   /* … which does not fit: seen when somebody needs it */
	int64_t value_pence; /* after basis, haircut and price factor */
	struct exact_index index_of_valuation;
};

/* Net is gross less cost, and may be below zero. */
struct price {
	int64_t gross_pence;
	int64_t cost_pence;
};

/* How a leaf of the tree is priced: its expected gross, and what the cost follows from. */
struct price_terms {
	int64_t gross_pence;
	int64_t floor_pence; /* gross is not below it on any path; INT64_MIN: no floor */
	int64_t cost_rate_ppm, cost_fixed_pence, cost_mult_ppm;
	bool is_of_market; /* not agreed, offered or a lease's: it moves with the market */
};

/* True if the asset's plan has a price: a lease, an agreed price or a usable value. */
bool price_plan_is_priced(const struct projection_asset *a, bool is_usable);

/* How the asset's valuation stands on the model's day; all false without one. */
struct price_standing price_standing(const struct projection_model *m,
				     const struct projection_asset *a);

/* Open the book; sums that do not fit are marked in *x. Borrows all it is given. */
void price_book_open(struct price_book *b, const struct projection_model *m,
		     const struct projection_asset *a, const struct price_standing *standing,
		     enum projection_scenario s, struct exact *x);

/* The market value in a quarter, at least 0. Only where the book is_usable. */
int64_t price_value_at(const struct price_book *b, int32_t quarter);

/* The price where gross is what it is; a sum that does not fit is marked in *x. */
struct price price_of(const struct price_terms *t, int64_t gross_pence, struct exact *x);

/* As price_of_plan() and price_of_request() below, not yet worked out. */
struct price_terms price_terms_of_plan(const struct price_book *b, int32_t quarter);
struct price_terms price_terms_of_request(const struct price_book *b,
					  const struct projection_request *r, int32_t quarter,
					  int128 *ret_forgone_pence);

/* The price of the plan if it completes in the quarter. Only where it is priced. */
struct price price_of_plan(const struct price_book *b, int32_t quarter);

/*
 * The price of a request that completes in the quarter. *ret_forgone_pence is the market
 * value less the price of a purchase, which may take more than 64 bits; 0 of anything else
 * and without a usable value.
 */
struct price price_of_request(const struct price_book *b, const struct projection_request *r,
			      int32_t quarter, int128 *ret_forgone_pence);
