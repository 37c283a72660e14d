/*
 * Webhooks as items: what is sent of them, and what follows. The members of the structs are
 * the rows of webhook_filter.def and webhook.def. Where they may lead is hook_url.h's, how
 * they are signed webhook_sign.h's.
 */
#pragma once

#include "shape_row.h"

struct webhook_filter {
#define FIELD SHAPE_MEMBER
#include "webhook_filter.def"
#undef FIELD
};

struct webhook {
#define FIELD SHAPE_MEMBER
#include "webhook.def"
#undef FIELD
};

extern const struct shape webhook_shape, webhook_filter_shape;

/*
 * Defaults, in place: every type, unordered, full, standard, the present schema. Without room
 * for "*", `types` stays empty, which fits no event.
 */
void webhook_settle(struct webhook *w, struct arena *arena);
