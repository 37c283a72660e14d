/*
 * Sketches of counters, shared by all threads. Rates are GCRA: one number a bucket, the moment
 * at which it will be full again, moved by compare-and-swap.
 *
 * This is the one place where workers share memory that changes, since a cap of the process
 * cannot be kept by each for itself. Two threads may read a bucket before either moves it: a
 * client can gain a request or two so, which a limit of hundreds does not mind.
 */
#include "limit.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "id.h"
#include "libassets/base/address.h"

/* Two rows of 65,536: with a thousand clients one in four thousand shares both its counters. */
enum { ROWS = 2, SLOTS = 1 << 16 };

/* What counts for a client is the smaller of its two counters. */
struct sketch {
	_Atomic uint32_t row[ROWS][SLOTS];
};

struct limits {
	uint64_t secret[2];
	_Atomic int64_t connections;
	_Atomic int64_t body_bytes;
	struct sketch open;
	struct sketch body_kib;
	_Atomic int64_t full_us[ROWS][SLOTS];
};

struct limits *limits_new(void)
{
	struct limits *l = calloc(1, sizeof(*l));

	if (l)
		id_random(l->secret, sizeof(l->secret));
	return l;
}

void limits_free(struct limits *l)
{
	free(l);
}

/*
 * A keyed mix of bytes to a number that is not 0. Nobody sees its results, so it need not
 * withstand more than blind guessing.
 */
static uint64_t mix(const struct limits *l, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	uint64_t h = l->secret[0] ^ n;

	for (size_t i = 0; i < n; i++) {
		h = (h ^ at[i]) * (l->secret[1] | 1);
		h ^= h >> 29;
	}
	h *= UINT64_C(0x9E3779B97F4A7C15);
	h ^= h >> 32;
	return h ? h : 1;
}

uint64_t limit_address(const struct limits *l, const struct address *address)
{
	return mix(l, address->at, address->bytes == 4 ? 4 : 8);
}

uint64_t limit_address_text(const struct limits *l, struct str text)
{
	struct address address;

	return address_parse(text, &address) < 0 ? 0 : limit_address(l, &address);
}

uint64_t limit_key(const struct limits *l, struct str text)
{
	return mix(l, text.at, text.len);
}

static size_t slot(uint64_t client, int row)
{
	return (client >> (row * 32)) % SLOTS;
}

/* Count `by` more of this client; how much it has now. Client 0 has nothing. */
static int64_t sketch_more(struct sketch *k, uint64_t client, uint32_t by)
{
	uint32_t least = UINT32_MAX;

	if (!client)
		return 0;
	for (int row = 0; row < ROWS; row++) {
		uint32_t n = atomic_fetch_add(&k->row[row][slot(client, row)], by) + by;

		if (n < least)
			least = n;
	}
	return least;
}

static void sketch_less(struct sketch *k, uint64_t client, uint32_t by)
{
	if (!client)
		return;
	for (int row = 0; row < ROWS; row++)
		atomic_fetch_sub(&k->row[row][slot(client, row)], by);
}

/* The client's own share first: who is over it must not hear that the house is full. */
enum limit_verdict limit_connection_take(struct limits *l, uint64_t client, int64_t most,
					 int64_t most_one)
{
	if (sketch_more(&l->open, client, 1) > most_one) {
		sketch_less(&l->open, client, 1);
		return LIMIT_ONE;
	}
	if (atomic_fetch_add(&l->connections, 1) < most)
		return LIMIT_FINE;
	atomic_fetch_sub(&l->connections, 1);
	sketch_less(&l->open, client, 1);
	return LIMIT_ALL;
}

void limit_connection_give(struct limits *l, uint64_t client)
{
	atomic_fetch_sub(&l->connections, 1);
	sketch_less(&l->open, client, 1);
}

bool limit_connection_room(const struct limits *l, int64_t most)
{
	return atomic_load(&l->connections) < most;
}

int64_t limit_connection_count(const struct limits *l)
{
	return atomic_load(&l->connections);
}

/* KiB begun, so that counters of 32 bits hold whatever can be in memory. */
static uint32_t kib(int64_t bytes)
{
	return (uint32_t)((bytes + 1023) / 1024);
}

enum limit_verdict limit_body_take(struct limits *l, uint64_t client, int64_t bytes, int64_t most,
				   int64_t most_one)
{
	if (sketch_more(&l->body_kib, client, kib(bytes)) > most_one / 1024) {
		sketch_less(&l->body_kib, client, kib(bytes));
		return LIMIT_ONE;
	}
	if (atomic_fetch_add(&l->body_bytes, bytes) + bytes <= most)
		return LIMIT_FINE;
	limit_body_give(l, client, bytes);
	return LIMIT_ALL;
}

void limit_body_give(struct limits *l, uint64_t client, int64_t bytes)
{
	atomic_fetch_sub(&l->body_bytes, bytes);
	sketch_less(&l->body_kib, client, kib(bytes));
}

/* Move a bucket's moment of being full by `cost_us`, from now if it is full already. */
static void bucket_take(_Atomic int64_t *full_us, int64_t now_us, int64_t cost_us)
{
	int64_t seen = atomic_load(full_us), next;

	do {
		next = (seen > now_us ? seen : now_us) + cost_us;
	} while (!atomic_compare_exchange_weak(full_us, &seen, next));
}

struct limit_rate limit_rate_look(const struct limits *l, uint64_t client, int64_t per_minute,
				  int64_t cost, int64_t now_us)
{
	const int64_t each_us = 60000000 / per_minute;
	const int64_t burst = per_minute < LIMIT_BURST ? per_minute : LIMIT_BURST;
	int64_t full_us = INT64_MAX, left_us;
	struct limit_rate rate = {0};

	/* The emptier of its two: strangers may have filled the other. */
	for (int row = 0; row < ROWS; row++) {
		int64_t it = atomic_load(&l->full_us[row][slot(client, row)]);

		if (it < full_us)
			full_us = it;
	}
	if (full_us < now_us)
		full_us = now_us;
	left_us = now_us + burst * each_us - full_us - cost * each_us;
	rate.is_over = left_us < 0;
	if (rate.is_over) {
		rate.retry_s = (-left_us + 999999) / 1000000;
	} else {
		full_us += cost * each_us;
		rate.remaining = left_us / each_us;
	}
	rate.reset_s = (full_us - now_us + 999999) / 1000000;
	return rate;
}

struct limit_rate limit_rate_take(struct limits *l, uint64_t client, int64_t per_minute,
				  int64_t cost, int64_t now_us)
{
	struct limit_rate rate = limit_rate_look(l, client, per_minute, cost, now_us);

	for (int row = 0; row < ROWS && !rate.is_over; row++)
		bucket_take(&l->full_us[row][slot(client, row)], now_us,
			    cost * (60000000 / per_minute));
	return rate;
}
