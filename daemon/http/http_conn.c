/*
 * A connection: reading, serving and answering one request after another.
 *
 * Life is conn_advance(), which runs the present state's step until one has to wait, and
 * conn_enter(), which alone changes state and runs what the new one begins with. A reply may come
 * while a step runs (answered at once) or later from the loop; both end in http_exchange_reply().
 * Nothing is freed here but by conn_free, from the server's own event, so no call can pull it away
 * from under its caller.
 *
 * A new state needs a value of enum conn_state, a row in each table below and one in http_server.c.
 */
#include "http_conn.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/fault.h"
#include "daemon/base/limit.h"
#include "daemon/base/log.h"
#include "daemon/base/metric.h"
#include "daemon/route/problem.h"
#include "http_body.h"
#include "http_stream.h"
#include "libassets/base/err.h"

enum {
	STEPS_MAX = 64,   /* pipelined requests served in one turn of the loop */
	BODY_GRACE_S = 5, /* before [http] body_rate counts */
};

/* The exchange goes its own way; the connection forgets it. */
static void let_go(struct http_conn *c)
{
	struct http_exchange *x = TAKE(c->x);
	bool is_served = c->state == CONN_SERVE || c->state == CONN_STREAM;

	if (!x)
		return;
	x->conn = NULL;
	if (is_served)
		c->server->service->left(x);
	else
		http_exchange_free(x);
}

/* --- Entering states ------------------------------------------------------------------- */

static void enter_idle(struct http_conn *c)
{
	c->scan = (struct http_scan){0};
	c->has_blank_line = false;
}

static void enter_linger(struct http_conn *c)
{
	if (c->sock.is_ended)
		conn_enter(c, CONN_DEAD);
}

static void enter_dead(struct http_conn *c)
{
	http_sock_stop(&c->sock);
	event_active(c->server->bury, 0, 0);
}

static void (*const on_enter[CONN_STATES])(struct http_conn *) = {
	[CONN_IDLE] = enter_idle,
	[CONN_LINGER] = enter_linger,
	[CONN_DEAD] = enter_dead,
};

void conn_enter(struct http_conn *c, enum conn_state state)
{
	if (c->state == CONN_DEAD)
		return;
	if (state == CONN_DEAD)
		let_go(c);
	TAILQ_REMOVE(&c->server->list[c->state], c, link);
	TAILQ_INSERT_TAIL(&c->server->list[state], c, link);
	c->state = state;
	c->since_us = c->server->now_us;
	if (on_enter[state])
		on_enter[state](c);
}

/* --- Answering ------------------------------------------------------------------------- */

bool conn_is_last(const struct http_conn *c, const struct http_exchange *x)
{
	const struct conf *conf = c->server->conf;

	return c->is_last || c->server->is_draining || !x->framing.is_keep_alive ||
	       c->requests >= conf->http_requests ||
	       c->server->now_us - c->born_us >= conf->http_lifetime_s * 1000000;
}

/* The reply is out. */
static void replied(struct http_conn *c)
{
	if (!c->is_last) {
		conn_enter(c, CONN_IDLE);
		return;
	}
	(void)shutdown(c->sock.fd, SHUT_WR);
	c->closed_us = c->server->now_us;
	conn_enter(c, CONN_LINGER);
}

/* Write it; what the client does not take at once waits in CONN_WRITE, with its own deadline. */
static void answer(struct http_conn *c, struct http_exchange *x)
{
	c->x = NULL;
	if (x->stream == STREAM_NONE)
		c->is_last = conn_is_last(c, x);
	if (FAULT_POINT(HTTP_BEFORE_WRITE) < 0 ||
	    !(x->stream == STREAM_NONE ? http_write_reply(c, x) : http_stream_end(c, x))) {
		conn_enter(c, CONN_DEAD);
		return;
	}
	(void)FAULT_POINT(HTTP_AFTER_WRITE);
	c->unsent = evbuffer_get_length(c->sock.out);
	c->is_in_pieces = x->stream != STREAM_NONE;
	if (c->unsent)
		conn_enter(c, CONN_WRITE);
	else
		replied(c);
}

static void conn_advance(struct http_conn *c);

/* A body that did not fit, or had no memory, must not go out by half. */
static void check_whole(struct http_exchange *x)
{
	int err = buf_err(&x->reply.body);

	if (!err)
		return;
	log_error("reply too large", F_TEXT("request", str_of(x->request.id)), F_ERR(err));
	x->reply.field_count = 0;
	problem_reply(&x->reply, &(struct problem){.err = err == ERR_NOMEM ? err : ERR_BUG,
						   .instance = str_of(x->request.id)});
}

void http_exchange_reply(struct http_exchange *x)
{
	struct http_conn *c = x->conn;
	int64_t now_us = clock_mono_us(), took_us = now_us - x->begun_us;

	check_whole(x);
	if (!x->is_parted)
		metric_request(x->route, x->reply.status, took_us);
	log_debug("request", F_TEXT("request", str_of(x->request.id)),
		  F_Z("method", http_method_name(x->request.method)),
		  F_TEXT("path", x->request.path), F_TEXT("peer", x->request.peer),
		  F_INT("status", x->reply.status), F_INT("us", took_us));
	if (c) {
		assert(c->x == x);
		c->server->now_us = now_us;
		answer(c, x);
	}
	/* Gone before the connection goes on, which may serve the next request right here. */
	http_exchange_free(x);
	if (c)
		conn_advance(c);
}

/* Say no to a request of which the rest is not read, and close. x may be NULL: no head yet. */
static void refuse(struct http_conn *c, struct http_exchange *x, int err, const char *why)
{
	if (!x)
		x = http_exchange_new(c, "", 0);
	if (!x) {
		conn_enter(c, CONN_DEAD);
		return;
	}
	if (!*x->request.id)
		http_identify(x, c);
	c->x = x;
	c->is_last = true;
	c->server->service->refuse(x, err, why);
	http_exchange_reply(x);
}

/* --- Reading --------------------------------------------------------------------------- */

static void serve(struct http_conn *c)
{
	c->requests++;
	conn_enter(c, CONN_SERVE);
	c->server->service->serve(c->x);
}

static void ask_for_body(struct http_conn *c)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (evbuffer_get_length(c->sock.in))
		return; /* it is coming already */
	if (evbuffer_add(c->sock.out, go_on, sizeof(go_on) - 1) || http_sock_queued(&c->sock) < 0)
		conn_enter(c, CONN_DEAD);
}

static void begin_body(struct http_conn *c, struct http_exchange *x)
{
	const char *why;
	int r = http_body_begin(x, c->server->conf, &why);

	if (r < 0) {
		refuse(c, x, r, why);
		return;
	}
	conn_enter(c, CONN_BODY);
	if (x->framing.wants_continue)
		ask_for_body(c);
}

/*
 * How much may be sent, and how much was to come, which is not said to fit; where a file is sent
 * with the fields of its form, of the file. NULL without memory.
 */
static const char *too_long(struct http_exchange *x)
{
	int64_t most = x->body_max == HTTP_FORM_MAX ? HTTP_UPLOAD_MAX : (int64_t)x->body_max;
	bool is_large = most >= 1 << 20;
	int64_t unit = is_large ? 1 << 20 : 1024, has = (x->framing.body_bytes - 1) / unit + 1;
	const char *name = is_large ? "MB" : "KB";

	if (!most)
		return "No body is taken here.";
	return arena_fmt(&x->arena,
			 "At most %" PRId64 " %s may be sent here, and this has %" PRId64 " %s.",
			 most / unit, name, has, name)
		.at;
}

/* The head is whole: read it, and let the service decide before anything of a body is read. */
static void take_head(struct http_conn *c, size_t len)
{
	struct evbuffer *in = c->sock.in;
	struct http_exchange *x = http_exchange_new(c, evbuffer_pullup(in, (ssize_t)len), len);
	int err;

	(void)evbuffer_drain(in, len);
	if (!x) {
		refuse(c, NULL, ERR_NOMEM, NULL);
		return;
	}
	c->x = x;
	err = http_head_parse(x->head, len, &x->request, &x->framing);
	http_identify(x, c);
	if (err) {
		metric_add(METRIC_HEADS_REFUSED, 1);
		refuse(c, x, err, x->framing.why);
	} else if (c->server->service->admit(x)) {
		/* Its body is not read, so nobody knows where a next request would begin. */
		c->is_last |= x->framing.body_bytes > 0;
		http_exchange_reply(x);
	} else if ((uint64_t)x->framing.body_bytes > x->body_max) {
		refuse(c, x, ERR_LIMIT, too_long(x));
	} else if (x->framing.body_bytes) {
		begin_body(c, x);
	} else {
		serve(c);
	}
}

/*
 * RFC 9112 section 2.2: one empty line before a request is let pass. False when only half of
 * it has arrived, and one has to wait for the other.
 */
static bool skip_blank_line(struct http_conn *c, struct evbuffer *in)
{
	char two[2];
	ssize_t n = evbuffer_copyout(in, two, 2);

	if (c->has_blank_line || c->scan.at || n < 1 || two[0] != '\r')
		return true;
	if (n == 1)
		return false;
	if (two[1] == '\n') {
		c->has_blank_line = true;
		(void)evbuffer_drain(in, 2);
	}
	return true;
}

/* Bytes of the head that has arrived whole; 0 if it has not, or was refused. */
static size_t whole_head(struct http_conn *c)
{
	struct evbuffer *in = c->sock.in;
	size_t there, len;
	const char *bytes;
	int err;

	if (!skip_blank_line(c, in))
		return 0;
	there = evbuffer_get_length(in);
	if (!there)
		return 0;
	/* One byte more than is allowed is enough to refuse it. */
	if (there > HTTP_HEAD_MAX + 1)
		there = HTTP_HEAD_MAX + 1;
	bytes = (const char *)evbuffer_pullup(in, (ssize_t)there);
	err = http_scan(&c->scan, bytes, there, &len);
	if (!err)
		return len;
	metric_add(METRIC_HEADS_REFUSED, 1);
	refuse(c, NULL, err, c->scan.why);
	return 0;
}

static bool step_head(struct http_conn *c)
{
	size_t len;

	if (!evbuffer_get_length(c->sock.in))
		return false;
	len = whole_head(c);
	if (len)
		take_head(c, len);
	else if (c->state == CONN_IDLE)
		conn_enter(c, CONN_HEAD); /* its time runs from the first byte on */
	return len > 0;
}

static bool step_body(struct http_conn *c)
{
	struct http_exchange *x = c->x;
	int r = http_body_add(x, c->sock.in);

	if (r < 0) {
		conn_enter(c, CONN_DEAD);
		return false;
	}
	if (r == 0)
		return false;
	if (http_body_end(x) < 0)
		refuse(c, x, ERR_NOMEM, NULL);
	else
		serve(c);
	return true;
}

/*
 * A browser reads no reply before it has sent all of a body, however large: so it is let send, into
 * nothing, while it does, for as long as four bodies that are taken might last.
 */
static bool step_linger(struct http_conn *c)
{
	struct http_server *s = c->server;
	struct evbuffer *in = c->sock.in;

	if (evbuffer_get_length(in) && !s->is_draining &&
	    s->now_us - c->closed_us < 4 * s->conf->http_body_ms * 1000)
		conn_enter(c, CONN_LINGER);
	(void)evbuffer_drain(in, evbuffer_get_length(in));
	return false;
}

/* True if there may be more to do at once. */
static bool (*const step[CONN_STATES])(struct http_conn *) = {
	[CONN_IDLE] = step_head,
	[CONN_HEAD] = step_head,
	[CONN_BODY] = step_body,
	[CONN_LINGER] = step_linger,
};

static void conn_advance(struct http_conn *c)
{
	int steps = 0;

	if (c->is_in_step)
		return; /* the loop below sees what has changed */
	c->is_in_step = true;
	while (step[c->state] && step[c->state](c)) {
		if (++steps < STEPS_MAX)
			continue;
		if (http_sock_again(&c->sock) < 0)
			conn_enter(c, CONN_DEAD);
		break;
	}
	c->is_in_step = false;
	if (c->state != CONN_DEAD)
		http_sock_resume(&c->sock);
	/* Whatever is left of the last request is half a request, and no more will come. */
	if (c->sock.is_ended && (c->state <= CONN_BODY || c->state == CONN_LINGER) &&
	    steps < STEPS_MAX)
		conn_enter(c, CONN_DEAD);
	/* Who hears to the end of a reply without one has left. */
	if (c->sock.is_ended && c->state == CONN_STREAM && c->x->is_endless) {
		metric_add(METRIC_CLIENTS_LEFT, 1);
		conn_enter(c, CONN_DEAD);
	}
}

/* A reset, or no memory. */
static void conn_lost(struct http_conn *c)
{
	metric_add(METRIC_CLIENTS_LEFT,
		   c->state == CONN_SERVE || c->state == CONN_STREAM || c->state == CONN_WRITE);
	conn_enter(c, CONN_DEAD);
}

/* has_come: else it goes on with what is there. */
static void conn_readable(struct http_conn *c, bool has_come)
{
	c->server->now_us = clock_mono_us();
	if (has_come && !http_sock_read(&c->sock))
		conn_lost(c);
	else
		conn_advance(c);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	conn_readable(arg, what & EV_READ);
}

/* The client is not late while it takes something. */
static void stream_taken(struct http_conn *c)
{
	conn_enter(c, CONN_STREAM);
	if (evbuffer_get_length(c->sock.out) <= STREAM_LOW)
		c->server->service->drained(c->x);
}

static void conn_writable(struct http_conn *c)
{
	size_t unsent = evbuffer_get_length(c->sock.out);

	c->server->now_us = clock_mono_us();
	if (!http_sock_write(&c->sock)) {
		conn_lost(c);
		return;
	}
	c->taken += unsent - evbuffer_get_length(c->sock.out);
	if (!evbuffer_get_length(c->sock.out))
		c->taking_us = 0;
	if (c->state == CONN_STREAM) {
		stream_taken(c);
		return;
	}
	/* In another state it was a 100 Continue. */
	if (c->state != CONN_WRITE || evbuffer_get_length(c->sock.out))
		return;
	replied(c);
	conn_advance(c);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	conn_writable(arg);
}

/* --- Coming, staying too long, going ------------------------------------------------------ */

static void late_head(struct http_conn *c)
{
	if (c->scan.at)
		refuse(c, NULL, ERR_TIMEOUT, "The head did not arrive in time.");
	else
		conn_enter(c, CONN_DEAD);
}

static void late_body(struct http_conn *c)
{
	refuse(c, c->x, ERR_TIMEOUT, "The body did not arrive in time.");
}

/*
 * Nobody has answered: the client hears of it, and the work goes on without one to tell. The
 * refusal is an exchange of its own, since the flow still holds the other.
 */
static void late_serve(struct http_conn *c)
{
	struct http_exchange *x = http_exchange_beside(c);

	let_go(c);
	refuse(c, x, ERR_DEADLINE, NULL);
}

static void late_write(struct http_conn *c)
{
	size_t unsent = evbuffer_get_length(c->sock.out);

	if (unsent >= c->unsent) {
		conn_enter(c, CONN_DEAD);
		return;
	}
	c->unsent = unsent; /* it took something: for another while, then */
	conn_enter(c, CONN_WRITE);
}

/* Nothing was taken of what waits. With nothing there it is the database that takes its time. */
static void late_stream(struct http_conn *c)
{
	conn_enter(c, evbuffer_get_length(c->sock.out) ? CONN_DEAD : CONN_STREAM);
}

static void late_quietly(struct http_conn *c)
{
	conn_enter(c, CONN_DEAD);
}

static void (*const on_late[CONN_STATES])(struct http_conn *) = {
	[CONN_IDLE] = late_quietly,   [CONN_HEAD] = late_head,     [CONN_BODY] = late_body,
	[CONN_SERVE] = late_serve,    [CONN_STREAM] = late_stream, [CONN_WRITE] = late_write,
	[CONN_LINGER] = late_quietly,
};

void conn_late(struct http_conn *c)
{
	if (c->state != CONN_IDLE && c->state != CONN_LINGER)
		metric_add(METRIC_DEADLINES, 1);
	on_late[c->state](c);
}

bool conn_is_body_slow(const struct http_conn *c, int64_t now_us)
{
	int64_t rate = c->server->conf->http_body_rate;
	int64_t took_us = now_us - c->since_us;
	int64_t got = (int64_t)evbuffer_get_length(c->x->body);

	return took_us > BODY_GRACE_S * 1000000 && got < rate * (took_us / 1000000);
}

/* Nothing waits, or nobody has looked since something does: it begins to count. */
static bool begins_to_lag(struct http_conn *c, int64_t now_us)
{
	bool is_waiting = evbuffer_get_length(c->sock.out) > 0;

	if (is_waiting && c->taking_us)
		return false;
	c->taking_us = is_waiting ? now_us : 0;
	c->taken = 0;
	return true;
}

bool conn_is_reader_slow(struct http_conn *c, int64_t now_us)
{
	const struct conf *conf = c->server->conf;
	int64_t took_us;

	if (begins_to_lag(c, now_us))
		return false;
	took_us = now_us - c->taking_us;
	if (took_us < conf->http_take_ms * 1000)
		return false;
	return !(c->state == CONN_STREAM || c->is_in_pieces) ||
	       (int64_t)c->taken < conf->http_take_rate * (took_us / 1000000);
}

void conn_new(struct http_server *s, int fd, const struct address *peer, uint64_t client)
{
	struct http_conn *c = calloc(1, sizeof(*c));

	if (!c) {
		(void)close(fd);
		limit_connection_give(s->limits, client);
		return;
	}
	if (http_sock_init(&c->sock, s->base, fd, on_readable, on_writable, c) < 0) {
		free(c);
		limit_connection_give(s->limits, client);
		return;
	}
	c->server = s;
	c->client = client;
	c->state = CONN_HEAD;
	http_identify_peer(c, peer);
	s->now_us = clock_mono_us();
	c->born_us = c->since_us = s->now_us;
	TAILQ_INSERT_TAIL(&s->list[CONN_HEAD], c, link);
	s->open++;
	metric_add(METRIC_CONNECTIONS, 1);
	metric_add(METRIC_CONNECTIONS_OPEN, 1);
}

void conn_free(struct http_conn *c)
{
	struct http_server *s = c->server;

	TAILQ_REMOVE(&s->list[CONN_DEAD], c, link);
	http_sock_done(&c->sock);
	limit_connection_give(s->limits, c->client);
	s->open--;
	metric_add(METRIC_CONNECTIONS_OPEN, -1);
	free(c);
}
