/*
 * A message: a sentence with places in it. Places are values that are filled in ({{name}}), parts
 * that may be left out ({{#name}}…{{/name}}, {{^name}}…{{/name}}) and marked runs, of which the
 * template alone knows what they are (<a>…</a>, the second one <a2>…</a2>; <br> stands alone).
 *
 * Everything else is text as people read it, also an angle bracket that begins none of these.
 */
#pragma once

#include "libassets/base/str.h"

enum { MESSAGE_PIECES_MAX = 96 };

enum piece_kind {
	PIECE_TEXT,
	PIECE_VALUE,    /* {{name}} */
	PIECE_SECTION,  /* {{#name}} */
	PIECE_INVERTED, /* {{^name}} */
	PIECE_END,      /* {{/name}} */
	PIECE_OPEN,     /* <a> */
	PIECE_CLOSE,    /* </a> */
	PIECE_ALONE,    /* <br> */
};

struct piece {
	enum piece_kind kind;
	struct str text; /* the text, or the name */
	int section;     /* the innermost section that it stands in, -1: none */
};

/* Pieces in order; they borrow from the text. */
struct message {
	struct piece piece[MESSAGE_PIECES_MAX];
	size_t count;
};

/*
 * ERR_INVALID  places that are not closed, cross each other, or are none of the above
 * ERR_LIMIT    more pieces than there is room for
 */
MUST_CHECK int message_parse(struct str text, struct message *ret_message);

/* The same places the same number of times, each in the same sections: the words alone differ. */
bool message_agrees(const struct message *a, const struct message *b);

/* The first value that is always there, by which a plural is counted; absent when there is none. */
struct str message_counted(const struct message *m);

/* Is it the name of a run that a message may have: "a", "b", "strong" …? */
bool message_is_run(struct str name);
