/*
 * When a webhook that failed is tried again: 15 attempts over 8 days 3 hours 42 minutes 35
 * seconds, never earlier than the schedule says, a little later by chance so that what
 * failed together does not return together.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum {
	RETRY_ATTEMPTS = 15,  /* the first one included */
	RETRY_WAITS_MAX = 20, /* of a schedule of one's own */
	RETRY_TOTAL_MAX_S = 14 * 24 * 3600,
	RETRY_JITTER_PART = 5,         /* at most a fifth of the wait is added */
	RETRY_AFTER_MAX_S = 24 * 3600, /* the longest Retry-After that is believed */
	RETRY_SLOW_FLOOR_S = 60,       /* after 429, 502, 504 and timeouts */
};

/* How an attempt failed. */
enum retry_cause {
	RETRY_STATUS,  /* an answer other than 2xx */
	RETRY_TIMEOUT, /* no answer in time */
	RETRY_CONNECT, /* no answer at all: name, connection, TLS, cut before its head was whole */
};

struct retry_failure {
	enum retry_cause cause;
	int status;             /* of RETRY_STATUS */
	struct str retry_after; /* value of that field, absent if there was none */
};

/* A receiver's own schedule: after attempt n fails, wait_s[n - 1]; the last wait is followed by the
 * last attempt. */
struct retry_plan {
	int waits; /* 1 to RETRY_WAITS_MAX; 0: the usual schedule */
	int64_t wait_s[RETRY_WAITS_MAX];
};

/*
 * Seconds that the schedule puts between attempt n and the one before; 0 for the first.
 * attempt: 1 to RETRY_ATTEMPTS (assert).
 */
int64_t retry_step_s(int attempt);

/*
 * Milliseconds from the end of failed attempt n to the next, -1 when n was the last.
 *
 * plan:    NULL for the usual schedule.
 * attempt: from 1 (assert).
 * seed:   the same seed and attempt give the same chance.
 * now_s:  Unix seconds, for a Retry-After that is a date.
 *
 * Retry-After counts with 429 and 503, clamped to [the step, the longer of it and a day].
 * Example: attempt 1 failed with 503 and no Retry-After: 5,000 to 6,000.
 */
int64_t retry_wait_ms(const struct retry_plan *plan, int attempt, const struct retry_failure *f,
		      uint64_t seed, int64_t now_s);

/*
 * Read a Retry-After: seconds, or a date such as "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110
 * section 10.2.3; of the dates of 5.6.7 the preferred form only). White space around it is
 * skipped. A date that has passed is 0; seconds past counting are some very large number.
 * ERR_INVALID  neither form.
 */
MUST_CHECK int retry_after_parse(struct str text, int64_t now_s, int64_t *ret_wait_s);
