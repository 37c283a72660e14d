/*
 * A catalogue of translations as text: gettext's PO format, which translators' programs write.
 * Taken are msgid, msgid_plural, msgstr, msgstr[n] and the flag fuzzy; other comments are passed
 * over. No contexts (msgctxt): a message has one translation, wherever it stands.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/str.h"

enum {
	PO_FORMS = 4,               /* of a plural in Gaelic */
	PO_TEXT_MAX = 4 << 20,      /* bytes of a catalogue */
	PO_MESSAGE_MAX = 16 * 1024, /* bytes of one text in it */
	PO_ENTRIES_MAX = 20000,
};

struct po_entry {
	struct str id;             /* the English */
	struct str plural;         /* the English of many; absent: the message is of no number */
	struct str form[PO_FORMS]; /* of no number: the first alone; empty: not translated */
	bool is_unconfirmed;       /* fuzzy: said, but no speaker has confirmed it */
	bool is_shown;             /* said by catalogue_new: there is Gaelic, and pages show it */
	unsigned line;             /* of its msgid, from 1 */
};

struct po {
	struct po_entry *entry; /* in the order of the text; texts and entries live in the arena */
	size_t count;
};

/* Where a catalogue is wrong, and why: a sentence for who wrote it. */
struct po_fault {
	unsigned line;
	char why[160];
};

/*
 * Read. The header, which is the first entry and has no English, must name the four plural forms of
 * Gaelic as po.c has them, and is not among the entries.
 *
 * fault: filled in when the result is ERR_INVALID.
 * ERR_INVALID  no such text    ERR_LIMIT  longer than it may be, or too many    ERR_NOMEM
 */
MUST_CHECK int po_read(struct str text, struct arena *a, struct po *ret_po, struct po_fault *fault);

/* Which of the four forms goes with a number: 1 and 11 the first, 2 and 12 the second, 3 to 19 the
 * third, 0 and all others the last. */
unsigned po_plural(int64_t n);
