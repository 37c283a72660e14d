/*
 * What one webhook's calls are signed with. For the files hook*.c, on the hooks thread.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/notify/webhook_sign.h"

struct hook_endpoint;
struct q_hook_load_row;

enum {
	HOOK_SIGNERS_MAX = 6, /* secrets and keys of one webhook that are good at a time */
	HOOK_SIGNATURES_MAX = HOOK_SIGNERS_MAX * WEBHOOK_SIGNATURE_TEXT,
};

/* A secret or a key, and until when it signs (wall clock; INT64_MAX for good). */
struct hook_signer {
	struct webhook_signer *signer;
	int64_t until_us;
};

/* Open what hook_load says it is signed with; what cannot be opened is left out. */
void endpoint_signers_take(struct hook_endpoint *e, struct str rows);
/* Its line, with its certificates; none where the client's key cannot be opened. */
void endpoint_line_take(struct hook_endpoint *e, const struct q_hook_load_row *row);
void endpoint_signers_free(struct hook_endpoint *e);
/*
 * Append the value of webhook-signature, one by each secret and key that is good now.
 * ERR_INVALID  there is none    ERR_NOMEM
 */
MUST_CHECK int endpoint_sign(struct hook_endpoint *e, struct str id, int64_t timestamp_s,
			     struct str body, struct buf *out);
