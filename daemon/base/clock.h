/*
 * The one place that asks what time it is. SQL never does, but of leases: `now` and `today` are the
 * first parameters of every batch. In builds with fault points the file named by
 * ASSETD_CLOCK_FILE holds an offset in seconds that tests move; the release build does not
 * contain that.
 */
#pragma once

#include "libassets/base/day.h"

/* Room for what clock_format writes, with its NUL. */
enum { CLOCK_TEXT = 28 }; /* MOMENT_TEXT of libassets/base/moment.h */

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_us(void);

/*
 * The civil day in Europe/London at that moment.
 *
 * Source: Summer Time Act 1972, as amended by SI 2002/262: one hour ahead from 01:00 GMT on
 * the last Sunday of March to 01:00 GMT on the last Sunday of October. Written out here so
 * that a machine without time zone data does not count statutory days in UTC.
 * Example: 2026-06-30T23:30:00Z is 1 July 2026.
 */
struct day clock_today(int64_t now_us);

/* The moment at which that day begins there. Example: 2026-07-01 begins at 2026-06-30T23:00:00Z. */
int64_t clock_day_begins_us(struct day d);

/* "2026-11-21T10:00:00.123456Z", 27 characters and NUL. The year must have four digits. */
void clock_format(int64_t now_us, char ret_text[CLOCK_TEXT]);

/* "Sat, 21 Nov 2026 10:00:00 GMT", 29 characters and NUL: RFC 9110 section 5.6.7. */
void clock_format_http(int64_t now_us, char ret_text[30]);

/* Monotonic microseconds: for durations and deadlines of I/O, never for dates. */
int64_t clock_mono_us(void);

/* The same, and what the machine sleeps counts: for what others do not wait for meanwhile. */
int64_t clock_boot_us(void);
