/*
 * A calendar of all-day dates as iCalendar (RFC 5545): what Outlook and phones subscribe to.
 * Lines end in CR LF and are folded at 75 bytes, never inside a character. Texts are escaped
 * here; whether all went in is the buffer's to say. Begin, any number of dates, end.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/base/day.h"

/* The head of a calendar. name: how it shows itself; absent leaves that out. */
void ical_begin(struct buf *out, struct str name);

/* One date, a whole day long (section 3.6.1). Texts are borrowed. */
struct ical_date {
	struct str uid;   /* the same for ever, for the same date */
	struct str stamp; /* when it was last changed, as "20261121T100000Z" */
	int32_t sequence; /* grows with each change */
	struct day on;
	struct str summary;
	struct str description; /* absent: none */
	struct str url;         /* absent: none */
	bool is_cancelled;      /* shown as struck out, until the subscriber drops it */
};

/* Append one date. A line of it longer than 64 KiB is cut there. */
void ical_date(struct buf *out, const struct ical_date *d);

/* The end of the calendar. */
void ical_end(struct buf *out);
