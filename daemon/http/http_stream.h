/*
 * A reply that goes out in pieces, for what is too long to be held: chunked (RFC 9112 section
 * 7.1), or to a client of HTTP/1.0 until the connection closes.
 *
 *	http_stream_begin → http_stream_add … → http_exchange_reply, as for every exchange
 *
 * Whoever makes pieces looks at what is unsent, and waits for http_service.drained when that
 * is much. On the server's thread.
 */
#pragma once

#include "exchange.h"

enum { STREAM_HIGH = 512 * 1024, STREAM_LOW = 128 * 1024 }; /* bytes: pause, go on */

/*
 * Send the head of x->reply, whose status and fields are set and whose body is empty. To HEAD, and
 * when the client has left, pieces go nowhere.
 */
void http_stream_begin(struct http_exchange *x);
/* The same of a reply whose length is known; one that gets fewer bytes or more is cut. */
void http_stream_begin_sized(struct http_exchange *x, int64_t bytes);
/* Send these bytes, which are taken; the buffer is as new. */
void http_stream_add(struct http_exchange *x, struct buf *piece);
/* Bytes that wait for the client. */
size_t http_stream_unsent(const struct http_exchange *x);
/* It ends here by half: http_exchange_reply closes, so that nobody takes it for the whole. */
void http_stream_cut(struct http_exchange *x);

/* Of http_conn.c alone: the last of it; false when the connection is of no more use. */
MUST_CHECK bool http_stream_end(struct http_conn *c, struct http_exchange *x);
