/*
 * The body of a request: room for it, its bytes as they come, and who it belongs to in the end.
 * On the worker's thread, all but the dropping of a body that was taken.
 */
#pragma once

#include "exchange.h"

struct conf;

/*
 * Take room for the body that the head announced, for its client and in all, before a byte of it
 * is read. 0, ERR_BUSY with ret_why saying whose room is full, or ERR_NOMEM with ret_why NULL.
 */
MUST_CHECK int http_body_begin(struct http_exchange *x, const struct conf *conf,
			       const char **ret_why);

/* Take from `in` what belongs to the body. 1: it is whole; 0: more is to come; ERR_NOMEM. */
MUST_CHECK int http_body_add(struct http_exchange *x, struct evbuffer *in);

/* Show a whole body as request.body. ERR_NOMEM. */
MUST_CHECK int http_body_end(struct http_exchange *x);

/* Free it, where there is one that nobody took, and give its room back. */
void http_body_drop(struct http_exchange *x);
