/*
 * Webhooks over HTTP: made, read, changed, asked to prove themselves again, given new secrets,
 * taken away; what was tried of them, and what is sent once more. A secret is shown by the reply
 * that makes it, and never again.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_webhook_add[];
extern const struct flow_step flow_webhook_patch[];
extern const struct flow_step flow_webhook_remove[];
extern const struct flow_step flow_webhook_verify[];
extern const struct flow_step flow_webhook_pause[];
extern const struct flow_step flow_webhook_resume[];
extern const struct flow_step flow_webhook_rotate[];
extern const struct flow_step flow_webhook_keys[];
extern const struct flow_step flow_webhook_recover[];
extern const struct flow_step flow_webhook_recoverable[];
extern const struct flow_step flow_webhook_deliveries[];

/*
 * Step by step, for pages whose forms go the same way, with f->body as the API's; {id} is
 * f->param[0]. A load goes before each store but that of a new one; who has stored wakes the
 * sender.
 */
enum step_result webhook_add_store(struct flow *f);
enum step_result webhook_load(struct flow *f);
enum step_result webhook_change_store(struct flow *f);
enum step_result webhook_remove_store(struct flow *f);
enum step_result webhook_verify_store(struct flow *f);
enum step_result webhook_pause_store(struct flow *f);
enum step_result webhook_resume_store(struct flow *f);
enum step_result webhook_rotate_store(struct flow *f);
enum step_result webhook_recover_store(struct flow *f);

/* How many events that would send: the question, and in the step behind it the answer. */
enum step_result webhook_count_ask(struct flow *f);
MUST_CHECK int webhook_counted(struct flow *f, int64_t *ret_count);

/* Let the sender look at once. */
void webhook_wake(struct flow *f);

/* The secret that this flow has made; absent when it made none. Nobody is told again. */
struct str webhook_secret_made(struct flow *f);
