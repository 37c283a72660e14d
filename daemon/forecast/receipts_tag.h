/*
 * The ETag of an answer of receipts: of everything but how far the feed had got, since most changes
 * of a register move no receipt, and what says the same is the same (RFC 9110 section 8.8.1, weak).
 */
#pragma once

#include "daemon/base/sha256.h"
#include "daemon/flow/flow.h"

void receipts_tag_begin(struct sha256 *s, struct str type, bool is_guarded);
/* More of the answer; a part ends where a value does. */
void receipts_tag_add(struct sha256 *s, struct str text);
/* Of all that was added, as flow_etag(): true if the client has it. */
bool receipts_tag_is_had(const struct sha256 *s, struct flow *f);
