/*
 * UUIDv7 as RFC 9562 section 6.2 method 2 has it: within a millisecond (or when the clock
 * went back) the last random part is increased by a random step, so that order holds and
 * the next id is not one more than this.
 */
#include "id.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <unistd.h>

#include "libassets/base/str.h"
#include "log.h"

static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* The 74 random bits: 12 beside the version, 62 beside the variant. */
struct last {
	int64_t ms;
	uint16_t a;
	uint64_t b;
};

static _Thread_local struct last last;

/*
 * Randomness fetched ahead, for a call to the generator costs far more than what we take of it:
 * an id is some five bytes.
 */
struct pool {
	unsigned char at[4096];
	size_t left;
};

static _Thread_local struct pool pool;

static void fetch(void *ret_bytes, size_t n)
{
	if (RAND_bytes(ret_bytes, (int)n) == 1)
		return;
	log_error("no randomness", F_INT("exit", 71));
	_exit(71);
}

void id_random(void *ret_bytes, size_t n)
{
	unsigned char *from;

	if (n > sizeof(pool.at) / 32) {
		fetch(ret_bytes, n);
		return;
	}
	if (pool.left < n) {
		fetch(pool.at, sizeof(pool.at));
		pool.left = sizeof(pool.at);
	}
	pool.left -= n;
	from = pool.at + pool.left;
	memcpy(ret_bytes, from, n);
	OPENSSL_cleanse(from, n); /* nobody finds a secret here that was given out */
}

static void start_over(int64_t ms)
{
	id_random(&last.a, sizeof(last.a));
	id_random(&last.b, sizeof(last.b));
	last.ms = ms;
	last.a &= 0x07FF; /* half of the range, so that steps have room */
	last.b >>= 2;
}

static void step(void)
{
	uint32_t by;

	id_random(&by, sizeof(by));
	last.b += (uint64_t)by + 1;
	if (last.b >> 62) {
		last.b &= UINT64_MAX >> 2;
		last.a++;
	}
	if (last.a > 0x0FFF)
		start_over(last.ms + 1);
}

static void put_id(const char *prefix, uint64_t high, uint64_t low, char ret_id[ID_TEXT])
{
	memcpy(ret_id, prefix, 4);
	for (int i = 25; i >= 0; i--) {
		ret_id[4 + i] = crockford[low & 31];
		low = low >> 5 | high << 59;
		high >>= 5;
	}
	ret_id[30] = '\0';
}

void id_hashed(const char *prefix, const unsigned char hash[16], char ret_id[ID_TEXT])
{
	uint64_t half[2];

	memcpy(half, hash, sizeof(half));
	put_id(prefix, half[0], half[1], ret_id);
}

void id_new(const char *prefix, int64_t now_us, char ret_id[ID_TEXT])
{
	int64_t ms = now_us / 1000;
	uint64_t high, low;

	if (ms > last.ms)
		start_over(ms);
	else
		step();
	high = (uint64_t)last.ms << 16 | 0x7000 | last.a;
	low = UINT64_C(2) << 62 | last.b;
	put_id(prefix, high, low, ret_id);
}
