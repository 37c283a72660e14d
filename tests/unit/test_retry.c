/*
 * When webhooks are tried again, by which schedule and how much later.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/notify/retry.h"

enum { NOW_S = 1795255200 }; /* Sat, 21 Nov 2026 10:00:00 GMT */

/* W-13: each of the fifteen steps, to the second. */
Test(retry, the_schedule_takes_eight_days_and_a_bit)
{
	static const int64_t step_s[] = {0,     5,     30,    120,   600,   1800,   3600,  7200,
					 14400, 28800, 43200, 86400, 86400, 172800, 259200};
	int64_t total = 0;

	cr_assert_eq(RETRY_ATTEMPTS, COUNT(step_s));
	for (int n = 1; n <= RETRY_ATTEMPTS; n++) {
		cr_assert_eq(retry_step_s(n), step_s[n - 1], "attempt %d", n);
		total += retry_step_s(n);
	}
	cr_assert_eq(total, ((8 * 24 + 3) * 60 + 42) * 60 + 35);
}

Test(retry, after_the_last_there_is_none)
{
	const struct retry_failure f = {.cause = RETRY_CONNECT};

	for (int n = 1; n < RETRY_ATTEMPTS; n++)
		cr_assert_gt(retry_wait_ms(NULL, n, &f, 1, NOW_S), 0);
	cr_assert_eq(retry_wait_ms(NULL, RETRY_ATTEMPTS, &f, 1, NOW_S), -1);
}

struct waited {
	int attempt;
	struct retry_failure f;
	int64_t least_s; /* the wait without its jitter */
};

/* W-15: Retry-After, and a minute's floor. */
Test(retry, what_the_receiver_may_say)
{
	static const struct waited rows[] = {
		{1, {RETRY_STATUS, 500, {0}}, 5},
		{1, {RETRY_STATUS, 400, {0}}, 5},
		{1, {RETRY_STATUS, 302, {0}}, 5},
		{1, {RETRY_CONNECT, 0, {0}}, 5},
		{1, {RETRY_TIMEOUT, 0, {0}}, 60},
		{1, {RETRY_STATUS, 429, {0}}, 60},
		{1, {RETRY_STATUS, 502, {0}}, 60},
		{1, {RETRY_STATUS, 504, {0}}, 60},
		{1, {RETRY_STATUS, 503, {0}}, 5},
		{3, {RETRY_TIMEOUT, 0, {0}}, 120},
		{1, {RETRY_STATUS, 503, STR_INIT("30")}, 30},
		{1, {RETRY_STATUS, 503, STR_INIT("2")}, 5},
		{1, {RETRY_STATUS, 503, STR_INIT("0")}, 5},
		{1, {RETRY_STATUS, 429, STR_INIT("30")}, 60},
		{1, {RETRY_STATUS, 429, STR_INIT("3600")}, 3600},
		{1, {RETRY_STATUS, 503, STR_INIT("86400")}, 86400},
		{1, {RETRY_STATUS, 503, STR_INIT("86401")}, 86400},
		{1, {RETRY_STATUS, 503, STR_INIT("99999999999999999999999")}, 86400},
		{13, {RETRY_STATUS, 503, STR_INIT("5")}, 48 * 3600},
		{13, {RETRY_STATUS, 503, STR_INIT("999999")}, 48 * 3600},
		{1, {RETRY_STATUS, 503, STR_INIT("soon")}, 5},
		{1, {RETRY_STATUS, 503, STR_INIT("-5")}, 5},
		{1, {RETRY_STATUS, 500, STR_INIT("3600")}, 5},
		{1, {RETRY_STATUS, 200, STR_INIT("3600")}, 5},
		{1, {RETRY_STATUS, 503, STR_INIT("Sat, 21 Nov 2026 10:10:00 GMT")}, 600},
		{1, {RETRY_STATUS, 503, STR_INIT("Sat, 21 Nov 2026 09:00:00 GMT")}, 5},
		{1, {RETRY_STATUS, 503, STR_INIT("Fri, 21 Nov 2036 10:00:00 GMT")}, 86400},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t least_ms = rows[i].least_s * 1000;

		for (uint64_t seed = 0; seed < 50; seed++) {
			int64_t ms = retry_wait_ms(NULL, rows[i].attempt, &rows[i].f, seed, NOW_S);

			cr_assert_geq(ms, least_ms, "row %zu", i);
			cr_assert_lt(ms, least_ms + least_ms / RETRY_JITTER_PART + 1, "row %zu", i);
		}
	}
}

Test(retry, retry_after_is_seconds_or_a_date)
{
	static const struct {
		struct str text;
		int err;
		int64_t wait_s;
	} rows[] = {
		{STR_INIT("0"), 0, 0},
		{STR_INIT(" 120 "), 0, 120},
		{STR_INIT("00120"), 0, 120},
		{STR_INIT("Sat, 21 Nov 2026 10:00:05 GMT"), 0, 5},
		{STR_INIT("Sun, 06 Nov 1994 08:49:37 GMT"), 0, 0},
		{STR_INIT("Sat, 21 Nov 2026 10:00:05 UTC"), ERR_INVALID, 0},
		{STR_INIT("Sat, 21 Nov 2026 24:00:05 GMT"), ERR_INVALID, 0},
		{STR_INIT("Sat, 21 Nov 2026 10:60:05 GMT"), ERR_INVALID, 0},
		{STR_INIT("Sat, 31 Nov 2026 10:00:05 GMT"), ERR_INVALID, 0},
		{STR_INIT("Sat, 21 nov 2026 10:00:05 GMT"), ERR_INVALID, 0},
		{STR_INIT("Saturday, 21-Nov-26 10:00:05 GMT"), ERR_INVALID, 0},
		{STR_INIT("Sat Nov 21 10:00:05 2026"), ERR_INVALID, 0},
		{STR_INIT(""), ERR_INVALID, 0},
		{STR_INIT("12s"), ERR_INVALID, 0},
		{STR_INIT("1.5"), ERR_INVALID, 0},
		{STR_INIT("+5"), ERR_INVALID, 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t wait_s = 0;

		cr_assert_eq(retry_after_parse(rows[i].text, NOW_S, &wait_s), rows[i].err,
			     "row %zu", i);
		cr_assert_eq(wait_s, rows[i].wait_s, "row %zu", i);
	}
}

/*
 * W-14: the jitter is even over a fifth of the wait: 10,000 seeds in 20 bins give a chi-squared
 * below 43.8, which chance alone passes in one of a thousand runs; the seeds are fixed, so this is
 * no lottery.
 */
Test(retry, jitter_is_even)
{
	enum { SEEDS = 10000, BINS = 20, WAIT_MS = 3600 * 1000 };
	const struct retry_failure f = {.cause = RETRY_CONNECT};
	int bin[BINS] = {0};
	double chi = 0;

	cr_assert_eq(RETRY_JITTER_PART, 5);
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		int64_t extra = retry_wait_ms(NULL, 6, &f, seed, NOW_S) - WAIT_MS;

		cr_assert(extra >= 0 && extra < WAIT_MS / RETRY_JITTER_PART);
		bin[extra * BINS / (WAIT_MS / RETRY_JITTER_PART)]++;
	}
	for (int i = 0; i < BINS; i++) {
		double off = bin[i] - (double)SEEDS / BINS;

		chi += off * off * BINS / SEEDS;
	}
	cr_assert_lt(chi, 43.8);
}

Test(retry, the_same_seed_waits_the_same)
{
	const struct retry_failure f = {.cause = RETRY_CONNECT};

	cr_assert_eq(retry_wait_ms(NULL, 4, &f, 77, NOW_S), retry_wait_ms(NULL, 4, &f, 77, NOW_S));
	cr_assert_neq(retry_wait_ms(NULL, 4, &f, 77, NOW_S), retry_wait_ms(NULL, 4, &f, 78, NOW_S));
}

Test(retry, a_schedule_of_ones_own)
{
	const struct retry_plan plan = {.waits = 2, .wait_s = {7, 0}};
	const struct retry_failure f = {.cause = RETRY_CONNECT};
	const struct retry_failure busy = {.cause = RETRY_STATUS, .status = 429};
	int64_t ms = retry_wait_ms(&plan, 1, &f, 1, NOW_S);

	cr_assert(ms >= 7000 && ms <= 8400, "%lld", (long long)ms);
	cr_assert_eq(retry_wait_ms(&plan, 2, &f, 1, NOW_S), 0);
	cr_assert_geq(retry_wait_ms(&plan, 2, &busy, 1, NOW_S), 60000);
	cr_assert_eq(retry_wait_ms(&plan, 3, &f, 1, NOW_S), -1);
	cr_assert_eq(retry_wait_ms(&plan, 9, &f, 1, NOW_S), -1, "made shorter since");
}
