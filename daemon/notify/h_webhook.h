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
extern const struct flow_step flow_webhook_rotate[];
extern const struct flow_step flow_webhook_keys[];
extern const struct flow_step flow_webhook_recover[];
extern const struct flow_step flow_webhook_recoverable[];
extern const struct flow_step flow_webhook_deliveries[];
