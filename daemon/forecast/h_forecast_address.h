/*
 * The steps of /v1/projections/addresses: addresses at which programs read one question to the
 * forecast. Reading them is h_read.c's and h_list.c's, what is read at them h_projection.c's.
 */
#pragma once

#include "daemon/flow/flow.h"

enum { FORECAST_TOKEN = 47 }; /* "fct_" and 43 digits of base62 */

/* What f->state is while one is made. */
struct forecast_address_flow;

extern const struct flow_step flow_forecast_address_add[];
extern const struct flow_step flow_forecast_address_remove[];

/*
 * Their steps, for pages that end otherwise; the first decodes f->body where there is one, the
 * others take the id from the form's `end`.
 */
enum step_result forecast_address_store(struct flow *f);
enum step_result forecast_address_load(struct flow *f);
enum step_result forecast_address_remove(struct flow *f);

/* Where the one just made is read, until the flow ends; absent when none was. Nobody is told again.
 */
struct str forecast_address_made(struct flow *f);
