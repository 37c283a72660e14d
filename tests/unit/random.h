/*
 * Repeatable numbers for property tests: splitmix64, so that a failure can be run again
 * from its seed on any machine.
 */
#pragma once

#include <stdint.h>

static inline uint64_t random_u64(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static inline uint64_t random_below(uint64_t *seed, uint64_t n)
{
	return random_u64(seed) % n;
}

/* Any 64-bit number, of any length in bits, with the extremes common. */
static inline int64_t random_i64(uint64_t *seed)
{
	uint64_t n = random_u64(seed) >> random_below(seed, 64);

	switch (random_below(seed, 8)) {
	case 0:
		return INT64_MAX - (int64_t)(n & 3);
	case 1:
		return INT64_MIN + (int64_t)(n & 3);
	case 2:
		return (int64_t)(n & 3);
	case 3:
		return (int64_t)-n;
	default:
		return (int64_t)n;
	}
}
