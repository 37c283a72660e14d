/*
 * One of N threads that share nothing: a loop, a server with its connections, and a pool.
 * What the steps of a flow may reach of it.
 */
#pragma once

#include <sys/queue.h>

#include "daemon/base/loop.h"
#include "libassets/base/buf.h"

struct auth;
struct conf;
struct db_pool;
struct event;
struct flow;
struct http_server;
struct kept;
struct problem;
struct process;

/* Flows with an Idempotency-Key that are under way; flow_store.c's. */
LIST_HEAD(flow_keyed, flow_private);
/* Flows without an end; flow_lasting.c's. */
LIST_HEAD(flow_lastings, flow_lasting);

/* What a page has counted for everybody, and when: page/counted.h. */
struct page_counts {
	struct buf text;
	int64_t at_us;
};

/* Its thread's alone once it is started, but for the atomic. */
struct worker {
	int number; /* 0 … N-1 */
	struct loop *loop;
	struct db_pool *db; /* as assetd_api */
	const struct conf *conf;
	struct auth *auth; /* the pepper, and keys seen in the last seconds */
	const char *scan;  /* what a file that has just come is: scan_of_new when it was started */
	struct kept *kept; /* what the public was shown; NULL: nothing is kept */
	struct http_server *http;
	const struct process *process; /* the other parts: the projector's memory */
	bool is_draining;
	struct event *opening; /* looks whether it can */
	int64_t began_us;      /* to look, monotonic */
	/* Says no on a ROUTE_PAGE: fills f->reply. NULL: as on the API. */
	void (*page_problem)(struct flow *f, const struct problem *p);
	/* A form of a page was sent twice, and stored before: fills f->reply. location: that of
	 * the API for what it made; absent: it made nothing new. */
	void (*page_again)(struct flow *f, struct str location);
	struct page_counts counts; /* the first page's */
	struct page_counts glance; /* the map's, of all there is */
	struct flow_keyed keyed;
	struct flow_lastings lasting;
	struct flow_keyed staying; /* flows that end with no client; flow_apart.c's */
};

/* A worker that is ready to run but not started. NULL without memory or descriptors. */
struct worker *worker_new(int number, const struct process *p);

/*
 * Start its thread: from now on everything in it belongs to that thread. Its doors open when
 * the database answers, or after [database] wait_ms if it lets nobody in. ERR_NOMEM  there can be
 * no thread.
 */
MUST_CHECK int worker_start(struct worker *w);

/* From any thread: take no new connections; use other settings. */
void worker_drain(struct worker *w);
void worker_conf(struct worker *w, const struct conf *conf);

/* End the thread and free all. Accepts one that was never started, and NULL. */
void worker_free(struct worker *w);
