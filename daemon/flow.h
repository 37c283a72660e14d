/*
 * The step engine: a request in many steps without spaghetti.
 *
 * A flow is a table of small named steps over one struct. flow_run() alone moves from step
 * to step, logs, times out and frees. A step looks at what the last batch answered
 * (f->got), decides, and says what comes next:
 *
 *   STEP_NEXT  run the next step now          STEP_WAIT  a batch or a message is under way
 *   STEP_DONE  f->reply is complete           STEP_FAIL  f->err says why
 *
 * Before the first step the engine has authenticated the caller, checked the route's
 * permission, the body limit and the query names, and answered a repeated
 * Idempotency-Key. After the last it writes the reply or the problem document.
 *
 * A reply of the database is borrowed for one step: copy what you keep into f->arena.
 * When the client leaves, the flow is orphaned: its batch finishes, its result is dropped.
 */
#pragma once

#include <jansson.h>

#include "auth.h"
#include "db.h"
#include "http.h"
#include "libassets/day.h"
#include "libassets/err.h"
#include "libassets/flaw.h"

struct flow;
struct route;
struct worker;

enum step_result { STEP_NEXT, STEP_WAIT, STEP_DONE, STEP_FAIL };

struct flow_step {
	const char *name;
	enum step_result (*run)(struct flow *f);
};

enum { FLOW_PARAM_MAX = 3, FLOW_ARENA_MAX = 96 << 20 };

struct flow {
	const struct route *route;
	const struct http_request *request;
	struct http_reply reply;
	struct arena *arena;
	struct worker *worker;
	const struct principal *who;      /* never NULL; anonymous has no id and no roles */
	struct str param[FLOW_PARAM_MAX]; /* {…} of the route's path, decoded, in order */
	void *state;                /* route->state_bytes zeroed bytes: the steps' own struct */
	const struct db_reply *got; /* the last batch's answer, NULL in the first step */
	struct str got_mail;        /* the answer to flow_mail, in the arena */
	struct flaws flaws;         /* what is wrong with the input */
	int64_t now_us;
	struct day today; /* in Europe/London */
	json_t *body;     /* the decoded JSON body, borrowed; NULL until flow_body */
	struct flow_private *p;
};

/*
 * Work on a request that has been read whole, from routing to the reply. done is called
 * once, on the worker's thread, perhaps before flow_start returns, which then returns NULL;
 * so whoever is called begins the next request from the loop, not from within. reply and all
 * it holds are borrowed for the call (a blob may be ref'd). request is borrowed until then.
 */
typedef void flow_done_fn(void *arg, struct http_reply *reply);
struct flow *flow_start(struct worker *w, const struct http_request *request, flow_done_fn *done,
			void *arg);

/* The client has gone: done will not be called, request is forgotten, a batch under way ends by
 * itself. */
void flow_orphan(struct flow *f);

/* The batch this step fills, begun with actor_set; purpose is the route's. Never NULL. */
struct db_batch *flow_batch(struct flow *f);

/* Send the batch; the next step sees the answer. A failed batch ends the flow by itself. */
enum step_result flow_send(struct flow *f);

/*
 * As flow_send, but a failure also goes to the next step, in f->err: for those who turn a
 * violated constraint into an answer of their own.
 */
enum step_result flow_send_trying(struct flow *f);
int flow_send_err(const struct flow *f);

/* End with this error; f->flaws and flow_problem add to its document. */
enum step_result flow_fail(struct flow *f, int err);

/* Add a member to the problem document: `json` is a JSON text, such as ["AGREE","REFUSE"]. */
void flow_problem(struct flow *f, const char *member, struct str json);
/* The `detail` sentence of the problem document, instead of the error's title. */
void flow_detail(struct flow *f, struct str sentence);

/* Go on with another table, from its first step. Forwards only. */
enum step_result flow_become(struct flow *f, const struct flow_step *table);

/* Wait for a message: whoever keeps the ticket calls flow_wake with it, from any thread, once. */
struct flow_ticket;
struct flow_ticket *flow_ticket_new(struct flow *f, int deadline_ms);
/* err 0 or ERR_…; bytes are taken and become f->got_mail; may be NULL. Frees the ticket. */
void flow_wake(struct flow_ticket *t, int err, struct blob *bytes);

/* Decode the body as one JSON object into f->body. 0, ERR_JSON, ERR_MEDIA_TYPE, ERR_NOMEM. */
MUST_CHECK int flow_body(struct flow *f);

/* The value of a query parameter, decoded, in the arena; absent when it was not given. */
struct str flow_query(struct flow *f, const char *name);

/* End with a JSON text as the body (copied), with ETag and Location where given (absent: none). */
enum step_result flow_answer(struct flow *f, int status, struct str json);

/*
 * Writes that create or change one item end with these: flow_store_end adds the statement
 * that renders the item (`kind`, `id`) inside the same transaction, keeps the reply under
 * the Idempotency-Key, and sends. flow_store_answer, the next step, writes it with ETag,
 * Location (201 only) and Event-Id.
 */
enum step_result flow_store_end(struct flow *f, const char *kind, struct str id, int status);
extern enum step_result flow_store_answer(struct flow *f);
