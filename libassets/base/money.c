/*
 * Exact arithmetic of pence, their division among owners, and their text. The inner loops of
 * the projection have their own, faster form (exact.h); the tests hold the two together.
 */
#include "money.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "err.h"

#define POUND "\xC2\xA3"
#define MINUS "\xE2\x88\x92"

static int weights_sum(const int64_t *weight, size_t n, uint128 *ret_sum)
{
	uint128 sum = 0;

	if (n < 1 || n > MONEY_PARTS_MAX)
		return ERR_WEIGHTS;
	for (size_t i = 0; i < n; i++) {
		if (weight[i] < 0)
			return ERR_WEIGHTS;
		sum += (uint64_t)weight[i];
	}
	if (!sum)
		return ERR_WEIGHTS;
	*ret_sum = sum;
	return 0;
}

/* The first of the largest: ties go to the lower index. A scan, for owners are few. */
static size_t largest(const uint128 *rest, size_t n)
{
	size_t at = 0;

	for (size_t i = 1; i < n; i++) {
		if (rest[i] > rest[at])
			at = i;
	}
	return at;
}

/* n / d and what is left: in 64 bits where that is enough, as it nearly always is. */
static inline uint64_t divide(uint128 n, uint128 d, uint128 *ret_rest)
{
	if (n >> 64 || d >> 64) {
		*ret_rest = n % d;
		return (uint64_t)(n / d);
	}
	*ret_rest = (uint64_t)n % (uint64_t)d;
	return (uint64_t)n / (uint64_t)d;
}

/* As money_apportion, with room for n remainders; sum is that of the weights. */
static void apportion(int64_t total_pence, const int64_t *weight, size_t n, uint128 sum,
		      uint128 *rest, int64_t *ret_part_pence)
{
	uint64_t size = total_pence < 0 ? -(uint64_t)total_pence : (uint64_t)total_pence;
	uint64_t left = size;

	for (size_t i = 0; i < n; i++) {
		uint128 share = (uint128)size * (uint64_t)weight[i];
		uint64_t part = divide(share, sum, &rest[i]);

		left -= part;
		ret_part_pence[i] = (int64_t)(total_pence < 0 ? -part : part);
	}
	/* The remainders sum to left * sum, each below sum: more than `left` are not zero. */
	while (left--) {
		size_t i = largest(rest, n);

		ret_part_pence[i] += total_pence < 0 ? -1 : 1;
		rest[i] = 0;
	}
}

int money_apportion(int64_t total_pence, const int64_t *weight, size_t n, int64_t *ret_part_pence)
{
	/* Nearly every asset has one owner or two: 128 bytes of remainders, not 4 KiB. */
	enum { FEW = 8 };
	uint128 sum;
	int r = weights_sum(weight, n, &sum);

	if (r < 0)
		return r;
	if (n <= FEW) {
		uint128 rest[FEW];

		apportion(total_pence, weight, n, sum, rest, ret_part_pence);
	} else {
		uint128 rest[MONEY_PARTS_MAX];

		apportion(total_pence, weight, n, sum, rest, ret_part_pence);
	}
	return 0;
}

void money_sign(struct buf *out, int64_t pence)
{
	buf_str(out, pence < 0 ? STR(MINUS POUND) : STR(POUND));
}

void money_format(struct buf *out, int64_t pence)
{
	uint64_t size = pence < 0 ? -(uint64_t)pence : (uint64_t)pence;
	uint64_t pounds = size / 100, group = 1;

	money_sign(out, pence);
	while (pounds / group >= 1000)
		group *= 1000;
	buf_fmt(out, "%u", (unsigned)(pounds / group));
	while (group > 1) {
		group /= 1000;
		buf_fmt(out, ",%03u", (unsigned)(pounds / group % 1000));
	}
	buf_fmt(out, ".%02u", (unsigned)(size % 100));
}

void money_plain(int64_t pence, char ret_text[MONEY_TEXT])
{
	uint64_t size = pence < 0 ? -(uint64_t)pence : (uint64_t)pence;

	(void)snprintf(ret_text, MONEY_TEXT, "%s%" PRIu64 ".%02u", pence < 0 ? "-" : "", size / 100,
		       (unsigned)(size % 100));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Every comma has three digits behind it, the first has one to three before it. */
static bool commas_are_right(struct str pounds)
{
	size_t run = 0;
	bool comma_before = false;

	for (size_t i = 0; i < pounds.len; i++) {
		if (is_digit(pounds.at[i])) {
			run++;
			continue;
		}
		if (pounds.at[i] != ',' || run == 0 || run > 3 || (comma_before && run != 3))
			return false;
		comma_before = true;
		run = 0;
	}
	return comma_before ? run == 3 : run > 0;
}

/* Add the digits of s to *value, which stays not positive: there is room for one more there. */
static int add_digits(struct str s, int64_t *value)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == ',')
			continue;
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_sub_overflow(*value, (int64_t)(s.at[i] - '0'), value))
			return ERR_RANGE;
	}
	return 0;
}

/* Bytes of the minus that it begins with. */
static size_t minus_of(struct str s)
{
	if (str_starts(s, STR(MINUS)))
		return sizeof(MINUS) - 1;
	return str_starts(s, STR("-")) ? 1 : 0;
}

int money_parse(struct str s, int64_t *ret_pence)
{
	size_t minus = minus_of(s);
	struct str pounds, pence;
	int64_t value = 0;
	int r;

	s = (struct str){s.at + minus, s.len - minus};
	if (str_starts(s, STR(POUND)))
		s = (struct str){s.at + 2, s.len - 2};
	pounds = str_cut(s, '.', &pence);
	if (!commas_are_right(pounds))
		return ERR_INVALID;
	if (str_is_null(pence))
		pence = STR("00");
	if (pence.len != 2 || !is_digit(pence.at[0]) || !is_digit(pence.at[1]))
		return ERR_INVALID;
	r = add_digits(pounds, &value);
	if (r == 0)
		r = add_digits(pence, &value);
	if (r < 0)
		return r;
	if (!minus && __builtin_sub_overflow((int64_t)0, value, &value))
		return ERR_RANGE;
	*ret_pence = value;
	return 0;
}
