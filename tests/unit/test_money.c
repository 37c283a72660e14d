/*
 * Pence: rounding half away from zero, splits that sum to the amount, text both ways.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "tests/unit/random.h"

Test(money, rounds_half_away_from_zero)
{
	cr_expect_eq(money_rdiv(1, 2), 1);
	cr_expect_eq(money_rdiv(-1, 2), -1);
	cr_expect_eq(money_rdiv(4, 10), 0);
	cr_expect_eq(money_rdiv(-5, 10), -1);
	cr_expect_eq(money_rdiv(0, 7), 0);
	cr_expect_eq(money_rdiv((int128)INT64_MAX * INT64_MAX, INT64_MAX), INT64_MAX);
	cr_expect_eq(money_rdiv((int128)INT64_MIN * INT64_MIN, 1), (int128)1 << 126);
}

Test(money, parts_sum_to_the_whole)
{
	uint64_t seed = 1;

	for (int round = 0; round < 20000; round++) {
		size_t n = 1 + random_below(&seed, round % 50 ? 6 : MONEY_PARTS_MAX);
		int64_t total = random_i64(&seed), weight[MONEY_PARTS_MAX];
		int64_t part[MONEY_PARTS_MAX];
		int128 sum = 0;

		for (size_t i = 0; i < n; i++)
			weight[i] = random_i64(&seed) & INT64_MAX;
		weight[random_below(&seed, n)] |= 1;
		cr_assert_eq(money_apportion(total, weight, n, part), 0);
		for (size_t i = 0; i < n; i++) {
			sum += part[i];
			cr_assert(total < 0 ? part[i] <= 0 : part[i] >= 0);
			cr_assert(weight[i] || !part[i]);
		}
		cr_assert_eq(sum, total);
	}
}

Test(money, more_weight_never_gets_less)
{
	uint64_t seed = 2;

	for (int round = 0; round < 5000; round++) {
		int64_t total = (int64_t)random_below(&seed, 100000);
		int64_t weight[5], part[5];

		for (size_t i = 0; i < COUNT(weight); i++)
			weight[i] = 1 + (int64_t)random_below(&seed, 20);
		cr_assert_eq(money_apportion(total, weight, COUNT(weight), part), 0);
		for (size_t i = 0; i < COUNT(weight); i++) {
			for (size_t j = 0; j < COUNT(weight); j++)
				cr_assert(weight[i] <= weight[j] || part[i] >= part[j]);
		}
	}
}

Test(money, refuses_weights_that_share_nothing)
{
	static const int64_t zero[] = {0, 0}, negative[] = {1, -1};
	int64_t part[2] = {5, 5};

	cr_expect_eq(money_apportion(1, zero, 2, part), ERR_WEIGHTS);
	cr_expect_eq(money_apportion(1, negative, 2, part), ERR_WEIGHTS);
	cr_expect_eq(money_apportion(1, negative, 0, part), ERR_WEIGHTS);
	cr_expect_eq(money_apportion(1, zero, MONEY_PARTS_MAX + 1, part), ERR_WEIGHTS);
	cr_expect_eq(part[0], 5);
}

Test(money, text_goes_there_and_back)
{
	static const struct {
		int64_t pence;
		const char *text, *plain;
	} cases[] = {
		{0, "£0.00", "0.00"},
		{-1, "−£0.01", "-0.01"},
		{99999, "£999.99", "999.99"},
		{100000, "£1,000.00", "1000.00"},
		{20000000, "£200,000.00", "200000.00"},
		{100000005, "£1,000,000.05", "1000000.05"},
		{INT64_MAX, "£92,233,720,368,547,758.07", "92233720368547758.07"},
		{INT64_MIN, "−£92,233,720,368,547,758.08", "-92233720368547758.08"},
	};
	CLEANUP(buf_done) struct buf b = BUF(64);

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t pence = 7;
		char plain[MONEY_TEXT];

		buf_clear(&b);
		money_format(&b, cases[i].pence);
		cr_expect_str_eq(b.at, cases[i].text);
		cr_expect_eq(money_parse(buf_view(&b), &pence), 0, "%s", cases[i].text);
		money_plain(pence, plain);
		cr_expect_str_eq(plain, cases[i].plain);
		cr_expect_eq(pence, cases[i].pence, "%s", cases[i].text);
	}
}

Test(money, reads_what_people_write)
{
	static const struct {
		const char *text;
		int64_t pence;
		int err;
	} cases[] = {
		{"5000", 500000, 0},
		{"£5,000", 500000, 0},
		{"-5000.50", -500050, 0},
		{"−£5,000.50", -500050, 0},
		{"-£5,000.50", -500050, 0},
		{"−−5", 0, ERR_INVALID},
		{"1234567.89", 123456789, 0},
		{"92233720368547758.08", 0, ERR_RANGE},
		{"99999999999999999999", 0, ERR_RANGE},
		{"", 0, ERR_INVALID},
		{"£", 0, ERR_INVALID},
		{"-", 0, ERR_INVALID},
		{"£-5", 0, ERR_INVALID},
		{"5,00", 0, ERR_INVALID},
		{",500", 0, ERR_INVALID},
		{"5000,000", 0, ERR_INVALID},
		{"1,,000", 0, ERR_INVALID},
		{"1,000,", 0, ERR_INVALID},
		{"5.5", 0, ERR_INVALID},
		{"5.", 0, ERR_INVALID},
		{".50", 0, ERR_INVALID},
		{"5.0.0", 0, ERR_INVALID},
		{"1e6", 0, ERR_INVALID},
		{" 5", 0, ERR_INVALID},
		{"5.1,", 0, ERR_INVALID},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t pence = 0;

		cr_expect_eq(money_parse(str_of(cases[i].text), &pence), cases[i].err, "%s",
			     cases[i].text);
		cr_expect_eq(pence, cases[i].pence, "%s", cases[i].text);
	}
}
