/*
 * Replies on the wire: the head with what every reply owes, and the body. Security fields are
 * written here, for all replies, so that no handler can forget them: one set for data, one for
 * pages. A body is not copied, unless it is short: what the socket does not take at once is
 * queued by reference.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "http_conn.h"

/* Bytes of a body that are sooner copied behind the head than sent as a second piece. */
enum { SHORT_BODY = 4096 };

/* Of the API: it is data, and nothing of it may run, be framed or be sniffed. */
static const struct str api_fields =
	STR_INIT("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
		 "X-Content-Type-Options: nosniff\r\n"
		 "Referrer-Policy: same-origin\r\n"
		 "Cross-Origin-Resource-Policy: same-origin\r\n");

/* Open data, for scripts of other sites: only what needs no key. */
static const struct str open_fields = STR_INIT(
	"Access-Control-Allow-Origin: *\r\n"
	"Access-Control-Expose-Headers: ETag, Link, RateLimit, RateLimit-Policy, Location, "
	"Deprecation, Sunset\r\n");

static const struct str page_fields = STR_INIT(
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
	"img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
	"form-action 'self'; frame-ancestors 'none'\r\n"
	"X-Content-Type-Options: nosniff\r\n"
	"Cross-Origin-Opener-Policy: same-origin\r\n"
	"Cross-Origin-Resource-Policy: same-origin\r\n"
	"Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n");

/*
 * Of files that people have sent in: nothing of one may run, whatever it pretends to be, and a
 * browser that shows one gives it no address of ours to act from.
 */
static const struct str file_fields =
	STR_INIT("Content-Security-Policy: default-src 'none'; sandbox; frame-ancestors 'none'\r\n"
		 "X-Content-Type-Options: nosniff\r\n"
		 "Referrer-Policy: same-origin\r\n"
		 "Cross-Origin-Resource-Policy: same-origin\r\n");

static const struct str plain_fields = STR_INIT("Referrer-Policy: same-origin\r\n");
/* The origin alone: with no-referrer a browser would send a form with Origin: null. */
static const struct str secret_fields = STR_INIT("Referrer-Policy: strict-origin\r\n"
						 "Cache-Control: no-store\r\n"
						 "X-Robots-Tag: noindex\r\n");

static const struct str https_fields =
	STR_INIT("Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n");

/* What is read by people, on whatever address: errors are pages too. */
static bool is_page(const struct http_exchange *x)
{
	const struct http_reply *reply = &x->reply;

	for (size_t i = 0; i < reply->field_count; i++) {
		if (str_eq_nocase(reply->field[i].name, STR("Content-Type")))
			return str_starts(reply->field[i].value, STR("text/html"));
	}
	return x->route && (x->route->flags & ROUTE_PAGE);
}

/*
 * A plain read without a key, which any site's script may make. Never of a page or of the file of
 * one: what a session has got stays in the browser's cache, and another site's script may ask that.
 */
static bool is_open(const struct http_exchange *x)
{
	const struct http_request *r = &x->request;

	return !(x->route && x->route->flags & ROUTE_PAGE) &&
	       (r->method == METHOD_GET || r->method == METHOD_HEAD) &&
	       str_is_null(http_field_get(r, STR("authorization")));
}

static bool is_file(const struct http_exchange *x)
{
	return x->route && x->route->flags & ROUTE_FILE && x->reply.status < 400;
}

/* secret_fields are for it: then whatever its reply says of caches is not sent beside them. */
static bool is_secret(const struct http_exchange *x)
{
	return x->route && x->route->flags & ROUTE_SECRET && !is_file(x) && is_page(x);
}

static void add_security(struct buf *out, const struct http_server *s,
			 const struct http_exchange *x)
{
	if (is_file(x)) {
		buf_str(out, file_fields);
	} else if (is_page(x)) {
		buf_str(out, page_fields);
		buf_str(out, is_secret(x) ? secret_fields : plain_fields);
	} else {
		buf_str(out, api_fields);
		if (is_open(x))
			buf_str(out, open_fields);
	}
	if (str_starts(str_of(s->conf->http_base_url), STR("https://")))
		buf_str(out, https_fields);
}

static struct str date(struct http_server *s)
{
	int64_t now_us = clock_now_us();

	if (now_us / 1000000 != s->date_s) {
		s->date_s = now_us / 1000000;
		clock_format_http(now_us, s->date);
	}
	return str_of(s->date);
}

static void add_field(struct buf *out, struct str name, struct str value)
{
	buf_str(out, name);
	buf_str(out, STR(": "));
	buf_str(out, value);
	buf_str(out, STR("\r\n"));
}

static void add_own_fields(struct buf *out, const struct http_exchange *x)
{
	bool is_told = is_secret(x); /* by secret_fields */

	for (size_t i = 0; i < x->reply.field_count; i++) {
		const struct http_field *field = &x->reply.field[i];

		if (!is_told || !str_eq_nocase(field->name, STR("Cache-Control")))
			add_field(out, field->name, field->value);
	}
}

/*
 * Content-Length also of an empty body: without it a client would wait for the end of the
 * connection. A 204 must have none (RFC 9110 section 8.6), and a 304 needs none.
 */
static void write_head(struct http_conn *c, const struct http_exchange *x, size_t body_bytes)
{
	const struct http_reply *reply = &x->reply;
	struct buf *out = &c->server->head;

	buf_clear(out);
	buf_str(out, STR("HTTP/1.1 "));
	buf_i64(out, reply->status);
	buf_char(out, ' ');
	buf_str(out, str_of(http_status_phrase(reply->status)));
	buf_str(out, STR("\r\n"));
	add_field(out, STR("Date"), date(c->server));
	if (x->stream == STREAM_CHUNKED) {
		add_field(out, STR("Transfer-Encoding"), STR("chunked"));
	} else if (x->stream == STREAM_SIZED) {
		buf_str(out, STR("Content-Length: "));
		buf_i64(out, x->owed);
		buf_str(out, STR("\r\n"));
	} else if (x->stream == STREAM_NONE && reply->status != 204 && reply->status != 304) {
		buf_str(out, STR("Content-Length: "));
		buf_i64(out, (int64_t)body_bytes);
		buf_str(out, STR("\r\n"));
	}
	add_own_fields(out, x);
	rate_write(out, &x->rate);
	add_security(out, c->server, x);
	add_field(out, STR("X-Request-Id"), str_of(x->request.id));
	if (*x->request.trace)
		add_field(out, STR("traceparent"), str_of(x->request.trace));
	if (c->is_last)
		buf_str(out, STR("Connection: close\r\n"));
	else if (x->request.is_version_10)
		buf_str(out, STR("Connection: keep-alive\r\n"));
	buf_str(out, STR("\r\n"));
}

static void free_bytes(const void *bytes, size_t len, void *arg)
{
	(void)bytes;
	(void)len;
	free(arg);
}

static void unref_bytes(const void *bytes, size_t len, void *arg)
{
	(void)bytes;
	(void)len;
	blob_unref(arg);
}

/* Queue a part of the body without copying it: the queue then owns the bytes, or a share. */
static bool queue_body(struct evbuffer *out, struct http_reply *reply, struct str rest)
{
	size_t len;
	char *bytes;

	if (reply->blob) {
		if (evbuffer_add_reference(out, rest.at, rest.len, unref_bytes,
					   blob_ref(reply->blob)) == 0)
			return true;
		blob_unref(reply->blob);
		return false;
	}
	bytes = buf_detach(&reply->body, &len);
	if (evbuffer_add_reference(out, rest.at, rest.len, free_bytes, bytes) == 0)
		return true;
	free(bytes);
	return false;
}

/* Queue what the socket did not take of head and body, from byte `sent` on. */
static bool queue_rest(struct http_conn *c, struct http_reply *reply, struct str body, size_t sent)
{
	struct evbuffer *out = c->sock.out;
	const struct buf *head = &c->server->head;

	if (sent == head->len + body.len)
		return true;
	if (sent < head->len && evbuffer_add(out, head->at + sent, head->len - sent))
		return false;
	sent = sent > head->len ? sent - head->len : 0;
	if (sent < body.len &&
	    !queue_body(out, reply, (struct str){body.at + sent, body.len - sent}))
		return false;
	return http_sock_queued(&c->sock) == 0;
}

/*
 * Most replies go out by one system call here, without the loop's help; a reply that waits
 * already goes first.
 */
static bool send_now(struct http_conn *c, struct str body, size_t *ret_sent)
{
	const struct buf *head = &c->server->head;
	struct iovec part[2] = {{head->at, head->len}, {(void *)(uintptr_t)body.at, body.len}};
	const struct msghdr message = {.msg_iov = part, .msg_iovlen = COUNT(part)};
	const int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
	ssize_t n;

	*ret_sent = 0;
	if (evbuffer_get_length(c->sock.out))
		return true;
	n = body.len ? sendmsg(c->sock.fd, &message, flags)
		     : send(c->sock.fd, head->at, head->len, flags);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	*ret_sent = (size_t)n;
	return true;
}

bool http_write_reply(struct http_conn *c, struct http_exchange *x)
{
	struct str body = x->reply.blob ? blob_view(x->reply.blob) : buf_view(&x->reply.body);
	size_t sent;

	if (x->reply.status == 204 || x->reply.status == 304)
		body.len = 0;
	write_head(c, x, body.len);
	if (x->request.method == METHOD_HEAD)
		body.len = 0;
	if (body.len <= SHORT_BODY) {
		buf_str(&c->server->head, body);
		body.len = 0;
	}
	if (buf_err(&c->server->head))
		return false;
	return send_now(c, body, &sent) && queue_rest(c, &x->reply, body, sent);
}

bool http_write_head(struct http_conn *c, struct http_exchange *x)
{
	const struct buf *head = &c->server->head;

	write_head(c, x, 0);
	return buf_err(head) == 0 && evbuffer_add(c->sock.out, head->at, head->len) == 0 &&
	       http_sock_queued(&c->sock) == 0;
}
