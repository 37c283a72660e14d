/*
 * What exact.h needs once an asset or less: factors and indices made ready, and the slow paths
 * that small operands never come to. They stand apart so that the inner loops are not made
 * longer, and slower, by them.
 */
#include "exact.h"

/* n / d and what is left, where the high half of n is below d. */
static uint64_t divide(uint128 n, uint64_t d, uint64_t *ret_rest)
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

int64_t exact_muldiv(struct exact *x, int64_t a, int64_t b, int64_t d)
{
	uint64_t size = a < 0 ? -(uint64_t)a : (uint64_t)a, by = (uint64_t)d, whole, rest;
	uint128 product = (uint128)size * (uint64_t)b;

	if ((uint64_t)(product >> 64) >= by) {
		x->is_overflown = true;
		return 0;
	}
	whole = divide(product, by, &rest);
	if (rest >= by - rest && ++whole == 0)
		x->is_overflown = true;
	return exact_fit(x, a < 0 ? -(int128)whole : (int128)whole);
}

int64_t exact_rdiv_wide(struct exact *x, int128 n, int64_t d)
{
	return exact_fit(x, money_rdiv(n, d));
}

struct exact_factor exact_factor_of(int64_t by, int64_t over)
{
	struct exact_factor f = {.by = (uint64_t)by, .over = (uint64_t)over};
	uint64_t rest;

	if (by && over && f.by / 4 < f.over)
		f.ratio = divide((uint128)f.by << 62, f.over, &rest);
	return f;
}

int64_t exact_times_wide(struct exact *x, int64_t a, const struct exact_factor *f)
{
	if (f->over)
		return exact_muldiv(x, a, (int64_t)f->by, (int64_t)f->over);
	x->is_overflown = true;
	return 0;
}

struct exact_index exact_index_of(int64_t value)
{
	const int64_t least = INT64_C(1) << 38;
	uint64_t rest;

	if (value <= least)
		return (struct exact_index){value, 0};
	return (struct exact_index){value, divide((uint128)1 << 102, (uint64_t)value, &rest)};
}
