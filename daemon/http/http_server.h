/*
 * An HTTP server on one event base: it accepts from a listening socket that may be shared
 * with other threads, keeps connections within their caps and deadlines, and gives whole
 * requests to a service. Everything here runs on the base's thread.
 */
#pragma once

#include "exchange.h"

struct conf;
struct event_base;
struct http_server;
struct limits;

struct http_service {
	/*
	 * The head has been read, the body has not: find the route and set x->route and
	 * x->body_max. 0 to go on; else x->reply says no, and is sent.
	 */
	int (*admit)(struct http_exchange *x);
	/*
	 * The server itself says no: make that x->reply. why: a sentence; NULL: none. x->route is
	 * NULL where the head was not read.
	 */
	void (*refuse)(struct http_exchange *x, int err, const char *why);
	/* The request is whole: see to it that http_exchange_reply is called. */
	void (*serve)(struct http_exchange *x);
	/* The client left while this was being served; x lives on until it is replied to. */
	void (*left)(struct http_exchange *x);
	/* The client has taken most of a reply in pieces; NULL where there are none. */
	void (*drained)(struct http_exchange *x);
};

struct http_server_setup {
	struct event_base *base;
	const struct conf *conf; /* borrowed; see http_server_conf */
	const struct http_service *service;
	struct worker *worker; /* goes into each exchange */
	struct limits *limits; /* shared by all servers of the process */
	int listen_fd;         /* non-blocking, listening; not closed here */
};

/* A server, whose doors are shut; setup is copied. NULL without memory or descriptors. */
struct http_server *http_server_new(const struct http_server_setup *setup);

/* Accept from now on. Who came before waits in the socket's queue. */
void http_server_open(struct http_server *s);

/* Use other settings from now on; conf is borrowed until the next call or the end. */
void http_server_conf(struct http_server *s, const struct conf *conf);

/*
 * Stop accepting; answer what is under way and what comes on open connections, each with
 * `Connection: close`; close those that stay idle for a second.
 */
void http_server_drain(struct http_server *s);

/* Close everything at once. Exchanges under way become orphans. Takes NULL. */
void http_server_free(struct http_server *s);
