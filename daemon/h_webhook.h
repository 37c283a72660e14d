/*
 * Webhooks over HTTP: made, read, changed, asked to prove themselves again, taken away, and
 * what was tried of them. The secret is shown by the reply that makes one, and never again.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_webhook_add[];
extern const struct flow_step flow_webhook_patch[];
extern const struct flow_step flow_webhook_remove[];
extern const struct flow_step flow_webhook_verify[];
extern const struct flow_step flow_webhook_deliveries[];
