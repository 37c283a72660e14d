/*
 * CORRECT: an entry of a request's ledger is replaced by what it should have said, or struck out.
 * The steps of h_request_event.c go on here when the event is that one.
 */
#pragma once

#include "daemon/flow/flow.h"

enum step_result request_correct_load(struct flow *f);
/* f->state is a struct act_flow to begin with, whose proposal_id may be set. */
enum step_result request_correct_store(struct flow *f);

/*
 * After request_correct_load: what the correction would change (request_correct_tell), in the
 * flow's arena. Nothing is stored.    The errors of request_correct() and of its fields.
 */
MUST_CHECK int request_correct_preview(struct flow *f, struct str *ret_told);

extern const struct flow_step flow_correction_preview[];
