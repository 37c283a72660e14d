/*
 * What the files flow*.c share, and nobody else.
 *
 *	flow.c        the engine: steps, batches, the end
 *	flow_enter.c  before the first step: who asks, may they, is the query known
 *	flow_input.c  bodies, queries and preconditions
 *	flow_sent.c   what a form held that failed
 *	flow_reply.c  answers and problem documents
 *	flow_stream.c answers in pieces
 *	flow_lasting.c answers without an end
 *	flow_store.c  the end of a write, and its Idempotency-Key
 *	flow_apart.c  a write that goes on without the flow
 *	flow_ticket.c waiting for another thread
 *	flow_await.c  waiting for an event
 *	flow_item.c   asking for one item, with others
 *	flow_kept.c   answers from memory
 *	flow_again.c  acts that met another one
 */
#pragma once

#include <sys/queue.h>

#include "daemon/http/exchange.h"
#include "flow.h"
#include "kept.h"
#include "libassets/shape/query.h"

enum idempotency {
	IDEM_NONE,    /* no key was sent, or none counts here */
	IDEM_UNASKED, /* the first batch is to look for it */
	IDEM_ASKED,   /* the batch under way looks for it */
	IDEM_NEW,     /* it is not there */
};

struct flow_private {
	struct http_exchange *x;
	const struct flow_step *step;     /* the one that ran last, or runs */
	const struct flow_step *next;     /* where flow_become leads; NULL: the following row */
	struct db_batch *batch;           /* being filled; NULL: none */
	struct flow_aparted *apart;       /* what it is filled in, if apart, until it is sent */
	struct flow_ticket *ticket;       /* waited for */
	bool is_draining;                 /* waits until the client has taken what was sent */
	bool is_report;                   /* its batches take long; see flow_stream.h */
	bool is_trying;                   /* a failure of what is under way is for the next step */
	bool has_left;                    /* the client */
	bool is_staying;                  /* it has promised something, and goes on without one */
	LIST_ENTRY(flow_private) staying; /* in the worker's list, while is_staying */
	int send_err;                     /* how the last batch or wait ended; see flow_send_err */
	int err;                          /* why it fails */
	const struct flow_step *rescue;   /* where it goes then; NULL: to its end */
	int rescued_err;                  /* why it went there */
	int held_err;                     /* why it will, unless its Idempotency-Key was used */
	const struct flow_step *again;    /* where it begins anew; NULL: nowhere */
	int agains;                       /* how often it has */
	struct str again_of;              /* whom it is about */
	struct str detail;                /* a sentence for the problem document, absent: none */
	struct buf members;               /* of the problem document */
	struct flow_lasting *lasting;     /* it has no end; NULL: it has one */
	struct auth_pass *pass;           /* held until the end, NULL for anonymous */
	bool is_admitted; /* batches are the route's from now on, and no longer the engine's own */
	struct credential credential;
	struct query query;
	struct query form;
	struct str file_name, file; /* that came with the form; absent: none */
	enum idempotency idem;
	struct str idem_key;               /* as it was sent */
	char idem_hash[DB_BYTEA_TEXT(32)]; /* of the request, as bytea */
	LIST_ENTRY(flow_private) keyed;    /* in the worker's list, while is_keyed */
	bool is_keyed;
	int64_t event_until_us;       /* how long min_event is waited for; 0 not begun */
	int64_t event_after;          /* where the feed stood at the last look for it */
	int store_status;             /* of the answer when the write succeeds */
	int store_at;                 /* the statement that renders */
	struct str store_id, told_id; /* of what it stores; of the last event that it writes */
	uint64_t kept_stamp; /* the answer's place in the memory, 0 none; see flow_kept.h */
	enum kept_kind kept_kind;
	struct str kept_key;
	int64_t kept_since_us; /* see kept_find */
	struct kept_waiter kept_waiter;
};

/* What to do before the first step; ends by becoming the route's table. */
extern const struct flow_step flow_enter[];
/* Note the use of the key or address, and let nobody wait for it. */
void flow_touch(const struct flow *f);
/* Look the Idempotency-Key up and answer as then. */
extern const struct flow_step flow_replay[];

/* Take the step after the one that ended, and on, until it waits or the flow is over. */
void flow_run(struct flow *f);
/* Go on after a wait, unless the client has left. */
void flow_resume(struct flow *f, int err);
/* Who acts in its batches, and when. */
struct db_actor flow_actor(const struct flow *f);
/* The call back of what was sent: goes on with the flow, which is arg. */
void flow_on_answer(void *arg, int err, const struct db_reply *reply);
/* End, and free all. f is gone. */
void flow_over(struct flow *f);

bool flow_is_ours(const struct flow *f); /* says the browser that a page of ours sent it? */
/* Does the client take what the route gives? 0, ERR_NOT_ACCEPTABLE. */
MUST_CHECK int flow_check_accept(const struct flow *f);
/* Is that name in the route's list of what its query takes? */
bool flow_route_takes(const struct route *route, struct str name);
/*
 * Read the query and refuse names that the route does not take, and those given twice.
 * ERR_QUERY  with flaws, or a detail where it cannot be decoded     ERR_NOMEM
 */
MUST_CHECK int flow_read_query(struct flow *f);
/* Read a form's body. ERR_MEDIA_TYPE  it is no form   ERR_QUERY  badly encoded   ERR_NOMEM */
MUST_CHECK int flow_read_form(struct flow *f);

/*
 * Read the Idempotency-Key of a POST, and be the one of this thread that works with it; without
 * one nothing is done. A page's form has one of its own, without being the only one.
 * ERR_IDEMPOTENCY_KEY  owed and not sent, or not 1 to 255 visible characters
 * ERR_IN_PROGRESS      the same request is under way on this thread
 * ERR_IDEMPOTENCY      another one with this key is
 * ERR_BUG              OpenSSL refused
 */
MUST_CHECK int flow_read_idempotency(struct flow *f);
/* The flow ends: others may work with its key. */
void flow_leave_idempotency(struct flow *f);
/* Add the look-up, before what the step adds; its rows are the statement -1 of the reply. */
void flow_ask_idempotency(struct flow *f, struct db_batch *b);
/* After that batch: true when the key was used before; *ret_result is then what to return. */
bool flow_was_idempotent(struct flow *f, enum step_result *ret_result);

/* Fail with p->held_err, unless the Idempotency-Key was used before. */
extern const struct flow_step flow_fail_new[];

/* Add to the batch what flow_store_end ends with. */
void flow_store_fill(struct flow *f, const char *kind, struct str id, int status);

/* After a failure: go on where flow_again() said, or tell who was first; false: neither. */
bool flow_begin_again(struct flow *f);

/* Make the problem document of p->err the reply. */
void flow_write_problem(struct flow *f);

/* Forget the ticket, on the flow's thread; whoever holds it wakes nobody, and frees it. */
void flow_ticket_cancel(struct flow_ticket *t);

/* As flow_etag, of an ETag as it was once answered. */
bool flow_etag_as(struct flow *f, struct str field);
/* As flow_answer_as with 200, of a text that is long and not to be copied: it is taken. */
enum step_result flow_answer_made(struct flow *f, struct str type, struct buf *text);
bool flow_is_safe(const struct flow *f); /* GET or HEAD */
/* The fields that every answer with a body has. */
void flow_head(struct flow *f, struct str type);
