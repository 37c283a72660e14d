/*
 * The retry schedule, its jitter, and what a receiver may say about it.
 *
 * Jitter is added, never taken away: a receiver that asks for an hour gets an hour. It comes
 * from the seed and the attempt and not from a generator, so that a wait can be worked out
 * again, by a test or by a daemon that takes over. The steps are a promise made to receivers;
 * a new schedule is written in the guide as well.
 */
#include "retry.h"

#include <assert.h>

#include "libassets/base/day.h"
#include "libassets/base/err.h"

/* Seconds; characters of "Sun, 06 Nov 1994 08:49:37 GMT"; statuses that may say Retry-After. */
enum { MINUTE = 60, HOUR = 3600, IMF_DATE_LEN = 29, TOO_MANY = 429, UNAVAILABLE = 503 };

static const int64_t step_s[RETRY_ATTEMPTS] = {
	0,        5,        30,        2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 1 * HOUR,  2 * HOUR,
	4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR,  24 * HOUR,   48 * HOUR,   72 * HOUR,
};

int64_t retry_step_s(int attempt)
{
	assert(attempt >= 1 && attempt <= RETRY_ATTEMPTS);
	return step_s[attempt - 1];
}

/* Two digits at p as a number, -1 if they are none. */
static int two_digits(const char *p)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* 1 to 12, 0 for anything else. */
static int month_of(struct str name)
{
	static const struct str months[] = {
		STR_INIT("Jan"), STR_INIT("Feb"), STR_INIT("Mar"), STR_INIT("Apr"),
		STR_INIT("May"), STR_INIT("Jun"), STR_INIT("Jul"), STR_INIT("Aug"),
		STR_INIT("Sep"), STR_INIT("Oct"), STR_INIT("Nov"), STR_INIT("Dec"),
	};

	for (size_t i = 0; i < COUNT(months); i++) {
		if (str_eq(months[i], name))
			return (int)i + 1;
	}
	return 0;
}

/* Unix seconds of "Sun, 06 Nov 1994 08:49:37 GMT"; the day's name is not looked at. */
static int imf_date_parse(struct str s, int64_t *ret_s)
{
	static const char shape[] = "aaa, 00 aaa 0000 00:00:00 GMT";
	struct day_civil civil;
	struct day day;
	int hour, minute, second;

	if (s.len != IMF_DATE_LEN)
		return ERR_INVALID;
	for (size_t i = 0; i < s.len; i++) {
		if (shape[i] != 'a' && shape[i] != '0' && shape[i] != s.at[i])
			return ERR_INVALID;
	}
	civil.monthday = two_digits(s.at + 5);
	civil.month = month_of((struct str){s.at + 8, 3});
	civil.year = two_digits(s.at + 12) * 100 + two_digits(s.at + 14);
	hour = two_digits(s.at + 17);
	minute = two_digits(s.at + 20);
	second = two_digits(s.at + 23);
	if (two_digits(s.at + 12) < 0 || two_digits(s.at + 14) < 0 || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 60 || day_of_civil(civil, &day) < 0)
		return ERR_INVALID;
	*ret_s = (int64_t)day.number * 24 * HOUR + hour * HOUR + minute * MINUTE + second;
	return 0;
}

int retry_after_parse(struct str text, int64_t now_s, int64_t *ret_wait_s)
{
	struct str s = str_trim(text);
	int64_t v = 0, at_s;
	int r;

	if (!s.len)
		return ERR_INVALID;
	if (s.at[0] < '0' || s.at[0] > '9') {
		r = imf_date_parse(s, &at_s);
		if (r < 0)
			return r;
		*ret_wait_s = at_s > now_s ? at_s - now_s : 0;
		return 0;
	}
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return ERR_INVALID;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (int64_t)(s.at[i] - '0'), &v))
			v = INT64_MAX / 10; /* stays too large for whatever follows */
	}
	*ret_wait_s = v;
	return 0;
}

/* Mixes all bits of x; Steele, Lea, Flood, "Fast splittable pseudorandom number generators". */
static uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15U;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
	return x ^ (x >> 31);
}

/* Failures of a receiver that is overloaded, or sits behind a gateway that is. */
static bool is_slow(const struct retry_failure *f)
{
	switch (f->cause) {
	case RETRY_TIMEOUT:
		return true;
	case RETRY_CONNECT:
		return false;
	case RETRY_STATUS:
		return f->status == TOO_MANY || f->status == 502 || f->status == 504;
	}
	return false;
}

/* What the receiver asks for, 0 when it does not or may not. */
static int64_t asked_s(const struct retry_failure *f, int64_t now_s)
{
	int64_t wait_s;

	if (f->cause != RETRY_STATUS || (f->status != TOO_MANY && f->status != UNAVAILABLE) ||
	    str_is_null(f->retry_after) || retry_after_parse(f->retry_after, now_s, &wait_s) < 0)
		return 0;
	return wait_s < RETRY_AFTER_MAX_S ? wait_s : RETRY_AFTER_MAX_S;
}

int64_t retry_wait_ms(const struct retry_plan *plan, int attempt, const struct retry_failure *f,
		      uint64_t seed, int64_t now_s)
{
	int64_t wait_s, wait_ms, asked = asked_s(f, now_s);
	bool is_own = plan && plan->waits;
	uint64_t chance;

	assert(attempt >= 1);
	/* Beyond the last: the schedule has been made shorter since. */
	if (attempt >= (is_own ? plan->waits + 1 : RETRY_ATTEMPTS))
		return -1;
	wait_s = is_own ? plan->wait_s[attempt - 1] : retry_step_s(attempt + 1);
	if (wait_s < asked)
		wait_s = asked;
	if (wait_s < RETRY_SLOW_FLOOR_S && is_slow(f))
		wait_s = RETRY_SLOW_FLOOR_S;
	wait_ms = wait_s * 1000;
	chance = mix(mix(seed) + (uint64_t)attempt) >> 32;
	return wait_ms + (int64_t)(((uint64_t)wait_ms / RETRY_JITTER_PART * chance) >> 32);
}
