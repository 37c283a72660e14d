/*
 * Documents of an asset or a request: what is sent of them, and what may be said together. The
 * file itself is looked at by sniff.h. The members are the rows of document.def.
 */
#pragma once

#include "libassets/shape/shape_row.h"

enum {
	DOCUMENT_BYTES_MAX = 25 << 20,  /* of a file */
	DOCUMENT_PART_BYTES = 256 << 10 /* as which it is kept; the last part may be shorter */
};

struct document {
#define FIELD SHAPE_MEMBER
#include "document.def"
#undef FIELD
};

extern const struct shape document_shape;

/* A class of retention.def: from when on, and how many months; 0 for ever. */
struct retention {
	const char *id, *words, *from;
	int months;
	const char *confidence, *source;
};

/* The class of that code, NULL when there is none. A constant. */
const struct retention *retention_find(struct str code);

/* Every class and every kind, in the order of its table, NULL after the last. Constants. */
const struct retention *retention_at(size_t n);
const char *document_kind_at(size_t n, bool is_of_request);

/*
 * Defaults and what fields owe each other: it hangs on an asset or on a request; arrived today
 * unless said; is not checked for personal data, not public; is kept as its kind is.
 * d: decoded by document_shape without a fault; changed in place.
 *
 * ERR_INVALID         with flaws: both or neither parent, a kind or class that does not go with
 *                     it, a copy that is REDACTED of nothing
 * ERR_DATE_IN_FUTURE  received_on is after today
 * ERR_REDACTION       it would be public, and nobody has said that it may be
 */
MUST_CHECK int document_settle(struct document *d, struct day today, struct flaws *flaws);

/* A SHA-256 as hexadecimal digits in small letters, absent for what is none. For its shape. */
struct str document_form_sha256(struct str text, struct arena *a);
