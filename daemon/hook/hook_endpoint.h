/*
 * One webhook in the sender's memory. For the files hook*.c; all of it belongs to the hooks
 * thread.
 */
#pragma once

#include <sys/queue.h>

#include "hook_curl.h"
#include "hook_delivery.h"
#include "hook_filter.h"
#include "hook_ping.h"
#include "hook_sign.h"
#include "libassets/base/arena.h"
#include "libassets/notify/breaker.h"
#include "libassets/notify/bucket.h"
#include "libassets/notify/retry.h"

struct hooks;
struct hook_source;
struct q_hook_load_row;

/* How much order its receiver asks for; see webhook.def. */
enum hook_mode { HOOK_UNORDERED, HOOK_PER_SUBJECT, HOOK_STRICT };

TAILQ_HEAD(hook_endpoint_list, hook_endpoint);

/* Receivers on one machine share a cap. */
struct hook_host {
	TAILQ_ENTRY(hook_host) link;
	TAILQ_ENTRY(hook_host) waiting;    /* of hooks.waiting, while it has any that are */
	struct hook_endpoint_list blocked; /* held up by a cap alone, the longest first */
	char name[HOOK_HOST_MAX + 8];
	int users, in_flight, pinging;
};

/* How much of a subject stands in webhook_retry; kept for webhooks that mind the order. */
struct hook_waiting {
	char subject[HOOK_ID];
	int count;
};

/* One webhook. */
struct hook_endpoint {
	TAILQ_ENTRY(hook_endpoint) link;
	TAILQ_ENTRY(hook_endpoint) ready; /* of hooks.ready or hook_host.blocked */
	TAILQ_ENTRY(hook_endpoint) held;  /* of hooks.held, while is_held */
	struct hooks *hooks;
	char id[HOOK_ID], principal_id[HOOK_ID];
	struct hook_filter *filter; /* NULL without memory for it */
	char form[16];              /* envelope and payload: FULL, THIN, CLOUD_FULL, CLOUD_THIN */
	bool is_cloud;
	const char *content_type;
	char ping[HOOK_NONCE]; /* the nonce to be echoed; "" none */
	int32_t version;
	bool is_active;
	bool is_seen; /* of this look at all webhooks */
	bool is_ready, is_blocked;
	bool is_held; /* its pause, its bucket or our lease was in the way: it is asked each turn */
	bool is_disabling;
	int64_t stale_us; /* monotonic: since when its row has moved; 0 it has not */
	enum hook_mode mode;
	struct arena arena;

	struct hook_line *line;
	struct hook_signer signer[HOOK_SIGNERS_MAX];
	size_t signers;     /* 0: none of them can be opened */
	struct str *header; /* "Name: value", with NUL */
	size_t headers;
	int64_t whole_ms;
	struct retry_plan plan;
	struct breaker breaker;
	enum breaker_state told; /* as the metrics have it */
	struct bucket bucket;
	struct hook_host *host;
	struct hook_source *source;

	int64_t cursor;                   /* as the database has it, or is about to */
	int64_t read_to;                  /* every event up to here has been looked at */
	int64_t cursor_moved_us;          /* monotonic: when it was last kept */
	bool has_succeeded;               /* since the cursor was last kept */
	int failures;                     /* the same, after the last success */
	struct hook_delivery_list window; /* first attempts, in the order of positions */
	struct hook_delivery_list retries;
	struct hook_delivery_list due; /* to be tried again, the longest due first */
	int window_count, retry_count, due_count;
	int due_found;  /* rows of it that the last look found due: at most HOOK_WINDOW, and then
			   there may be more */
	int in_flight;  /* pings too */
	bool was_again; /* what went last was tried again: if both wait, one that is new is next */
	int64_t *skip;  /* positions beyond the cursor that were delivered before */
	size_t skip_count, skip_at;
	struct hook_waiting *waiting; /* STRICT: any means stop */
	size_t waiting_count;

	bool is_pinging;
	int pings;             /* sent since it was made or asked to prove itself */
	int64_t ping_due_us;   /* monotonic */
	int64_t ping_begun_us; /* wall clock */
	char ping_id[HOOK_ID];
};

/* A webhook from its row; in the place of one that is here, how well that was and its rate stay. */
void endpoint_put(struct hooks *h, const struct q_hook_load_row *row);
/* Cut what is on its way and forget it; nobody is called back. */
void endpoint_free(struct hook_endpoint *e);
/* Borrowed; NULL without one of that id. */
struct hook_endpoint *endpoint_find(struct hooks *h, struct str id);
/* What we call ourselves to a receiver that takes CloudEvents; empty to any other. */
struct str endpoint_origin(const struct hook_endpoint *e);
/* True if an earlier event of the subject stands in webhook_retry; never when UNORDERED. */
bool endpoint_is_waiting(const struct hook_endpoint *e, const char *subject);
/* So many more of the subject (fewer, below 0) stand in webhook_retry. */
void endpoint_wait(struct hook_endpoint *e, const char *subject, int by);
/* Count what is on its way, here and by host. */
void endpoint_in_flight(struct hook_endpoint *e, int by);
/* Do the caps of the whole and of its host, which it must have, let it send one more? */
bool endpoint_is_under_caps(const struct hook_endpoint *e);
/*
 * How many may be under way to it, of at most `most`; 0 while it is paused, its rate is used up or
 * the lease is in doubt: then endpoint_resume, each turn, makes it ready once that is over.
 */
int endpoint_room(struct hook_endpoint *e, int most);
/* Is it paused? The same holds then. */
bool endpoint_is_paused(struct hook_endpoint *e);
void endpoint_resume(struct hook_endpoint *e);
/* A cap alone holds it up: it is next of its host behind those that wait already. */
void endpoint_block(struct hook_endpoint *e);
void endpoint_unblock(struct hook_endpoint *e);
/* Begin nothing new. True once what was on its way is kept, or has had its time: read it anew. */
bool endpoint_settle(struct hook_endpoint *e);
/* Note what came of an attempt. True if it is not to be counted, because the receiver is paused. */
bool endpoint_note(struct hook_endpoint *e, enum breaker_outcome outcome);
/* Put it where hook_send.c looks next. */
void endpoint_ready(struct hook_endpoint *e);
