/*
 * Freezing a run, for its address and for the page that makes a scenario: the steps after a body
 * is there (flow_body, or f->body made of a form).
 */
#pragma once

#include "daemon/flow/flow.h"

enum step_result run_read(struct flow *f);
enum step_result run_ask(struct flow *f);
enum step_result run_look(struct flow *f);
enum step_result run_store(struct flow *f);

/* The id of the run that run_store stores; for the step after it. */
struct str run_made(const struct flow *f);
