/*
 * Requests a minute: who is counted as whom, and what the client is told of it (the fields
 * RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers-10).
 */
#pragma once

#include "daemon/base/limit.h"
#include "libassets/base/str.h"

struct buf;
struct http_exchange;

/* What a reply says of the client's rate. All zero: nothing. */
struct rate_state {
	const char *policy; /* its name; NULL: no limit counts here, nothing is said */
	int64_t per_minute;
	struct limit_rate rate;
};

/*
 * Count this request: with a key (key_id is not empty) by the key, else by the client's
 * address, pages apart from the API. The result stays in x->rate, and so with every reply.
 *
 * ERR_RATE  it is one too many: 429, and Retry-After says when one more may come.
 */
MUST_CHECK int rate_check(struct http_exchange *x, struct str key_id);

/*
 * May somebody show a key or a session that has not been met here yet? It has to be asked of the
 * database, so each address may be wrong only as often as it may ask without one.
 *
 * ERR_RATE  it was wrong too often, and nothing is asked; as rate_check.
 */
MUST_CHECK int rate_may_guess(struct http_exchange *x);
/* It was wrong. */
void rate_guessed(struct http_exchange *x);

/*
 * Count a letter that this request lets go out to an address that anybody may name, by the
 * client's address: so that nobody fills strangers' letter boxes through us.
 *
 * ERR_RATE  it is one too many; as rate_check.
 */
MUST_CHECK int rate_letter(struct http_exchange *x);

/*
 * Count a try to sign in, by the client's address and before anything is compared: of many at the
 * same moment no more are looked at than of many in turn.
 *
 * ERR_RATE  it is one too many; as rate_check.
 */
MUST_CHECK int rate_sign_in(struct http_exchange *x);

/* Whom this request counts for, as a number: the key, else the client's address. */
uint64_t rate_client(const struct http_exchange *x, struct str key_id);
/* It is one too many of something else than requests; Retry-After says retry_s. */
void rate_refuse(struct http_exchange *x, int64_t retry_s);

/* Append the lines of a reply's head, and Retry-After when it was one too many. */
void rate_write(struct buf *out, const struct rate_state *state);
