/*
 * Moments: what RFC 3339 writes is read and written back as the same moment in UTC, and nothing
 * else is.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/base/moment.h"

Test(moment, is_read_and_written_in_utc)
{
	static const char *const rows[][2] = {
		{"2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000000Z"},
		{"2026-11-21T10:00:00.5Z", "2026-11-21T10:00:00.500000Z"},
		{"2026-11-21T10:00:00.123456789Z", "2026-11-21T10:00:00.123456Z"},
		{"2026-06-30T23:30:00+01:00", "2026-06-30T22:30:00.000000Z"},
		{"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000000Z"},
		{"2026-12-31T23:59:59.999999-00:01", "2027-01-01T00:00:59.999999Z"},
		{"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
		{"1900-01-01T00:00:00+23:59", "1899-12-31T00:01:00.000000Z"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[MOMENT_TEXT];
		int64_t us = 0, again = 0;

		cr_assert_eq(moment_parse(str_of(rows[i][0]), &us), 0, "%s", rows[i][0]);
		moment_format(us, text);
		cr_expect_str_eq(text, rows[i][1]);
		if (i + 1 < COUNT(rows)) {
			cr_assert_eq(moment_parse(str_of(text), &again), 0);
			cr_expect_eq(again, us);
		}
	}
}

Test(moment, counts_microseconds_from_1970)
{
	int64_t us = 0;

	cr_assert_eq(moment_parse(STR("1970-01-02T00:00:01.000002Z"), &us), 0);
	cr_expect_eq(us, INT64_C(86401000002));
	cr_assert_eq(moment_parse(STR("1969-12-31T23:59:59Z"), &us), 0);
	cr_expect_eq(us, INT64_C(-1000000));
}

Test(moment, refuses_what_is_no_moment)
{
	static const char *const bad[] = {
		"",
		"2026-11-21",
		"2026-11-21T10:00:00",
		"2026-11-21t10:00:00Z",
		"2026-11-21 10:00:00Z",
		"2026-02-29T10:00:00Z",
		"2026-11-21T24:00:00Z",
		"2026-11-21T10:60:00Z",
		"2026-11-21T10:00:60Z",
		"2026-11-21T10:00:00z",
		"2026-11-21T10:00:00.Z",
		"2026-11-21T10:00:00.1234567890Z",
		"2026-11-21T10:00:00+01",
		"2026-11-21T10:00:00+0100",
		"2026-11-21T10:00:00+24:00",
		"2026-11-21T10:00:00+01:60",
		"2026-11-21T10:00:00Zx",
		"2026-11-21T10:00:00ZZ",
		"2026-11-21T1:00:000Z",
		"+2026-11-21T10:00:00Z",
		"2026-11-21T-1:00:00Z",
		"yesterday at ten o'clock",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t us = 7;

		cr_expect_eq(moment_parse(str_of(bad[i]), &us), ERR_INVALID, "%s", bad[i]);
		cr_expect_eq(us, 7, "%s", bad[i]);
	}
}
