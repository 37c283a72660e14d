/*
 * The quick paths of the projection's arithmetic against the plain one, on numbers of every
 * length and at the places where one path ends and another begins.
 */
#include <criterion/criterion.h>

#include "libassets/base/exact.h"
#include "tests/unit/random.h"

enum { ROUNDS = 300000 };

/* What the plain arithmetic says, and whether the quick one agrees. */
static void expect(int64_t got, const struct exact *x, int128 n, int64_t d)
{
	int128 want = money_rdiv(n, d);

	cr_assert_eq(x->is_overflown, !money_fits(want));
	cr_assert_eq(got, x->is_overflown ? 0 : (int64_t)want);
}

/* Positive, of any length, often a power of two or next to one. */
static int64_t positive(uint64_t *seed)
{
	int64_t power = INT64_C(1) << random_below(seed, 63);

	switch (random_below(seed, 4)) {
	case 0:
		return power;
	case 1:
		return power > 1 ? power - 1 : 1;
	default:
		return (int64_t)(random_u64(seed) >> (1 + random_below(seed, 62))) + 1;
	}
}

static int64_t any(uint64_t *seed)
{
	return random_below(seed, 2) ? random_i64(seed) : -positive(seed);
}

Test(exact, muldiv)
{
	uint64_t seed = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct exact x = {false};
		int64_t a = any(&seed), b = positive(&seed) - 1, d = positive(&seed);

		expect(exact_muldiv(&x, a, b, d), &x, (int128)a * b, d);
	}
}

Test(exact, parts_of_a_million)
{
	uint64_t seed = 2;

	for (int i = 0; i < ROUNDS; i++) {
		struct exact x = {false};
		int64_t a = any(&seed), ppm = (int64_t)random_below(&seed, 4000001);

		expect(exact_ppm(&x, a, ppm), &x, (int128)a * ppm, PPM);
	}
}

Test(exact, parts_of_a_thousand_million)
{
	uint64_t seed = 3;

	for (int i = 0; i < ROUNDS; i++) {
		struct exact x = {false};
		int128 n = (int128)any(&seed) * (int64_t)(1 + random_below(&seed, PPB));

		expect(exact_per_ppb(&x, n), &x, n, PPB);
		n = any(&seed);
		x.is_overflown = false;
		expect(exact_per_ppb(&x, n), &x, n, PPB);
	}
}

Test(exact, factors)
{
	const int64_t one = INT64_C(1000000000000);
	uint64_t seed = 4;

	for (int i = 0; i < ROUNDS; i++) {
		struct exact x = {false};
		int64_t a = any(&seed), by = positive(&seed) - 1, over = positive(&seed);
		struct exact_factor f = exact_factor_of(by, over);

		expect(exact_times(&x, a, &f), &x, (int128)a * by, over);
		/* As they are in a run: discounts, and deflators around 1. */
		x.is_overflown = false;
		by = (int64_t)random_below(&seed, (uint64_t)one + 1);
		f = exact_factor_of(by, one);
		expect(exact_times(&x, a, &f), &x, (int128)a * by, one);
		x.is_overflown = false;
		by = 500000000000 + (int64_t)random_below(&seed, 2000000000000);
		over = 500000000000 + (int64_t)random_below(&seed, 2000000000000);
		f = exact_factor_of(by, over);
		a = (int64_t)random_below(&seed, 100000000000) - 1000000;
		expect(exact_times(&x, a, &f), &x, (int128)a * by, over);
	}
}

Test(exact, a_factor_that_does_not_fit_is_overflow)
{
	struct exact_factor none = exact_factor_of(5, 0), nothing = exact_factor_of(0, 5);
	struct exact x = {false};

	cr_expect_eq(exact_times(&x, 7, &nothing), 0);
	cr_expect_not(x.is_overflown);
	cr_expect_eq(exact_times(&x, 7, &none), 0);
	cr_expect(x.is_overflown);
}

Test(exact, indices)
{
	uint64_t seed = 5;

	for (int i = 0; i < ROUNDS; i++) {
		struct exact x = {false};
		struct exact_index from = exact_index_of(positive(&seed));
		int64_t a = any(&seed), to = positive(&seed);

		expect(exact_to_index(&x, a, to, &from), &x, (int128)a * to, from.value);
		/* As they are in a run: around 10^12, and amounts of property. */
		from = exact_index_of(500000000000 + (int64_t)random_below(&seed, 2000000000000));
		to = 500000000000 + (int64_t)random_below(&seed, 2000000000000);
		a = (int64_t)random_below(&seed, 100000000000) - 1000000;
		x.is_overflown = false;
		expect(exact_to_index(&x, a, to, &from), &x, (int128)a * to, from.value);
	}
}

Test(exact, an_index_that_does_not_fit_is_overflow)
{
	struct exact_index none = exact_index_of(0), some = exact_index_of(5);
	struct exact x = {false};

	cr_expect_eq(exact_to_index(&x, 1, 5, &none), 0);
	cr_expect(x.is_overflown);
	x.is_overflown = false;
	cr_expect_eq(exact_to_index(&x, 1, 0, &some), 0);
	cr_expect(x.is_overflown);
}

Test(exact, halves_go_away_from_zero)
{
	struct exact x = {false};

	cr_expect_eq(exact_ppm(&x, 1, 500000), 1);
	cr_expect_eq(exact_ppm(&x, -1, 500000), -1);
	cr_expect_eq(exact_ppm(&x, 1, 499999), 0);
	cr_expect_eq(exact_muldiv(&x, -3, 1, 2), -2);
	cr_expect_eq(exact_times(&x, 1, &(struct exact_factor){1, 2, UINT64_C(1) << 61}), 1);
	cr_expect_eq(exact_rdiv_even(-500000000, PPB), -1);
	cr_expect_not(x.is_overflown);
}
