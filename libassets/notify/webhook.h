/*
 * Webhooks as items: what is sent of them, and what follows. The members of the structs are
 * the rows of the files webhook*.def. Where they may lead is hook_url.h's, how
 * they are signed webhook_sign.h's.
 */
#pragma once

#include "libassets/shape/shape_row.h"
#include "retry.h"

/* WEBHOOK_CLIENT_KEY_MAX: bytes of a private key as PEM. */
enum { WEBHOOK_HEADERS_MAX = 10, WEBHOOK_WHERE_MAX = 10, WEBHOOK_CLIENT_KEY_MAX = 4096 };

struct webhook_wait {
#define FIELD SHAPE_MEMBER
#include "webhook_wait.def"
#undef FIELD
};

struct webhook_header {
#define FIELD SHAPE_MEMBER
#include "webhook_header.def"
#undef FIELD
};

struct webhook_rotation {
#define FIELD SHAPE_MEMBER
#include "webhook_rotation.def"
#undef FIELD
};

struct webhook_recovery {
#define FIELD SHAPE_MEMBER
#include "webhook_recovery.def"
#undef FIELD
};

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

extern const struct shape webhook_shape, webhook_filter_shape, webhook_wait_shape,
	webhook_header_shape, webhook_rotation_shape, webhook_recovery_shape;

/*
 * Does an event's data fit "/pointer=value" (RFC 6901), as webhook_filter.def takes it? A text fits
 * without its quotes, a whole number or a flag as JSON writes it; null and what is not there never.
 *
 * Example: {"class":"HALL","owners":[{"parts":1}]} fits "/class=HALL" and "/owners/0/parts=1".
 */
bool webhook_fits(const json_t *data, struct str where);

/* Seconds that all waits take together. */
int64_t webhook_retry_total_s(const struct webhook *w);

/*
 * Defaults, in place: every type, unordered, full, standard, the present schema. Without room
 * for "*", `types` stays empty, which fits no event.
 */
void webhook_settle(struct webhook *w, struct arena *arena);
