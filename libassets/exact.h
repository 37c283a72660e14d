/*
 * Arithmetic of the projection's inner loops: as money.h, but a result that does not fit
 * marks the sum as overflown and goes on with 0, so that a whole asset is worked out first
 * and looked at once. Small operands take a path of 64 bits with the same result.
 */
#pragma once

#include "money.h"

struct exact {
	bool is_overflown;
};

static inline int64_t exact_fit(struct exact *x, int128 n)
{
	if (money_fits(n))
		return (int64_t)n;
	x->is_overflown = true;
	return 0;
}

/* Rounded division by a constant: `d` is a literal at every call, so this is a product. */
static inline __attribute__((always_inline)) int64_t exact_rdiv_const(int64_t n, uint64_t d)
{
	uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
	uint64_t whole = size / d;

	whole += size - whole * d >= d - (size - whole * d);
	return (int64_t)(n < 0 ? -whole : whole);
}

static inline bool exact_is_small(int128 n)
{
	return n == (int64_t)n;
}

/* n / 10^9, rounded. */
static inline int64_t exact_per_ppb(struct exact *x, int128 n)
{
	if (exact_is_small(n))
		return exact_rdiv_const((int64_t)n, PPB);
	return exact_fit(x, money_rdiv(n, PPB));
}

/* a * ppm / 10^6, rounded. */
static inline int64_t exact_ppm(struct exact *x, int64_t a, int64_t ppm)
{
	int128 n = (int128)a * ppm;

	if (exact_is_small(n))
		return exact_rdiv_const((int64_t)n, PPM);
	return exact_fit(x, money_rdiv(n, PPM));
}

/* a * b / d, rounded. d > 0. */
static inline int64_t exact_muldiv(struct exact *x, int64_t a, int64_t b, int64_t d)
{
	return exact_fit(x, money_rdiv((int128)a * b, d));
}

/* a brought from index `from` to index `to`; 0 is an index that does not fit. */
static inline int64_t exact_index(struct exact *x, int64_t a, int64_t to, int64_t from)
{
	if (to && from)
		return to == from ? a : exact_muldiv(x, a, to, from);
	x->is_overflown = true;
	return 0;
}

static inline int64_t exact_add(struct exact *x, int64_t a, int64_t b)
{
	return exact_fit(x, (int128)a + b);
}
