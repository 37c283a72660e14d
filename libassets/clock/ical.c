/*
 * RFC 5545 sections 3.1 (folding), 3.3.11 (text) and 3.6.1 (events). A date with a DTEND of
 * the next day and TRANSP:TRANSPARENT is what calendars show as a whole day that blocks none.
 */
#include "ical.h"

/* Of a folded line without its CR LF (section 3.1); of a value before it is folded. */
enum { LINE_MAX_BYTES = 75, VALUE_MAX = 64 * 1024 };

/* One content line, folded: what goes on begins with a blank, which counts. */
static void add_line(struct buf *out, struct str line)
{
	size_t room = LINE_MAX_BYTES;

	while (line.len > room) {
		size_t n = room;

		/* Back to the first byte of the character that would be cut. */
		while (n && ((unsigned char)line.at[n] & 0xC0) == 0x80)
			n--;
		buf_add(out, line.at, n);
		buf_str(out, STR("\r\n "));
		line = (struct str){line.at + n, line.len - n};
		room = LINE_MAX_BYTES - 1;
	}
	buf_str(out, line);
	buf_str(out, STR("\r\n"));
}

static void add_property(struct buf *out, const char *name, struct str value)
{
	CLEANUP(buf_done) struct buf line = BUF(VALUE_MAX);

	if (str_is_null(value))
		return;
	buf_fmt(&line, "%s:", name);
	buf_str(&line, value);
	add_line(out, buf_view(&line));
}

static void add_text(struct buf *out, const char *name, struct str value)
{
	CLEANUP(buf_done) struct buf text = BUF(VALUE_MAX);

	if (str_is_null(value))
		return;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == '\n') {
			buf_str(&text, STR("\\n"));
			continue;
		}
		if (c == '\\' || c == ';' || c == ',')
			buf_char(&text, '\\');
		if ((unsigned char)c >= 0x20)
			buf_char(&text, c);
	}
	add_property(out, name, buf_view(&text));
}

static void add_day(struct buf *out, const char *name, struct day d)
{
	struct day_civil c = day_civil(d);
	CLEANUP(buf_done) struct buf text = BUF(16);

	buf_fmt(&text, "%04d%02d%02d", c.year, c.month, c.monthday);
	add_property(out, name, buf_view(&text));
}

void ical_begin(struct buf *out, struct str name)
{
	add_line(out, STR("BEGIN:VCALENDAR"));
	add_line(out, STR("VERSION:2.0"));
	add_line(out, STR("PRODID:-//assetd//assetd//EN"));
	add_line(out, STR("CALSCALE:GREGORIAN"));
	add_line(out, STR("METHOD:PUBLISH"));
	add_text(out, "X-WR-CALNAME", name);
}

void ical_date(struct buf *out, const struct ical_date *d)
{
	CLEANUP(buf_done) struct buf sequence = BUF(16);

	buf_i64(&sequence, d->sequence);
	add_line(out, STR("BEGIN:VEVENT"));
	add_property(out, "UID", d->uid);
	add_property(out, "DTSTAMP", d->stamp);
	add_property(out, "SEQUENCE", buf_view(&sequence));
	add_day(out, "DTSTART;VALUE=DATE", d->on);
	add_day(out, "DTEND;VALUE=DATE", day_add(d->on, 1));
	add_text(out, "SUMMARY", d->summary);
	add_text(out, "DESCRIPTION", d->description);
	add_property(out, "URL", d->url);
	add_property(out, "STATUS", d->is_cancelled ? STR("CANCELLED") : STR("CONFIRMED"));
	add_line(out, STR("TRANSP:TRANSPARENT"));
	add_line(out, STR("END:VEVENT"));
}

void ical_end(struct buf *out)
{
	add_line(out, STR("END:VCALENDAR"));
}
