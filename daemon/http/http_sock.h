/*
 * A connection's socket with what has arrived and what waits to leave, for http_conn.c and
 * http_write.c alone. One read for each time the socket is readable, and an event for writing
 * only while something waits: a request and its reply are two system calls. (A bufferevent
 * asks the kernel how much there is before each read.)
 *
 * On the server's thread.
 */
#pragma once

#include <event2/event.h>

#include "libassets/base/base.h"

struct evbuffer;

struct http_sock {
	int fd;
	struct event *readable, *writable;
	struct event *again; /* NULL until it is asked for, as it mostly never is */
	struct evbuffer *in, *out;
	bool is_reading; /* `readable` is watched */
	bool is_ended;   /* the other side has closed its own: nothing more arrives */
};

/*
 * Take the socket in any case, and begin to read. on_readable is then to call http_sock_read,
 * on_writable http_sock_write. ERR_NOMEM  it is closed.
 */
MUST_CHECK int http_sock_init(struct http_sock *s, struct event_base *base, int fd,
			      event_callback_fn on_readable, event_callback_fn on_writable,
			      void *arg);

/* No event comes any more. */
void http_sock_stop(struct http_sock *s);

/* Close it, and forget what has arrived and what waits. */
void http_sock_done(struct http_sock *s);

/*
 * Move what has arrived to `in`, or note that all has. With 64 KiB there, reading pauses until
 * http_sock_resume. False when the connection is lost.
 */
MUST_CHECK bool http_sock_read(struct http_sock *s);

/* Read on, if there is room again. */
void http_sock_resume(struct http_sock *s);

/* Call on_readable in the next turn of the loop, without EV_READ. ERR_NOMEM */
MUST_CHECK int http_sock_again(struct http_sock *s);

/* Something was put into `out`: it leaves when the socket takes it. ERR_NOMEM */
MUST_CHECK int http_sock_queued(struct http_sock *s);

/* Write from `out` what the socket takes. False when the connection is lost. */
MUST_CHECK bool http_sock_write(struct http_sock *s);
