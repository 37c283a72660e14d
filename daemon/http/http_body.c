/*
 * See http_body.h. Room is counted from the head on, so that whoever is refused hears it before
 * sending anything; and for each client apart, as announcing costs nothing.
 */
#include "http_body.h"

#include <event2/buffer.h>
#include <stdlib.h>

#include "daemon/base/conf.h"
#include "daemon/base/limit.h"
#include "libassets/base/err.h"

/* A body on its own, counted among those in memory. */
struct taken_body {
	struct evbuffer *bytes;
	struct limits *limits;
	uint64_t client;
	int64_t count;
};

static void taken_body_free(void *arg)
{
	struct taken_body *b = arg;

	limit_body_give(b->limits, b->client, b->count);
	evbuffer_free(b->bytes);
	free(b);
}

struct blob *http_exchange_take_body(struct http_exchange *x)
{
	struct str view = x->request.body;
	struct taken_body *b;

	if (!x->body)
		return blob_new(NULL, 0);
	b = malloc(sizeof(*b));
	if (!b)
		return NULL;
	*b = (struct taken_body){TAKE(x->body), x->limits, x->body_client, x->framing.body_bytes};
	x->request.body = (struct str){NULL, 0};
	return blob_of(view, taken_body_free, b);
}

int http_body_begin(struct http_exchange *x, const struct conf *conf, const char **ret_why)
{
	int64_t bytes = x->framing.body_bytes;

	*ret_why = NULL;
	x->body_client = limit_address_text(x->limits, x->request.peer);
	switch (limit_body_take(x->limits, x->body_client, bytes, conf->limits_body_mib << 20,
				conf->limits_body_mib_per_address << 20)) {
	case LIMIT_FINE:
		break;
	case LIMIT_ALL:
		*ret_why = "Too many bodies are being received.";
		return ERR_BUSY;
	case LIMIT_ONE:
		*ret_why = "Too many bodies are being received from your address.";
		return ERR_BUSY;
	}
	x->body = evbuffer_new();
	if (x->body)
		return 0;
	limit_body_give(x->limits, x->body_client, bytes);
	return ERR_NOMEM;
}

/*
 * Copied and not moved: moving takes whole pieces of libevent's, at least a KiB each, so that a
 * body sent byte by byte would take a thousand times what is counted for it.
 */
int http_body_add(struct http_exchange *x, struct evbuffer *in)
{
	size_t whole = (size_t)x->framing.body_bytes;
	size_t owed = whole - evbuffer_get_length(x->body);
	size_t n = evbuffer_get_length(in);

	if (n > owed)
		n = owed;
	if (n && evbuffer_add(x->body, evbuffer_pullup(in, (ssize_t)n), n) < 0)
		return ERR_NOMEM;
	(void)evbuffer_drain(in, n);
	return evbuffer_get_length(x->body) == whole;
}

int http_body_end(struct http_exchange *x)
{
	x->request.body.at = (const char *)evbuffer_pullup(x->body, -1);
	x->request.body.len = (size_t)x->framing.body_bytes;
	return x->request.body.at ? 0 : ERR_NOMEM;
}

void http_body_drop(struct http_exchange *x)
{
	if (!x->body)
		return;
	limit_body_give(x->limits, x->body_client, x->framing.body_bytes);
	evbuffer_free(x->body);
	x->body = NULL;
}
