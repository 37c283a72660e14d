/*
 * How much one client may have: connections, bytes of bodies, requests a minute. Shared by
 * all threads, without locks.
 *
 * Clients are counted in a sketch: two rows of counters, each client in one of each row by a
 * keyed hash, and what counts is the smaller of its two. Memory is fixed however many
 * addresses come, nothing expires or is evicted, and a client is never counted as less than
 * it is; it is taken for more only if strangers hit both of its counters.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

struct limits;
struct address;

/* All counters at nothing, some 2 MiB. Yours to free. NULL without memory. */
struct limits *limits_new(void);
/* Takes NULL. Nobody may hold a connection or a body of it any more. */
void limits_free(struct limits *l);

/* A client's address as a number: all of IPv4, the first 64 bits of IPv6. */
uint64_t limit_address(const struct limits *l, const struct address *address);
/* The same of an address as text, as it stands in http_request.peer; 0 for a Unix socket. */
uint64_t limit_address_text(const struct limits *l, struct str text);
/* A key or any other text that requests are counted by. */
uint64_t limit_key(const struct limits *l, struct str text);

/* Taken; refused because of all clients together; refused because of this one. */
enum limit_verdict { LIMIT_FINE, LIMIT_ALL, LIMIT_ONE };

/*
 * Take a connection: LIMIT_ALL when `most` are open, LIMIT_ONE when this client has `most_one`.
 * Give it back with the same client. Client 0 is not counted by itself.
 */
enum limit_verdict limit_connection_take(struct limits *l, uint64_t client, int64_t most,
					 int64_t most_one);
void limit_connection_give(struct limits *l, uint64_t client);
/* True if a further connection may be opened by somebody. */
bool limit_connection_room(const struct limits *l, int64_t most);

/* How many are open. */
int64_t limit_connection_count(const struct limits *l);

/*
 * Take room for a body: LIMIT_ALL when more than `most` bytes would be taken in all, LIMIT_ONE
 * when more than `most_one` by this client, in KiB begun. Room is taken for all that a head
 * announces before a byte of it has come, so without a share a few clients that send nothing could
 * take all of it. Give it back with the same client and bytes. Client 0 is not counted by itself.
 */
enum limit_verdict limit_body_take(struct limits *l, uint64_t client, int64_t bytes, int64_t most,
				   int64_t most_one);
void limit_body_give(struct limits *l, uint64_t client, int64_t bytes);

/* What a bucket says of one more request. */
struct limit_rate {
	bool is_over;
	int64_t remaining; /* requests that may follow at once */
	int64_t reset_s;   /* until the bucket is full again */
	int64_t retry_s;   /* when is_over: until one more may come, at least 1 */
};

/* Requests that may come at once, where the rate is not smaller. */
enum { LIMIT_BURST = 100 };

/* What limit_rate_take would say, without taking. */
struct limit_rate limit_rate_look(const struct limits *l, uint64_t client, int64_t per_minute,
				  int64_t cost, int64_t now_us);

/*
 * One request more of this client, of `per_minute` that it may make evenly and up to
 * LIMIT_BURST of them at once. `cost` is 1 for most requests. A request that is over costs nothing.
 *
 * per_minute: at least 1.    now_us: monotonic.
 * Example: with 60 a minute, 60 may come at once; the 61st is over and may come after 1 s.
 */
struct limit_rate limit_rate_take(struct limits *l, uint64_t client, int64_t per_minute,
				  int64_t cost, int64_t now_us);
