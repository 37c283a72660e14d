/*
 * Webhooks as items: what is sent of them, and what follows.
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

/* What is left out: every type, unordered, full, standard, the present schema. */
void webhook_settle(struct webhook *w, struct arena *arena);
