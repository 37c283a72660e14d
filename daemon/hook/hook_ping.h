/*
 * How a webhook's receiver proves that it wants to be called. For the files hook*.c, on the hooks
 * thread.
 */
#pragma once

#include <stdint.h>

struct hook_endpoint;

enum {
	HOOK_PINGS_MAX = 5,         /* then it stays UNVERIFIED until it is asked again */
	HOOK_HOST_PINGING_MAX = 16, /* of one machine: half its places are left to events */
	HOOK_NONCE = 64,            /* room for a nonce, with NUL */
};

/* How often a receiver that has proven itself agreed to be called; 0: that was not said. */
struct hook_proof {
	int64_t agreed_per_hour;
};

/* Ask it to prove itself if that is due, and no cap is in the way. */
void endpoint_ping(struct hook_endpoint *e);
/* It is cut or freed: what was asked is not under way any more. */
void endpoint_ping_drop(struct hook_endpoint *e);
