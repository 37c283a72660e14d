/*
 * What we said against what came in: of each financial year up to this one the figures of every run
 * that was frozen before it was over, beside the disposals that were recorded and the budget.
 *
 *	GET /v1/projections/outturn[?authority_id=|cpp_id=][&year=2027-28][&format=text/csv]
 *
 * What came in is everybody's, as prices of what is sold are; what was said, what was expected and
 * the budget are for those who read the money. Steps are shared with the page (p_outturn.c).
 */
#pragma once

#include <jansson.h>

#include "daemon/flow/flow.h"

extern const struct flow_step flow_outturn[];

/* Check the query and add the statement to the batch. ERR_QUERY with a flaw. */
MUST_CHECK int outturn_ask(struct flow *f);

/* Of that statement: the answer, yours. ERR_NOT_FOUND  no such authority or partnership. ERR_NOMEM
 */
MUST_CHECK int outturn_take(struct flow *f, int statement, json_t **ret_answer);

/* End the step with the answer as lines for a spreadsheet. */
enum step_result outturn_csv(struct flow *f, const json_t *answer);
