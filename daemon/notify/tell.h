/*
 * What happened and what it means for the reader, in plain text: for letters, Atom and JSON Feed
 * alike. A message says what happened, where it stands, the next date and how it was worked out,
 * what the reader can do now and until when.
 *
 * What it is told of is an `about` of sql/functions/0091_follow.sql. These append; whether it went
 * in is the buffer's to say.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"
#include "libassets/base/day.h"

/* What happened, from an event's type: "Opened for comments"; with the day that it is about, if it
 * is about one, and which that is: "A date has moved: Decision notice, 15 January 2027". due_name,
 * due_on: absent for none. */
void tell_what(struct buf *out, struct str type, struct str due_name, struct str due_on);

/*
 * Where a request or an asset stands, a line for each thing, with its address at the end.
 * about:  of the subject.   base_url: without a slash at its end, "" makes the address a path.
 */
void tell_stand(struct buf *out, const json_t *about, struct str subject, struct day today,
		const char *base_url);

/* What an authority has to do of a request within so many days, or has not done in time. */
void tell_due(struct buf *out, const json_t *about, struct str subject, struct day today, int days,
	      const char *base_url);

/* "/requests/atr_…" or "/assets/ast_…". */
void tell_path(struct buf *out, struct str subject);
