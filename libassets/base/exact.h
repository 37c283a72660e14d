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

/* n / d, rounded, in 128 bits. d > 0. */
int64_t exact_rdiv_wide(struct exact *x, int128 n, int64_t d);

/* n / 10^9, rounded. */
static inline int64_t exact_per_ppb(struct exact *x, int128 n)
{
	if (money_fits(n))
		return exact_rdiv_even((int64_t)n, PPB);
	return exact_rdiv_wide(x, n, PPB);
}

/* a * ppm / 10^6, rounded. ppm: 0 to 4,000,000, which is below 2^22. */
static inline int64_t exact_ppm(struct exact *x, int64_t a, int64_t ppm)
{
	const int64_t small = INT64_C(1) << 40;

	if (a > -small && a < small)
		return exact_rdiv_even(a * ppm, PPM);
	return exact_rdiv_wide(x, (int128)a * ppm, PPM);
}

/* a * b / d, rounded. b >= 0, d > 0. */
int64_t exact_muldiv(struct exact *x, int64_t a, int64_t b, int64_t d);

/*
 * A factor by / over of the model's tables, made ready to multiply with: `ratio` is 2^62 times
 * it, or 0 where that is too large or nothing. over 0 is a factor that does not fit.
 */
struct exact_factor {
	uint64_t by, over, ratio;
};

/* by, over: 0 to INT64_MAX. */
struct exact_factor exact_factor_of(int64_t by, int64_t over);

/* a * by / over, rounded, whatever the operands. */
int64_t exact_times_wide(struct exact *x, int64_t a, const struct exact_factor *f);

/* The same; nearly always without a division. */
static inline int64_t exact_times(struct exact *x, int64_t a, const struct exact_factor *f)
{
	uint64_t size = a < 0 ? -(uint64_t)a : (uint64_t)a, whole, rest;

	if (!f->ratio || size >> 61)
		return exact_times_wide(x, a, f);
	/* The quotient, or one less: then what is left over is not below `over`. */
	whole = (uint64_t)((uint128)size * f->ratio >> 62);
	rest = size * f->by - whole * f->over;
	whole += rest >= f->over;
	rest -= rest >= f->over ? f->over : 0;
	whole += rest >= f->over - rest;
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

struct exact_index exact_index_of(int64_t value);

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
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	x->is_overflown = true;
	return 0;
}
