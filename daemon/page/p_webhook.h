/*
 * What the pages of all webhooks and of one share.
 */
#pragma once

#include "page.h"

/* What an item of webhook_health says in words and moments. item: stands in the page. */
void webhook_put_health(struct page *p, json_t *item);

/* The moment `X_at` as `X_moment`, "21 November 2026, 10:00:05 UTC"; nothing where it has none. */
void webhook_put_moment(struct page *p, json_t *object, const char *stem);
