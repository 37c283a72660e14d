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
 * permission and the query names. A repeated Idempotency-Key is answered when the first
 * batch comes back, before the step that would look at it. After the last step the engine
 * writes the reply or the problem document.
 *
 * A reply of the database is borrowed for one step: copy what you keep into f->arena.
 * When the client leaves, the flow is orphaned: its batch finishes, its result is dropped.
 */
#pragma once

#include <jansson.h>

#include "daemon/db/db.h"
#include "daemon/http/http.h"
#include "daemon/route/auth.h"
#include "libassets/base/day.h"
#include "libassets/base/err.h"
#include "libassets/shape/flaw.h"

struct auth_pass;
struct flow;
struct http_exchange;
struct problem;
struct route;
struct worker;

enum step_result { STEP_NEXT, STEP_WAIT, STEP_DONE, STEP_FAIL };

struct flow_step {
	const char *name;
	enum step_result (*run)(struct flow *f);
};

struct flow {
	const struct route *route;
	const struct http_request *request;
	struct http_reply *reply;
	struct arena *arena;
	struct worker *worker;
	const struct principal *who; /* never NULL; without an id: anonymous, or unknown yet */
	const struct str *param;     /* {…} of the route's path, decoded, in order */
	void *state;                 /* route->state_bytes zeroed bytes: the steps' own struct */
	const struct db_reply *got;  /* the last batch's answer, NULL when there was none */
	struct str got_mail;         /* what flow_wake brought: until the flow's end */
	struct blob *got_blob;       /* the same; blob_ref it to keep or to reply with it */
	struct flaws flaws;          /* what is wrong with the input */
	int64_t now_us;
	struct day today; /* in Europe/London */
	json_t *body;     /* the decoded JSON body, the flow's; NULL until flow_body */
	struct flow_private *p;
};

/*
 * Work on a request that is whole and whose route has steps; ends in http_exchange_reply,
 * perhaps before this returns.
 */
void flow_serve(struct http_exchange *x);
/* The client has gone: no further step is begun, a batch under way ends by itself. */
void flow_left(struct http_exchange *x);

/* The batch this step fills, begun with actor_set; purpose is the route's. Never NULL. */
struct db_batch *flow_batch(struct flow *f);

/* Send the batch; the next step sees the answer. A failed batch ends the flow by itself. */
enum step_result flow_send(struct flow *f);

/*
 * As flow_send, but a failure also goes to the next step, in flow_send_err: for those who turn
 * a violated constraint into an answer of their own.
 */
enum step_result flow_send_trying(struct flow *f);
int flow_send_err(const struct flow *f);

/* End with this error; f->flaws and flow_problem add to its document. */
enum step_result flow_fail(struct flow *f, int err);

/* Add a member to the problem document: `json` is a JSON text, such as ["AGREE","REFUSE"]. */
void flow_problem(struct flow *f, const char *member, struct str json);
/* The `detail` sentence of the problem document. Copied. */
void flow_detail(struct flow *f, struct str sentence);

/* Go on with another table, from its first step. Forwards only. */
enum step_result flow_become(struct flow *f, const struct flow_step *table);

/*
 * Wait for a message: return STEP_WAIT after giving the ticket to whoever calls flow_wake with
 * it, from any thread, once. NULL without memory. Past the deadline the flow goes on with
 * flow_send_err ERR_DEADLINE, as after flow_send_trying.
 */
struct flow_ticket;
struct flow_ticket *flow_ticket_new(struct flow *f, int deadline_ms);
/* err 0 or ERR_…; bytes are taken and become f->got_mail; may be NULL. Frees the ticket. */
void flow_wake(struct flow_ticket *t, int err, struct blob *bytes);
bool flow_is_awaited(const struct flow_ticket *t); /* false once nobody will hear of it */

/* Decode the body as one JSON object into f->body. 0, ERR_JSON, ERR_MEDIA_TYPE, ERR_NOMEM. */
MUST_CHECK int flow_body(struct flow *f);
struct blob *flow_take_body(struct flow *f); /* see http_exchange_take_body */
/* For bodies that are not JSON: is it of this media type? 0, ERR_MEDIA_TYPE. */
MUST_CHECK int flow_body_type(const struct flow *f, struct str type);
/* A form's field (ROUTE_FORM alone), a name of the query: decoded; absent when not sent. */
struct str flow_form(struct flow *f, const char *name);
struct str flow_query(struct flow *f, const char *name);
MUST_CHECK int flow_letter(struct flow *f); /* counts one that somebody lets us send; ERR_RATE */

/*
 * Does the client mean the version there is (RFC 9110 section 13.1)? `current` 0: there
 * is none yet. Decides PUT, PATCH and DELETE; others by what was sent, a form by seen_version.
 *
 * ERR_PRECONDITION  neither If-Match nor, where there is none, If-None-Match: *
 * ERR_STALE         they name another
 */
MUST_CHECK int flow_if_match(const struct flow *f, int32_t current);
/* What a version no longer there at the store means: 412 after If-Match, else 409. */
int flow_stale(const struct flow *f);

/*
 * The ETag of what is about to be answered: "<version>-<view>", view a letter or a few for
 * format and for what this reader may see. True if the client has it (If-None-Match): the
 * reply is then a complete 304, and the step returns STEP_DONE without rendering.
 */
bool flow_etag(struct flow *f, int32_t version, const char *view);
bool flow_etag_weak(struct flow *f, struct str hash); /* of what has no version: W/"<hash>" */

/*
 * End with a JSON text as the body (copied), a text of another type, or none (204, 304).
 * Fields such as ETag are set before.
 */
enum step_result flow_answer(struct flow *f, int status, struct str json);
enum step_result flow_answer_as(struct flow *f, int status, struct str type, struct str text);
enum step_result flow_answer_empty(struct flow *f, int status);

/*
 * Writes that create or change one item end with these: flow_store_end adds the statement
 * that renders the item (`kind`, `id`) inside the same transaction, keeps the reply under
 * the Idempotency-Key, and sends. flow_store_answer, the next step, writes it with ETag,
 * Location (201 only) and Event-Id. Statements that the caller reads stand before it.
 */
enum step_result flow_store_end(struct flow *f, const char *kind, struct str id, int status);
extern enum step_result flow_store_answer(struct flow *f);
