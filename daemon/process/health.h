/*
 * Health for supervisors and balancers, as application/health+json: {"status": "pass"}, or
 * "fail" with 503 and a sentence in `output`. Rows of routes.c that answer at once, by filling
 * x->reply.
 */
#pragma once

struct http_exchange;

/* /livez: 200 while no thread is late by 2 s or more. Asks no database. */
void health_live(struct http_exchange *x);

/*
 * /readyz: 200 while requests can be served: not draining, a connection to the database
 * answered within the last second, and the feed is at most 10 s behind. Connections count only when
 * every statement could be prepared on them, so a schema that does not fit this program is not
 * ready either.
 */
void health_ready(struct http_exchange *x);
