/*
 * Accepting, sweeping, draining. The sweep is the only clock: ten times a second it looks at
 * the front of each state's list, where the oldest stands, so a connection that behaves costs
 * no timer. On the worker's thread.
 *
 * Many listen on one socket's queue (SO_REUSEPORT or one shared), so whoever is full stops
 * accepting and lets the others; the caps are counted for the process (limit.h).
 */
#include "http_server.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/limit.h"
#include "daemon/base/log.h"
#include "daemon/base/metric.h"
#include "http_conn.h"

enum {
	SWEEP_MS = 100,           /* between two looks at who is late */
	LINGER_MS = 2000,         /* for the next bytes of a refused request to arrive */
	DRAIN_IDLE_MS = 1000,     /* while draining, instead of [http] idle_ms */
	ACCEPT_AT_ONCE = 8,       /* then the other threads have a chance */
	HEAD_OUT_MAX = 64 * 1024, /* bytes of a reply's head, and of a short body behind it */
};

static void accept_on(struct http_server *s)
{
	if (!s->is_open || s->is_accepting || s->is_draining ||
	    !limit_connection_room(s->limits, s->conf->limits_connections))
		return;
	s->is_accepting = event_add(s->accept, NULL) == 0;
}

static void accept_off(struct http_server *s)
{
	(void)event_del(s->accept);
	s->is_accepting = false;
}

/*
 * A client over its share hears why, as far as its socket takes it at once: no connection is
 * made of it, for that is what there are too many of.
 */
static void turn_away(int fd)
{
	static const char body[] =
		"{\"type\":\"/v1/problems/busy\",\"title\":\"Too many connections "
		"are open; close some or try again in a moment\",\"status\":503}\n";
	char text[512];
	int len = snprintf(text, sizeof(text),
			   "HTTP/1.1 503 Service Unavailable\r\n"
			   "Content-Type: application/problem+json\r\n"
			   "Content-Length: %zu\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s",
			   sizeof(body) - 1, body);

	(void)send(fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)close(fd);
	metric_add(METRIC_CONNECTIONS_REFUSED, 1);
}

static void admit_socket(struct http_server *s, int fd, const struct sockaddr *address)
{
	const struct conf *conf = s->conf;
	struct address inet;
	const struct address *peer = http_peer(address, &inet) ? &inet : NULL;
	uint64_t client = http_is_proxy(conf, peer) ? 0 : limit_address(s->limits, peer);
	const int one = 1;

	switch (limit_connection_take(s->limits, client, conf->limits_connections,
				      conf->limits_connections_per_address)) {
	case LIMIT_FINE:
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		conn_new(s, fd, peer, client);
		return;
	case LIMIT_ALL:
		accept_off(s); /* another thread took the last place between our look and now */
		turn_away(fd);
		return;
	case LIMIT_ONE:
		turn_away(fd);
		return;
	}
}

/*
 * No descriptor is left. The one in reserve is used to take the next connection and close it,
 * so that its client hears at once; then nobody is taken for a while, and the loop does not spin.
 */
static void out_of_descriptors(struct http_server *s, int listen_fd, int why)
{
	static _Thread_local struct log_gate gate;
	int64_t dropped;

	if (log_gate_open(&gate, 1, &dropped))
		log_warn("cannot accept", F_INT("errno", why), F_INT("open", s->open),
			 F_INT("dropped", dropped));
	accept_off(s);
	if (s->reserve_fd < 0)
		return;
	(void)close(s->reserve_fd);
	s->reserve_fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (s->reserve_fd >= 0)
		turn_away(s->reserve_fd);
	s->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool is_passing(int err)
{
	return err == EAGAIN || err == EINTR || err == ECONNABORTED || err == EPROTO;
}

static void server_accept(struct http_server *s, int listen_fd)
{
	for (int i = 0; i < ACCEPT_AT_ONCE && s->is_accepting; i++) {
		struct sockaddr_storage address = {0};
		socklen_t len = sizeof(address);
		int fd;

		/* Whoever comes now waits in the kernel's queue; another thread may have filled up.
		 */
		if (!limit_connection_room(s->limits, s->conf->limits_connections)) {
			accept_off(s);
			return;
		}
		fd = accept4(listen_fd, (struct sockaddr *)&address, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			admit_socket(s, fd, (const struct sockaddr *)&address);
		} else {
			if (!is_passing(errno))
				out_of_descriptors(s, listen_fd, errno);
			return;
		}
	}
}

static void on_accept(evutil_socket_t fd, short what, void *arg)
{
	(void)what;
	server_accept(arg, fd);
}

static void server_bury(struct http_server *s)
{
	struct http_conn *c;

	while ((c = TAILQ_FIRST(&s->list[CONN_DEAD])))
		conn_free(c);
	accept_on(s);
}

static void on_bury(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	server_bury(arg);
}

static int64_t most_ms(const struct http_server *s, enum conn_state state)
{
	switch (state) {
	case CONN_IDLE:
		return s->is_draining ? DRAIN_IDLE_MS : s->conf->http_idle_ms;
	case CONN_HEAD:
		return s->conf->http_head_ms;
	case CONN_BODY:
		return s->conf->http_body_ms;
	case CONN_SERVE:
		return s->conf->http_reply_ms;
	case CONN_STREAM:
	case CONN_WRITE:
		return s->conf->http_write_ms;
	case CONN_LINGER:
		return LINGER_MS;
	case CONN_DEAD:
	case CONN_STATES:
		break;
	}
	return INT64_MAX / 1000;
}

static void sweep_slow_bodies(struct http_server *s, int64_t now_us)
{
	struct http_conn *c = TAILQ_FIRST(&s->list[CONN_BODY]), *next;

	for (; c && s->conf->http_body_rate; c = next) {
		next = TAILQ_NEXT(c, link);
		if (conn_is_body_slow(c, now_us))
			conn_late(c);
	}
}

/* Each that something waits for: who takes a little now and then is never at the front. */
static void sweep_slow_readers(struct http_server *s, enum conn_state state, int64_t now_us)
{
	struct http_conn *c = TAILQ_FIRST(&s->list[state]), *next;

	for (; c; c = next) {
		next = TAILQ_NEXT(c, link);
		if (!conn_is_reader_slow(c, now_us))
			continue;
		metric_add(METRIC_DEADLINES, 1);
		conn_enter(c, CONN_DEAD);
	}
}

static void server_sweep(struct http_server *s)
{
	int64_t now_us = clock_mono_us();

	s->now_us = now_us;
	for (enum conn_state state = CONN_IDLE; state < CONN_DEAD; state++) {
		struct http_conn *c;

		while ((c = TAILQ_FIRST(&s->list[state])) &&
		       now_us - c->since_us >= most_ms(s, state) * 1000)
			conn_late(c);
	}
	sweep_slow_bodies(s, now_us);
	sweep_slow_readers(s, CONN_STREAM, now_us);
	sweep_slow_readers(s, CONN_WRITE, now_us);
	accept_on(s);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	server_sweep(arg);
}

struct http_server *http_server_new(const struct http_server_setup *setup)
{
	const struct timeval every = {.tv_usec = SWEEP_MS * 1000};
	struct http_server *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	*s = (struct http_server){
		.base = setup->base,
		.conf = setup->conf,
		.service = setup->service,
		.worker = setup->worker,
		.limits = setup->limits,
		.head = BUF(HEAD_OUT_MAX),
		.date_s = -1,
	};
	for (size_t i = 0; i < COUNT(s->list); i++)
		TAILQ_INIT(&s->list[i]);
	s->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	s->accept = event_new(s->base, setup->listen_fd, EV_READ | EV_PERSIST, on_accept, s);
	s->sweep = event_new(s->base, -1, EV_PERSIST, on_sweep, s);
	s->bury = event_new(s->base, -1, 0, on_bury, s);
	if (s->reserve_fd >= 0 && s->accept && s->sweep && s->bury &&
	    event_add(s->sweep, &every) == 0)
		return s;
	http_server_free(s);
	return NULL;
}

void http_server_open(struct http_server *s)
{
	s->is_open = true;
	accept_on(s);
}

void http_server_conf(struct http_server *s, const struct conf *conf)
{
	s->conf = conf;
}

void http_server_drain(struct http_server *s)
{
	s->is_draining = true;
	accept_off(s);
}

static void free_event(struct event *e)
{
	if (e)
		event_free(e);
}

void http_server_free(struct http_server *s)
{
	struct http_conn *c;

	if (!s)
		return;
	s->is_draining = true;
	for (enum conn_state state = CONN_IDLE; s->bury && state < CONN_DEAD; state++) {
		while ((c = TAILQ_FIRST(&s->list[state])))
			conn_enter(c, CONN_DEAD);
	}
	server_bury(s);
	free_event(s->accept);
	free_event(s->sweep);
	free_event(s->bury);
	if (s->reserve_fd >= 0)
		(void)close(s->reserve_fd);
	buf_done(&s->head);
	free(s);
}
