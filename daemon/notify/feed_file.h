/*
 * Changes as a file that feed readers take: Atom (RFC 4287) and JSON Feed (jsonfeed.org, 1.1) of
 * the same entries.
 */
#pragma once

#include "daemon/db/db.h"
#include "libassets/base/buf.h"
#include "libassets/base/day.h"

struct feed_head {
	struct str title;
	struct str name;      /* of the service, whose entries they are */
	struct str self;      /* path and query of the feed */
	const char *base_url; /* what paths stand behind */
};

struct feed_entry {
	struct str uuid;  /* of the event, as a URN */
	struct str title; /* what happened to what */
	struct str text;  /* and what that means now, in lines */
	struct str at;    /* the moment, in RFC 3339's form */
	struct str path;  /* of the page */
};

/* One of the two forms. */
struct feed_form {
	void (*begin)(struct buf *out, const struct feed_head *head, struct str updated_at);
	void (*entry)(struct buf *out, const struct feed_head *head, const struct feed_entry *entry,
		      bool is_first);
	void (*end)(struct buf *out);
};

extern const struct feed_form feed_atom, feed_json;

/*
 * Append the file of the rows of feed_newest in a reply. Whether it went in is the buffer's to say.
 * ERR_BUG, ERR_NOMEM  a row cannot be read
 */
MUST_CHECK int feed_file_put(const struct feed_form *form, const struct feed_head *head,
			     const struct db_reply *reply, int statement, struct day today,
			     struct buf *out);

/*
 * The UUID of an id in RFC 4122's form behind "urn:uuid:". False: it is none of ours.
 * Example: evt_01jcq3v5n8e2rb7x4k9m0tzhwd.
 */
bool feed_uuid(struct buf *out, struct str id);
