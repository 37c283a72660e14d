/*
 * An exchange from its making to its end, and how it parts from its connection.
 */
#include "exchange.h"

#include <stdlib.h>

#include "http_body.h"
#include "http_conn.h"
#include "libassets/base/err.h"

void http_exchange_free(struct http_exchange *x)
{
	http_body_drop(x);
	blob_unref(x->reply.blob);
	buf_done(&x->reply.body);
	arena_done(&x->arena);
	free(x);
}

struct http_exchange *http_exchange_new(struct http_conn *c, const void *head, size_t len)
{
	struct http_exchange *x = calloc(1, sizeof(*x) + len + 1);

	if (!x)
		return NULL;
	x->reply.body = BUF(EXCHANGE_BODY_MAX);
	arena_init(&x->arena, EXCHANGE_ARENA_MAX);
	x->worker = c->server->worker;
	x->limits = c->server->limits;
	x->begun_us = c->server->now_us;
	x->conn = c;
	if (len)
		memcpy(x->head, head, len);
	return x;
}

struct http_exchange *http_exchange_beside(struct http_conn *c)
{
	struct http_exchange *x = http_exchange_new(c, "", 0);

	if (!x)
		return NULL;
	memcpy(x->request.id, c->x->request.id, sizeof(x->request.id));
	x->route = c->x->route;
	return x;
}

int http_exchange_part(struct http_exchange *x, struct http_exchange **ret_answer)
{
	struct http_conn *c = x->conn;
	struct http_exchange *answer = c ? http_exchange_beside(c) : NULL;

	*ret_answer = answer;
	x->is_parted = !c || answer;
	if (!answer)
		return c ? ERR_NOMEM : 0;
	memcpy(answer->request.trace, x->request.trace, sizeof(answer->request.trace));
	answer->request.is_version_10 = x->request.is_version_10;
	answer->framing = x->framing;
	answer->rate = x->rate;
	answer->begun_us = x->begun_us;
	x->conn = NULL;
	c->x = answer;
	return 0;
}
