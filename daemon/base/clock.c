/*
 * Time from the system, and its two text forms.
 *
 * Every reading of the wall clock goes by here, so that a test that moves it moves all of the
 * daemon. The monotonic clock is not moved: a test may not make a time-out late.
 */
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "libassets/base/moment.h"

static const int64_t SECOND_US = 1000000;
static const int64_t DAY_S = 86400;

#ifdef ASSETD_FAULTS
/* Read each time: a test that moves the clock wants it moved now. */
static int64_t offset_us(void)
{
	const char *path = getenv("ASSETD_CLOCK_FILE");
	FILE *f = path ? fopen(path, "re") : NULL;
	char text[32];
	int64_t seconds = 0;

	if (!f)
		return 0;
	if (fgets(text, sizeof(text), f))
		seconds = strtoll(text, NULL, 10);
	(void)fclose(f);
	return seconds * SECOND_US;
}
#else
static int64_t offset_us(void)
{
	return 0;
}
#endif

static int64_t read_us(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t); /* cannot fail for these clocks */
	return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	return read_us(CLOCK_REALTIME) + offset_us();
}

int64_t clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_boot_us(void)
{
	return read_us(CLOCK_BOOTTIME);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* 01:00 GMT on the last Sunday of a 31-day month. */
static int64_t last_sunday_s(int32_t year, int32_t month)
{
	struct day d = day_add_months((struct day){0}, (year - 1970) * 12 + month - 1);

	d = day_add(d, 30);
	return (int64_t)(d.number - day_of_week(d) % 7) * DAY_S + 3600;
}

struct day clock_today(int64_t now_us)
{
	int64_t s = floor_div(now_us, SECOND_US);
	struct day utc = {(int32_t)floor_div(s, DAY_S)};
	int32_t year = day_civil(utc).year;

	if (s >= last_sunday_s(year, 3) && s < last_sunday_s(year, 10))
		s += 3600;
	return (struct day){(int32_t)floor_div(s, DAY_S)};
}

int64_t clock_day_begins_us(struct day d)
{
	int64_t at_us = d.number * DAY_S * SECOND_US;
	int64_t earlier_us = at_us - 3600 * SECOND_US;

	return day_cmp(clock_today(earlier_us), d) == 0 ? earlier_us : at_us;
}

void clock_format(int64_t now_us, char ret_text[CLOCK_TEXT])
{
	moment_format(now_us, ret_text);
}

void clock_format_http(int64_t now_us, char ret_text[30])
{
	static const char weekday[][4] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char month[][4] = {"",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t s = floor_div(now_us, SECOND_US);
	struct day day = {(int32_t)floor_div(s, DAY_S)};
	struct day_civil c = day_civil(day);
	unsigned of_day = (unsigned)(s - day.number * DAY_S);

	(void)snprintf(ret_text, 30, "%s, %02u %s %04u %02u:%02u:%02u GMT",
		       weekday[day_of_week(day)], (unsigned)c.monthday % 100, month[c.month],
		       (unsigned)c.year % 10000, of_day / 3600 % 24, of_day / 60 % 60, of_day % 60);
}
