/*
 * What the files hook*.c of the sender share. All of it belongs to the hooks thread.
 *
 *	hook.c           life, lease, which webhooks there are, what is due next
 *	hook_endpoint.c  one webhook: from its row, to its line and signer, and its ping
 *	hook_source.c    events as a principal reads them, shared by its webhooks
 *	hook_send.c      windows: which event goes out next, and what came of it
 *	hook_flush.c     what was done, on its way into the database
 */
#pragma once

#include <sys/queue.h>

#include "db.h"
#include "hook.h"
#include "hook_curl.h"
#include "hook_setup.h"
#include "lease.h"
#include "libassets/arena.h"
#include "libassets/buf.h"
#include "libassets/retry.h"
#include "libassets/webhook_sign.h"
#include "log.h"

struct blob;
struct event;
struct feed_follower;
struct hook_endpoint;

enum {
	HOOK_ID = 31, /* room for any id, with NUL */
	HOOK_WINDOW = 16,
	HOOK_IN_FLIGHT_MAX = 1024,
	HOOK_HOST_MAX_IN_FLIGHT = 32,
	HOOK_TYPES_MAX = 100,
	HOOK_POLL_MS = 1000,
	HOOK_CURSOR_MS = 100,
	HOOK_PAGE = 500,        /* events of one read */
	HOOK_CACHED_MAX = 1000, /* events of one source in memory */
	HOOK_DUE_MOST = 100,
	HOOK_PINGS_MAX = 5,
	HOOK_ENDPOINTS_MAX = 10000,
};

enum hook_mode { HOOK_UNORDERED, HOOK_PER_SUBJECT, HOOK_STRICT };

/* An event as one principal reads it, in one form. */
struct hook_told {
	TAILQ_ENTRY(hook_told) link;
	int64_t position;
	char id[HOOK_ID], subject[HOOK_ID], authority_id[HOOK_ID];
	char type[64];
	char at[40]; /* as the database says it */
	struct blob *body;
};
TAILQ_HEAD(hook_told_list, hook_told);

/* Events after `from` up to `to`, for the webhooks that read together. */
struct hook_source {
	TAILQ_ENTRY(hook_source) link;
	struct hooks *hooks;
	char principal_id[HOOK_ID];
	char form[16];
	struct hook_told_list told;
	size_t told_count;
	int64_t from, to;
	int users;
	bool is_reading;
	struct arena arena;
};

enum hook_stage {
	HOOK_SENDING,  /* on the line */
	HOOK_SENT,     /* over or parked, not yet in the database */
	HOOK_FLUSHING, /* on its way there */
};

/* One event to one webhook, from its start until the database knows what came of it. */
struct hook_delivery {
	TAILQ_ENTRY(hook_delivery) link; /* of the webhook's window, by position */
	TAILQ_ENTRY(hook_delivery) done; /* of hooks.done */
	struct hook_endpoint *endpoint;
	enum hook_stage stage;
	bool is_retry; /* it stands in webhook_retry */
	bool is_parked, is_over, is_success;
	int attempt; /* this one's number; 0: it only waits behind an earlier one */
	int64_t position;
	char id[HOOK_ID], subject[HOOK_ID];
	char at[40];
	int64_t begun_us;  /* wall clock */
	int64_t due_us;    /* wall clock; 0 it waits for an earlier one */
	char *attempt_row; /* JSON; NULL when nothing was sent */
};
TAILQ_HEAD(hook_delivery_list, hook_delivery);

/* Receivers on one machine share a cap. */
struct hook_host {
	TAILQ_ENTRY(hook_host) link;
	char name[HOOK_HOST_MAX + 8];
	int users, in_flight;
};

/* How much of a subject stands in webhook_retry; kept for webhooks that mind the order. */
struct hook_waiting {
	char subject[HOOK_ID];
	int count;
};

struct hook_endpoint {
	TAILQ_ENTRY(hook_endpoint) link;
	TAILQ_ENTRY(hook_endpoint) ready; /* of hooks.ready or hooks.blocked */
	struct hooks *hooks;
	char id[HOOK_ID], principal_id[HOOK_ID], subject[HOOK_ID], authority_id[HOOK_ID];
	char form[16];
	const char *content_type;
	char ping[64]; /* the nonce to be echoed; "" none */
	int32_t version;
	bool is_active;
	bool is_seen; /* of this look at all webhooks */
	bool is_ready, is_blocked;
	bool is_disabling;
	enum hook_mode mode;
	struct str *type;
	size_t types;
	struct arena arena;

	struct hook_line *line;
	struct webhook_signer *signer; /* NULL: its secret cannot be opened */
	struct hook_host *host;
	struct hook_source *source;

	int64_t cursor;  /* as the database has it, or is about to */
	int64_t read_to; /* every event up to here has been looked at */
	int64_t cursor_due_us;
	bool is_cursor_dirty, has_succeeded;
	struct hook_delivery_list window; /* first attempts, in the order of positions */
	struct hook_delivery_list retries;
	int window_count, retry_count;
	int64_t *skip; /* positions beyond the cursor that were delivered before */
	size_t skip_count, skip_at;
	struct hook_waiting *waiting; /* STRICT: any means stop */
	size_t waiting_count;

	bool is_pinging;
	int pings;
	int64_t ping_due_us; /* wall clock */
	int64_t ping_begun_us;
	char ping_id[HOOK_ID];
};
TAILQ_HEAD(hook_endpoint_list, hook_endpoint);

struct hooks {
	struct loop *loop;
	struct db_pool *pool;
	struct event *tick;
	struct feed_follower *follower;
	struct hook_setup setup;
	struct hook_net net;
	_Atomic bool is_woken;
	bool can_sign, is_leaving, is_pumping;
	int64_t head; /* of the feed */

	struct lease lease;
	struct hook_endpoint_list endpoints;
	size_t endpoint_count;
	struct hook_endpoint_list ready, blocked;
	TAILQ_HEAD(, hook_source) sources;
	TAILQ_HEAD(, hook_host) hosts;
	int in_flight;

	/* One look at a time. */
	bool is_looking, is_look_due;
	struct arena look_arena;
	int64_t look_due_us;          /* monotonic */
	bool has_lease, has_versions; /* what the look asked for */

	struct hook_delivery_list done; /* to be flushed, or being flushed */
	bool is_flushing;
	struct arena flush_arena;
	struct log_gate gate;
};

/* hook.c: do what is due; called at the end of every turn. */
void hook_turn(struct hooks *h);
/* Everything again from the beginning: the lease or the database is in doubt. */
void hook_start_over(struct hooks *h, const char *why, int err);

/* hook_endpoint.c */
struct q_hook_load_row;
/* A webhook from its row: a new one, or in the place of `old`, whose cursor state it keeps. */
void endpoint_put(struct hooks *h, const struct q_hook_load_row *row);
void endpoint_free(struct hook_endpoint *e);
struct hook_endpoint *endpoint_find(struct hooks *h, struct str id);
/* Send the ping if one is due. */
void endpoint_ping(struct hook_endpoint *e);
/* The value of webhook-signature; ERR_NOMEM, ERR_INVALID. */
MUST_CHECK int endpoint_sign(struct hook_endpoint *e, struct str id, int64_t timestamp_s,
			     struct str body, char ret_text[WEBHOOK_SIGNATURE_TEXT]);
bool endpoint_is_waiting(const struct hook_endpoint *e, const char *subject);
/* So many more of the subject (fewer, below 0) stand in webhook_retry. */
void endpoint_wait(struct hook_endpoint *e, const char *subject, int by);
/* Count what is on its way, here and by host. */
void endpoint_in_flight(struct hook_endpoint *e, int by);
/* Put it where hook_send.c looks next. */
void endpoint_ready(struct hook_endpoint *e);

/* hook_source.c */
/* The next event after e->read_to, or NULL: then it is being read, or there is none. */
const struct hook_told *source_next(struct hook_endpoint *e);
void source_leave(struct hook_endpoint *e);

/* hook_send.c */
/* How an attempt failed, in the words of the retry schedule. */
struct retry_failure hook_failure(const struct hook_answer *a);
/* Let every ready webhook send what its window takes. */
void send_pump(struct hooks *h);
/* Try one again: what webhook_retry says of it. */
struct q_hook_due_row;
void send_again(struct hook_endpoint *e, const struct q_hook_due_row *row);
void delivery_free(struct hook_delivery *d);

/* hook_flush.c */
/* An attempt, for the log. */
struct hook_tried {
	const char *webhook_id, *event_id;
	int64_t position; /* 0 none */
	int number;
	int64_t at_us, next_us; /* wall clock; next 0: there is none */
	const char *result;
};
/* … as JSON; yours to free, NULL without memory. */
char *flush_row(const struct hook_tried *t, const struct hook_answer *a);
/* Keep what was done, if there is anything and nothing is on its way. */
void flush_turn(struct hooks *h);
/* Keep a ping's attempt, and that it was echoed. */
void flush_ping(struct hook_endpoint *e, char *row, bool is_proven);
/* The receiver wants no more. */
void flush_disable(struct hook_endpoint *e, const char *reason);
