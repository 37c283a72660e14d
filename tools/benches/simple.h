/*
 * A simpler model than ours, one that a team would write in an afternoon in SQL or numpy: the
 * expected value of each plan in one scenario and one track, spread over the quarters of its
 * slip profile, by partner. The peers of the bench `project` reckon the same from the same
 * inputs, and all totals must be equal.
 *
 *	expected = value * p, rounded; leaf = expected * share, rounded; summed by partner and
 *quarter
 */
#pragma once

#include "portfolio.h"

enum { SIMPLE_QUARTERS = 40 };

struct simple_totals {
	int64_t pence[PORTFOLIO_PARTNERS][SIMPLE_QUARTERS];
};

/* Write the first assets' inputs as CSV (partner,stage,quarter,value); false when it failed. */
bool simple_write(const struct portfolio *f, size_t assets, const char *path);

/* Print the stages as JSON: [{"p_ppm", "steps": [[quarters, ppm], …]}, …] */
void simple_print_stages(const struct portfolio *f);

void simple_run(const struct portfolio *f, size_t assets, struct simple_totals *ret_totals);
