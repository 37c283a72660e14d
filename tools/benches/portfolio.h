/*
 * A made-up register for the projection benches: assets with a valuation and a disposal
 * plan, a tenth of them asked for by a community, spread over as many bodies, partnerships
 * and places as Scotland has. From a seed, so every run is of the same register.
 */
#pragma once

#include "libassets/projection/projection.h"

enum {
	PORTFOLIO_PARTNERS = 95,
	PORTFOLIO_CPPS = 32,
	PORTFOLIO_LOCALITIES = 1279, /* intermediate zones */
	PORTFOLIO_CLASSES = 12,
};

struct portfolio {
	size_t assets;
	struct projection_asset *asset;
	struct projection_owner *owner; /* two for each asset, the second seldom used */
	struct projection_request *request;
	struct projection_partner partner[PORTFOLIO_PARTNERS];
	uint32_t class_index[PORTFOLIO_CLASSES];
	struct arena arena;
	struct projection_params params;
	struct projection_model *model;
};

/* False without memory. */
bool portfolio_init(struct portfolio *r, size_t assets);
void portfolio_done(struct portfolio *r);
