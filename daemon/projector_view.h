/*
 * Sums with the number of assets behind them. Where fewer than VIEW_PUBLIC_LEAST unsold assets
 * stand behind a figure, the public is not shown it.
 */
#pragma once

#include "libassets/projection_rollup.h"

/* Unsold assets behind a figure that everybody may see. */
enum { VIEW_PUBLIC_LEAST = 3 };

struct presence; /* assets by dimension, key, scenario and slot */

struct view {
	struct rollup sums;
	struct presence *presence;
};

/* Empty sums over the model's horizon, for view_done. ERR_NOMEM */
MUST_CHECK int view_init(struct view *v, const struct projection_model *m);
/* Takes one that is all zero. */
void view_done(struct view *v);

/* sign 1: add, -1: take away. is_sold: it counts in the sums, not among the assets. ERR_NOMEM. */
MUST_CHECK int view_move(struct view *v, const struct projection_asset *a,
			 const struct projection_result *r, bool is_sold, int sign);

enum view_slot { VIEW_TOTAL, VIEW_YEAR, VIEW_QUARTER };

/* Unsold assets with a cell there; n is the financial year or the quarter, 0 with VIEW_TOTAL. */
uint32_t view_assets(const struct view *v, enum rollup_dim dim, uint32_t key,
		     enum projection_scenario scenario, enum view_slot slot, int32_t n);
