/*
 * The form that makes a scenario, as the page of forecasts (p_compare.c) shows it.
 */
#pragma once

#include "page.h"

/* The asset that the scenario is about: of the address, or of the form that comes back. */
struct str scenario_asset(struct flow *f);

/*
 * The questions, for the template: as new, or where the form was refused as they were answered,
 * each with what is wrong beside it.    asset: as page_compare has it; NULL: none was chosen.
 */
void scenario_put(struct page *p, const json_t *asset);
