/*
 * Land that several assets and requests have in common: what else shows a bar, who else asks for
 * it, which refused request came before. What overlaps what is sql/functions/0064_land.sql's.
 */
#pragma once

#include "daemon/flow/flow.h"

/* The other live requests on overlapping land; earlier ones that this one may repeat (s.93). */
extern const struct flow_step flow_request_competing[];
extern const struct flow_step flow_request_earlier[];

/* An officer says whether two assets overlap; its steps also for a page's form. */
extern const struct flow_step flow_land_pair_put[];
enum step_result land_pair_load(struct flow *f);
enum step_result land_pair_store(struct flow *f);

/* Other assets that one bar is shown on, and other requests that one is told of. */
enum { LAND_OTHERS_MAX = 1000 };

/* n new ids of changes, for a statement that makes as many. Absent without memory. */
struct str h_land_ids(struct flow *f, int64_t n);

/*
 * A bar began or ended on an asset because of request f->param[0]: it shows that, and so do others
 * assets that overlap it. Adds their moves and changes to the batch.
 */
void h_land_bar_shown(struct flow *f, struct str asset_id, struct str authority_id, int64_t others,
		      bool is_barred);

/*
 * Asset f->param[0] is now part of another, or the same as it, and both have moved: what else lies
 * with the two may show another bar. Adds those moves and changes to the batch. other: absent,
 * nothing is added, since what leaves a whole is under no bar.    reach: asset_load.sql's.
 */
void h_land_shown(struct flow *f, struct str other, int64_t reach);
