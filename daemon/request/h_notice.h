/*
 * The steps that draft, change, discard, issue and serve the notices of a request. What a notice
 * says and whether it is whole is libassets/notice/notice.h's to tell; these load, ask, and store.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_notice_add[];
extern const struct flow_step flow_notice_patch[];
extern const struct flow_step flow_notice_discard[];
extern const struct flow_step flow_notice_issue[];
extern const struct flow_step flow_notice_served[];

/* The same step by step, for pages whose forms go the same way; f->param as the API's addresses. */
enum step_result notice_add_load(struct flow *f);
enum step_result notice_add_store(struct flow *f);
/* The id of the draft that the two above made. */
struct str notice_made(const struct flow *f);
enum step_result notice_patch_load(struct flow *f);
enum step_result notice_patch_store(struct flow *f);
enum step_result notice_discard_load(struct flow *f);
enum step_result notice_discard_store(struct flow *f);
enum step_result notice_issue_load(struct flow *f);
enum step_result notice_issue_store(struct flow *f);
enum step_result notice_served_load(struct flow *f);
enum step_result notice_served_store(struct flow *f);
