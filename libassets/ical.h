/*
 * A calendar of all-day dates as iCalendar (RFC 5545): what Outlook and phones subscribe to.
 * Lines end in CR LF and are folded at 75 bytes, never inside a character.
 */
#pragma once

#include "buf.h"
#include "day.h"

/* name: how the calendar shows itself. */
void ical_begin(struct buf *out, struct str name);

struct ical_date {
	struct str uid;   /* the same for ever, for the same date */
	struct str stamp; /* when it was last changed, as "20261121T100000Z" */
	int32_t sequence; /* grows with each change */
	struct day on;
	struct str summary;
	struct str description; /* absent: none */
	struct str url;         /* absent: none */
	bool is_cancelled;
};

void ical_date(struct buf *out, const struct ical_date *d);

void ical_end(struct buf *out);
