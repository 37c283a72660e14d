/*
 * The sender of webhooks: it follows the feed for every active webhook, sends what its types,
 * its filter and its principal's rights let through, and tries again what failed.
 *
 * One process sends, the one that holds the lease "hooks". A cursor a webhook says up to where
 * everything is delivered or stands in webhook_retry; what is delivered beyond it stands in
 * webhook_attempt. After a kill an event may be sent twice, with the same webhook-id, and
 * never not at all.
 */
#pragma once

#include "libassets/base/base.h"

struct hooks;
struct process;

enum { HOOK_FAIL_DAYS = 5 }; /* without a success, then a webhook is switched off */

/*
 * The part `hooks` of the process (process.h), for the main thread. Without [hooks] key_file
 * it only says that it cannot sign, and p->hooks stays NULL.
 * ERR_INVALID  [hooks] allow_cidr or key_file cannot be read (logged)
 * ERR_NOMEM    also when libcurl or the thread cannot be started
 */
MUST_CHECK int hook_start(struct process *p);
/* Give the lease back, cut what is under way and end the thread. */
void hook_stop(struct process *p);

/* A webhook was made or changed: look now. From any thread; h may not be NULL. */
void hook_wake(struct hooks *h);
