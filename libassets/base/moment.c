/*
 * RFC 3339, strictly: what is not exactly of its form is refused and never guessed.
 *
 * A leap second (:60) is refused: PostgreSQL would fold it into the next minute, and what was sent
 * would not be what is read again. Decimals beyond microseconds are cut off, not rounded.
 */
#include "moment.h"

#include <stdio.h>

#include "day.h"
#include "err.h"

/* Characters: where decimals begin, how many may stand there and count, and those of "+01:00". */
enum { AFTER_SECONDS = 19, DECIMALS_MAX = 9, DECIMALS_KEPT = 6, OFFSET_TEXT = 6 };

static const int64_t day_us = INT64_C(86400000000);

/* Two digits below `end`. */
static bool two_digits(struct str s, size_t at, int32_t end, int32_t *ret)
{
	int32_t tens, ones;

	if (at + 2 > s.len)
		return false;
	tens = s.at[at] - '0';
	ones = s.at[at + 1] - '0';
	if (tens < 0 || tens > 9 || ones < 0 || ones > 9 || 10 * tens + ones >= end)
		return false;
	*ret = 10 * tens + ones;
	return true;
}

/* Decimals of a second, if there are any; where they end goes to *at. */
static bool read_decimals(struct str s, size_t *at, int64_t *ret_us)
{
	size_t n = 0;

	*ret_us = 0;
	if (*at >= s.len || s.at[*at] != '.')
		return true;
	for (++*at; *at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9'; ++*at, n++) {
		if (n < DECIMALS_KEPT)
			*ret_us = *ret_us * 10 + (s.at[*at] - '0');
	}
	for (size_t kept = n; kept < DECIMALS_KEPT; kept++)
		*ret_us *= 10;
	return n > 0 && n <= DECIMALS_MAX;
}

static bool read_offset(struct str s, size_t at, int64_t *ret_us)
{
	int32_t hours, minutes;

	*ret_us = 0;
	if (at + 1 == s.len && s.at[at] == 'Z')
		return true;
	if (at + OFFSET_TEXT != s.len || (s.at[at] != '+' && s.at[at] != '-') ||
	    s.at[at + 3] != ':' || !two_digits(s, at + 1, 24, &hours) ||
	    !two_digits(s, at + 4, 60, &minutes))
		return false;
	*ret_us = (hours * INT64_C(60) + minutes) * INT64_C(60000000);
	if (s.at[at] == '-')
		*ret_us = -*ret_us;
	return true;
}

int moment_parse(struct str s, int64_t *ret_us)
{
	int32_t hour, minute, second;
	int64_t decimals_us, offset_us;
	size_t at = AFTER_SECONDS;
	struct day day;

	if (s.len <= AFTER_SECONDS || s.at[10] != 'T' || s.at[13] != ':' || s.at[16] != ':' ||
	    day_parse((struct str){s.at, 10}, &day) < 0 || !two_digits(s, 11, 24, &hour) ||
	    !two_digits(s, 14, 60, &minute) || !two_digits(s, 17, 60, &second))
		return ERR_INVALID;
	if (!read_decimals(s, &at, &decimals_us) || !read_offset(s, at, &offset_us))
		return ERR_INVALID;
	*ret_us = day.number * day_us +
		  ((hour * INT64_C(60) + minute) * 60 + second) * INT64_C(1000000) + decimals_us -
		  offset_us;
	return 0;
}

void moment_format(int64_t us, char ret_text[MOMENT_TEXT])
{
	int64_t days = us / day_us - (us % day_us < 0), of_day = us - days * day_us;

	day_format((struct day){(int32_t)days}, ret_text);
	(void)snprintf(ret_text + DAY_TEXT - 1, MOMENT_TEXT - DAY_TEXT + 1, "T%02u:%02u:%02u.%06uZ",
		       (unsigned)(of_day / INT64_C(3600000000)) % 24,
		       (unsigned)(of_day / INT64_C(60000000) % 60) % 60,
		       (unsigned)(of_day / INT64_C(1000000) % 60) % 60,
		       (unsigned)(of_day % INT64_C(1000000)) % 1000000);
}

struct str moment_form(struct str text, struct arena *a)
{
	char utc[MOMENT_TEXT];
	int64_t us;

	if (moment_parse(text, &us) < 0)
		return (struct str){NULL, 0};
	moment_format(us, utc);
	return arena_str(a, str_of(utc));
}
