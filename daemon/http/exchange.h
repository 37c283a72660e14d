/*
 * One request and its answer: what a connection hands to the router and the flows, and what
 * comes back. It outlives its connection, so that work under way may end in peace when the
 * client has left: `conn` is then NULL and the answer goes nowhere.
 *
 * Whoever is given an exchange (http_service.serve) fills `reply` and calls
 * http_exchange_reply exactly once, at once or later, on the worker's thread.
 */
#pragma once

#include "daemon/route/rate.h"
#include "daemon/route/router.h"
#include "http.h"
#include "http_head.h"
#include "libassets/base/arena.h"

struct blob;
struct evbuffer;
struct http_conn;
struct limits;
struct worker;

/* Bytes: of all that one request allocates, and of its reply's body. */
enum { EXCHANGE_ARENA_MAX = 128 << 20, EXCHANGE_BODY_MAX = 64 << 20 };

struct http_exchange {
	struct http_request request;
	struct http_reply reply;
	struct arena arena;        /* everything of this request; gone with it */
	const struct route *route; /* NULL until it is found */
	struct str param[ROUTE_PARAM_MAX];
	struct worker *worker;
	void *work;       /* of who serves it: its flow */
	int64_t begun_us; /* monotonic, at the end of the head */
	struct rate_state rate;

	/* A reply in pieces (http_stream.h), and whether it ends by half. */
	enum { STREAM_NONE, STREAM_CHUNKED, STREAM_PLAIN, STREAM_SIZED } stream;
	bool is_cut;
	bool is_parted;  /* another has answered its client: see http_exchange_part */
	bool is_endless; /* so a client that ends its side has left */
	int64_t owed;    /* bytes of a STREAM_SIZED that have still to come */

	/* Of http_*.c alone. */
	struct http_conn *conn;
	struct http_framing framing;
	struct evbuffer *body;
	struct limits *limits; /* where the body's bytes are counted */
	uint64_t body_client;  /* and for whom */
	size_t body_max;
	char head[]; /* the bytes that request points into */
};

/* Send x->reply. x and all that lives in its arena are gone when this returns. */
void http_exchange_reply(struct http_exchange *x);

/*
 * Let the client be answered while x goes on: its connection gets another exchange, which is to be
 * replied at once, and the reply of x goes nowhere. *ret_answer NULL: there is no client any more.
 * ERR_NOMEM  x still has it
 */
MUST_CHECK int http_exchange_part(struct http_exchange *x, struct http_exchange **ret_answer);

/*
 * The request's body for work that outlives the exchange: request.body is then absent. Until the
 * blob is gone, its bytes count among those of bodies in memory. NULL without memory. Any
 * thread may drop it.
 */
struct blob *http_exchange_take_body(struct http_exchange *x);
