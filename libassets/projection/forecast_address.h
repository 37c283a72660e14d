/*
 * Addresses of the forecast as they are asked for.
 */
#pragma once

#include "libassets/shape/shape_row.h"

enum {
	FORECAST_QUESTION_MAX = 2000, /* characters */
	FORECAST_ADDRESS_DAYS = 365   /* that one works at most, and does unless it is said */
};

struct forecast_address {
#define FIELD SHAPE_MEMBER
#include "forecast_address.def"
#undef FIELD
};

extern const struct shape forecast_address_shape;

/*
 * Fill in what was not said, and look at what no table can say: is the question made of `names`
 * (comma-separated) alone, each once, and the last day one of the next year's?
 * With flaws: ERR_INVALID, ERR_QUERY (no query at all). ERR_NOMEM
 */
MUST_CHECK int forecast_address_settle(struct forecast_address *a, const char *names,
				       struct day today, struct arena *arena, struct flaws *flaws);
