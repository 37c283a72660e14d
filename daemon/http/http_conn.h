/*
 * One connection as a machine of states, for http_server.c alone. State is where it stands:
 * each state has a list of its connections in the order in which they entered it, so the
 * oldest, which is late first, is at the front.
 */
#pragma once

#include <sys/queue.h>

#include "exchange.h"
#include "http_server.h"
#include "http_sock.h"
#include "libassets/base/address.h"
#include "libassets/base/buf.h"

enum conn_state {
	CONN_IDLE,   /* between requests, and nothing of the next has arrived */
	CONN_HEAD,   /* reading a head; also before the first byte of a connection */
	CONN_BODY,   /* reading a body */
	CONN_SERVE,  /* the service works on it; further bytes wait unread */
	CONN_STREAM, /* the service sends its reply in pieces */
	CONN_WRITE,  /* the reply waits for the client to take it */
	CONN_LINGER, /* our side is closed; what still comes is thrown away, so that the reply is
			not lost to a reset */
	CONN_DEAD,   /* to be freed when the loop is back */
	CONN_STATES
};

TAILQ_HEAD(conn_list, http_conn);

/* One connection. Times are monotonic microseconds. */
struct http_conn {
	TAILQ_ENTRY(http_conn) link; /* in server->list[state] */
	struct http_server *server;
	struct http_sock sock;
	enum conn_state state;
	int64_t since_us; /* when it entered its state, or last got on in it */
	int64_t born_us;
	struct http_exchange *x; /* being read or served; NULL in other states */
	struct http_scan scan;   /* of the head being read */
	int64_t requests;        /* served on it */
	int64_t closed_us;       /* when our side was, for CONN_LINGER */
	size_t unsent;           /* of the waiting reply, when last looked at */
	int64_t taking_us;   /* since when its client lags behind with the reply; 0: it does not */
	size_t taken;        /* bytes of it that it took since */
	bool is_in_pieces;   /* the reply being sent */
	uint64_t client;     /* for limit_connection_give */
	bool is_proxy;       /* its word for the client's address is believed */
	bool is_last;        /* close after the reply */
	bool is_in_step;     /* conn_advance is at work: do not enter it again */
	bool has_blank_line; /* the one that may stand before a request has been skipped */
	char peer[ADDRESS_TEXT];
};

/* See http_server.h; the server's thread only. */
struct http_server {
	struct event_base *base;
	const struct conf *conf;
	const struct http_service *service;
	struct worker *worker;
	struct limits *limits;
	struct conn_list list[CONN_STATES];
	struct event *accept, *sweep, *bury; /* bury frees CONN_DEAD */
	int reserve_fd; /* given up for a moment when there are no more descriptors */
	unsigned open;
	bool is_open, is_accepting, is_draining;
	int64_t now_us;  /* monotonic, when the loop last came in here or a reply went out */
	struct buf head; /* of the reply being written */
	char date[30];   /* the field Date, made once a second */
	int64_t date_s;  /* of that second */
};

/* A connection for this accepted socket, which it takes in any case. peer NULL: a Unix one. */
void conn_new(struct http_server *s, int fd, const struct address *peer, uint64_t client);

/* The only door between states. Nothing leaves CONN_DEAD. */
void conn_enter(struct http_conn *c, enum conn_state state);

/* Too long in its state: cut, refuse, or let it be for another while. Leaves the list's front. */
void conn_late(struct http_conn *c);

/* True if its body comes too slowly by now. */
bool conn_is_body_slow(const struct http_conn *c, int64_t now_us);

/*
 * True if its client, whose reply waits, has not taken enough of it by now: the whole in [http]
 * take_ms; of one in pieces, whose length nobody bounds, as much as [http] take_rate asks.
 */
bool conn_is_reader_slow(struct http_conn *c, int64_t now_us);

/* Release it; only of CONN_DEAD. */
void conn_free(struct http_conn *c);

/*
 * Write x's reply to the socket and queue what it does not take (http_write.c). False when
 * the connection is of no more use.
 */
MUST_CHECK bool http_write_reply(struct http_conn *c, struct http_exchange *x);

/* The head of a reply in pieces, queued. False when the connection is of no more use. */
MUST_CHECK bool http_write_head(struct http_conn *c, struct http_exchange *x);

/* True if the connection is to be closed after this reply. */
bool conn_is_last(const struct http_conn *c, const struct http_exchange *x);

/*
 * A request of that connection: its head as it came, copied. NULL without memory. And one by which
 * the client is told something while c->x goes on (exchange.c).
 */
struct http_exchange *http_exchange_new(struct http_conn *c, const void *head, size_t len);
struct http_exchange *http_exchange_beside(struct http_conn *c);
void http_exchange_free(struct http_exchange *x);

/* The address of a socket's other end, IPv4 also where it is dressed as IPv6. False: none. */
bool http_peer(const struct sockaddr *address, struct address *ret_peer);

/* Who is at the other end, for c->peer and c->is_proxy (http_identify.c). NULL: a Unix socket. */
void http_identify_peer(struct http_conn *c, const struct address *peer);

/* True for a Unix socket (NULL) and for an address in [http] trusted_proxy. */
bool http_is_proxy(const struct conf *conf, const struct address *peer);

/* Whose request it is, and its id. */
void http_identify(struct http_exchange *x, const struct http_conn *c);
