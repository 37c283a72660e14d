/*
 * Arithmetic of the projection's inner loops: as money.h, but a result that does not fit
 * marks the sum as overflown and goes on with 0, so that a whole asset is worked out first
 * and looked at once. Small operands take a path of 64 bits with the same result.
 */
#pragma once

#include "money.h"

struct exact {
	bool is_overflown; /* set, never cleared: begin each asset with {false} */
};

/* n where it fits 64 bits; else 0, and the sum is marked. */
static inline int64_t exact_fit(struct exact *x, int128 n)
{
	if (money_fits(n))
		return (int64_t)n;
	x->is_overflown = true;
	return 0;
}

/*
 * n / d rounded, for n of 64 bits. `d` is an even literal at every call, so that the half is
 * whole and the division a product.
 */
static inline __attribute__((always_inline)) int64_t exact_rdiv_even(int64_t n, uint64_t d)
{
	uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
	uint64_t whole = (size + d / 2) / d;

	return (int64_t)(n < 0 ? -whole : whole);
}

/* n / 10^9, rounded. */
static inline int64_t exact_per_ppb(struct exact *x, int128 n)
{
	if (money_fits(n))
		return exact_rdiv_even((int64_t)n, PPB);
	return exact_fit(x, money_rdiv(n, PPB));
}

/* a * ppm / 10^6, rounded. ppm: 0 to 4,000,000, which is below 2^22. */
static inline int64_t exact_ppm(struct exact *x, int64_t a, int64_t ppm)
{
	const int64_t small = INT64_C(1) << 40;

	if (a > -small && a < small)
		return exact_rdiv_even(a * ppm, PPM);
	return exact_fit(x, money_rdiv((int128)a * ppm, PPM));
}

/* n / d and what is left, where the high half of n is below d. */
static inline uint64_t exact_divide(uint128 n, uint64_t d, uint64_t *ret_rest)
{
#ifdef __x86_64__
	uint64_t whole;

	/* One instruction; the compiler calls a function for 128 bits. */
	__asm__("divq %4"
		: "=a"(whole), "=d"(*ret_rest)
		: "a"((uint64_t)n), "d"((uint64_t)(n >> 64)), "rm"(d)
		: "cc");
	return whole;
#else
	*ret_rest = (uint64_t)(n % d);
	return (uint64_t)(n / d);
#endif
}

/* a * b / d, rounded. b >= 0, d > 0. */
static inline int64_t exact_muldiv(struct exact *x, int64_t a, int64_t b, int64_t d)
{
	uint64_t size = a < 0 ? -(uint64_t)a : (uint64_t)a, by = (uint64_t)d, whole, rest;
	uint128 product = (uint128)size * (uint64_t)b;

	if ((uint64_t)(product >> 64) >= by) {
		x->is_overflown = true;
		return 0;
	}
	whole = exact_divide(product, by, &rest);
	if (rest >= by - rest && ++whole == 0)
		x->is_overflown = true;
	return exact_fit(x, a < 0 ? -(int128)whole : (int128)whole);
}

/* a * b / 10^12, rounded: a factor of the model's tables. b: 0 to 10^12. */
static inline int64_t exact_scaled(struct exact *x, int64_t a, int64_t b)
{
	const uint64_t one = UINT64_C(1000000000000), odd = one >> 12; /* one is odd * 2^12 */
	uint64_t size = a < 0 ? -(uint64_t)a : (uint64_t)a, whole;
	uint128 n = (uint128)size * (uint64_t)b + one / 2;

	if (n >> 76)
		return exact_muldiv(x, a, b, (int64_t)one);
	whole = (uint64_t)(n >> 12) / odd;
	return (int64_t)(a < 0 ? -whole : whole);
}

/*
 * A price index, scaled by 10^12, made ready to be divided by without a division: `inverse`
 * is 2^102 / value, or 0 where that is too large. The value 0 is an index that does not fit.
 */
struct exact_index {
	int64_t value;
	uint64_t inverse;
};

static inline struct exact_index exact_index_of(int64_t value)
{
	const int64_t least = INT64_C(1) << 38;
	uint64_t rest;

	if (value <= least)
		return (struct exact_index){value, 0};
	return (struct exact_index){value, exact_divide((uint128)1 << 102, (uint64_t)value, &rest)};
}

/* a * to / from, rounded: an amount brought from one index to another. */
static inline int64_t exact_to_index(struct exact *x, int64_t a, int64_t to,
				     const struct exact_index *from)
{
	uint64_t size = a < 0 ? -(uint64_t)a : (uint64_t)a, by = (uint64_t)from->value;
	uint64_t whole, rest;
	uint128 n = (uint128)size * (uint64_t)to;

	if (!to || !by) {
		x->is_overflown = true;
		return 0;
	}
	if (!from->inverse || n >> 88)
		return exact_muldiv(x, a, to, from->value);
	/* The quotient, or one less: then what is left over is not below `by`. */
	whole = (uint64_t)((uint128)(uint64_t)(n >> 24) * from->inverse >> 78);
	rest = (uint64_t)n - whole * by;
	whole += rest >= by;
	rest -= rest >= by ? by : 0;
	whole += rest >= by - rest;
	return (int64_t)(a < 0 ? -whole : whole);
}

/* a + b, or 0 and the mark. */
static inline int64_t exact_add(struct exact *x, int64_t a, int64_t b)
{
	return exact_fit(x, (int128)a + b);
}
