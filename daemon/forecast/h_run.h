/*
 * Freezing a run, for its address and for the pages that freeze one or make a scenario: the steps
 * after a body is there (flow_body, or f->body made of a form).
 */
#pragma once

#include "daemon/flow/flow.h"

enum step_result run_read(struct flow *f);

/*
 * The step behind it, of a page: have the run made and stored, then go on with `answer`. What takes
 * longer than two seconds is promised: the client is led to /forecast/runs/{id}, which says how far
 * it is, and the flow goes on alone.
 */
enum step_result run_begin(struct flow *f, const struct flow_step *answer);

/* The id of the run that was stored; in `answer`. */
struct str run_made(const struct flow *f);
