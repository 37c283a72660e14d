/*
 * The steps that deal with a case: who does, what is noted, a decision that one person proposes
 * and another approves, which notices are due, and what an authority settles for all its cases.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_case_officer[];
extern const struct flow_step flow_case_note[];
extern const struct flow_step flow_notices_due[];
extern const struct flow_step flow_proposal_add[];
extern const struct flow_step flow_proposal_approve[];
extern const struct flow_step flow_proposal_reject[];
extern const struct flow_step flow_setting_put[];

/* Step by step, for pages whose forms go the same way; f->param as the API's addresses. */
enum step_result case_officer_load(struct flow *f);
enum step_result case_officer_store(struct flow *f);
enum step_result case_note_load(struct flow *f);
enum step_result case_note_store(struct flow *f);
enum step_result proposal_add_load(struct flow *f);
enum step_result proposal_add_store(struct flow *f);
enum step_result proposal_load(struct flow *f);
/* The proposal's act becomes the body of a flow that goes on with request_act_load. */
enum step_result proposal_approve_begin(struct flow *f);
enum step_result proposal_approve_store(struct flow *f);
enum step_result proposal_reject_load(struct flow *f);
enum step_result proposal_reject_store(struct flow *f);
enum step_result setting_put_load(struct flow *f);
enum step_result setting_put_store(struct flow *f);

/* The notices that are due by statement `at` (case_due), as a JSON array in the arena; absent
 * without room. */
struct q_case_due_row;
struct str case_due_json(struct flow *f, const struct q_case_due_row *row);
