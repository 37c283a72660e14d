/*
 * The outcome tree of an asset as JSON, for people who ask where a forecast comes from.
 */
#pragma once

#include "libassets/base/buf.h"
#include "projection_input.h"
#include "projection_model.h"

/*
 * Append a list of branches, each {"scenario", "track" (BASELINE, ADJUSTED), "branch" (MARKET,
 * REQUEST), "request" (its number in the asset, or null), "probability_ppb", "on" (the day if
 * nothing slips), "leaves": [{"quarter", "probability_ppb", "gross_pence", "cost_pence"}]}: what a
 * leaf would bring if it came true, not weighed. What the probabilities of a track leave is that
 * nothing happens. Branches that cannot happen are left out; a completed asset has none, and
 * neither has one with an error status (`has_error`). A price that does not fit 64 bits is null.
 */
void projection_print_outcomes(struct buf *out, const struct projection_model *m,
			       const struct projection_asset *a, bool has_error);
