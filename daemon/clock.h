/*
 * The one place that asks what time it is. SQL never does: `now` and `today` are the first
 * parameters of every batch. In builds with fault points the file named by
 * ASSETD_CLOCK_FILE holds an offset in seconds that tests move; the release build does not
 * contain that.
 */
#pragma once

#include "libassets/day.h"

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_us(void);

/* The civil day in Europe/London at that moment. */
struct day clock_today(int64_t now_us);

/* "2026-11-21T10:00:00.123456Z", 27 characters and NUL. */
void clock_format(int64_t now_us, char ret_text[28]);

/* Monotonic microseconds: for durations and deadlines of I/O, never for dates. */
int64_t clock_mono_us(void);
