/*
 * iCalendar: escaping, folding inside no character, whole days.
 */
#include <criterion/criterion.h>

#include "libassets/clock/ical.h"

Test(ical, a_date)
{
	CLEANUP(buf_done) struct buf out = BUF(10000);
	struct ical_date d = {
		.uid = STR("atr_1-K6"),
		.stamp = STR("20261121T100000Z"),
		.sequence = 3,
		.summary = STR("Due; now, or \\ never"),
		.description = STR("One.\nTwo."),
	};

	cr_assert_eq(day_parse(STR("2026-12-31"), &d.on), 0);
	ical_begin(&out, STR("Hall"));
	ical_date(&out, &d);
	ical_end(&out);
	cr_assert_eq(buf_err(&out), 0);
	cr_assert_str_eq(
		out.at,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//assetd//assetd//EN\r\n"
		"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Hall\r\n"
		"BEGIN:VEVENT\r\nUID:atr_1-K6\r\nDTSTAMP:20261121T100000Z\r\nSEQUENCE:3\r\n"
		"DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"
		"SUMMARY:Due\\; now\\, or \\\\ never\r\nDESCRIPTION:One.\\nTwo.\r\n"
		"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

Test(ical, folds_between_characters)
{
	CLEANUP(buf_done) struct buf text = BUF(10000);
	CLEANUP(buf_done) struct buf out = BUF(10000);
	CLEANUP(buf_done) struct buf back = BUF(10000);
	size_t line = 0;

	for (int i = 0; i < 200; i++)
		buf_str(&text, STR("\xC3\xA0"));
	ical_begin(&out, buf_view(&text));
	for (size_t i = 0; i < out.len; i++) {
		line = out.at[i] == '\n' ? 0 : line + 1;
		cr_assert_leq(line, 76, "75 bytes and CR");
		if (i + 2 < out.len && memcmp(out.at + i, "\r\n ", 3) == 0)
			i += 2, line = 1;
		else
			buf_char(&back, out.at[i]);
	}
	cr_assert(str_is_utf8(buf_view(&out)));
	cr_assert(strstr(back.at, text.at), "unfolded it is what it was");
}
