/*
 * A token bucket as one moment: when the last of what was let through would have come, had it kept
 * to the rate (the generic cell rate algorithm of ITU-T I.371). No tokens are counted, so
 * nothing has to be filled up by a timer.
 */
#pragma once

#include "libassets/base/base.h"

/* All zero: one that lets everything through. Moments are wall clock, in microseconds. */
struct bucket {
	int64_t every_us; /* at the rate */
	int burst;        /* at once after a rest, at least 1 */
	int64_t due_us;   /* of the next, if all had kept to the rate */
};

/* per_hour, burst: from 1. What it let through before stands. */
void bucket_set(struct bucket *b, int64_t per_hour, int burst);

/*
 * 0: one may go now. Else how long until then, in microseconds. A clock that is set back makes
 * nobody wait longer than for an empty bucket.
 */
int64_t bucket_wait_us(struct bucket *b, int64_t now_us);

/* One goes. */
void bucket_take(struct bucket *b, int64_t now_us);
