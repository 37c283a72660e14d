/*
 * Pieces on the wire. Each is queued by reference and leaves by the loop; the connection is in
 * CONN_STREAM until the exchange is replied to, and late there when it takes nothing of what waits.
 */
#include "http_stream.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>

#include "http_conn.h"

/* Where pieces go; NULL: nowhere. */
static struct http_conn *taker(const struct http_exchange *x)
{
	bool is_head = x->request.method == METHOD_HEAD;

	return x->conn && x->conn->state == CONN_STREAM && !is_head ? x->conn : NULL;
}

static void begin(struct http_exchange *x)
{
	struct http_conn *c = x->conn;

	if (!c)
		return;
	conn_enter(c, CONN_STREAM);
	/* Only its end says where a plain one ends. */
	c->is_last |= conn_is_last(c, x) || x->stream == STREAM_PLAIN;
	if (!http_write_head(c, x))
		http_stream_cut(x);
}

void http_stream_begin(struct http_exchange *x)
{
	x->stream = x->request.is_version_10 ? STREAM_PLAIN : STREAM_CHUNKED;
	begin(x);
}

void http_stream_begin_sized(struct http_exchange *x, int64_t bytes)
{
	x->stream = STREAM_SIZED;
	x->owed = bytes;
	begin(x);
}

static void free_bytes(const void *bytes, size_t len, void *arg)
{
	(void)bytes;
	(void)len;
	free(arg);
}

/* False: the bytes were not taken. */
static bool queue(struct evbuffer *out, struct http_exchange *x, char *bytes, size_t len)
{
	bool is_chunked = x->stream == STREAM_CHUNKED;

	if (is_chunked && evbuffer_add_printf(out, "%zx\r\n", len) < 0)
		return false;
	if (evbuffer_add_reference(out, bytes, len, free_bytes, bytes) < 0)
		return false;
	if (is_chunked && evbuffer_add(out, "\r\n", 2) < 0)
		http_stream_cut(x);
	return true;
}

void http_stream_add(struct http_exchange *x, struct buf *piece)
{
	struct http_conn *c = taker(x);
	size_t len;
	char *bytes;

	if (!c || x->is_cut || !piece->len) {
		buf_done(piece);
		return;
	}
	/* Its time to take something begins when there is something, however long nothing was. */
	if (!evbuffer_get_length(c->sock.out))
		conn_enter(c, CONN_STREAM);
	bytes = buf_detach(piece, &len);
	x->owed -= (int64_t)len;
	if (!queue(c->sock.out, x, bytes, len)) {
		free(bytes);
		http_stream_cut(x);
	} else if (http_sock_queued(&c->sock) < 0) {
		http_stream_cut(x);
	}
}

size_t http_stream_unsent(const struct http_exchange *x)
{
	const struct http_conn *c = taker(x);

	return c ? evbuffer_get_length(c->sock.out) : 0;
}

void http_stream_cut(struct http_exchange *x)
{
	x->is_cut = true;
}

bool http_stream_end(struct http_conn *c, struct http_exchange *x)
{
	struct evbuffer *out = c->sock.out;

	if (x->is_cut)
		return false;
	if (x->stream == STREAM_SIZED && x->request.method != METHOD_HEAD)
		return x->owed == 0;
	if (x->stream != STREAM_CHUNKED || x->request.method == METHOD_HEAD)
		return true;
	return evbuffer_add(out, "0\r\n\r\n", 5) == 0 && http_sock_queued(&c->sock) == 0;
}
