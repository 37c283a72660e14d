/*
 * A template as a list of tokens: text, tags of HTML and tags of Mustache, each with what closes
 * it. Of HTML only what templates write is known: it is our own, and well formed.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/str.h"

enum { MARKUP_DEPTH_MAX = 200 }; /* tags inside one another */

enum token_kind {
	TOKEN_TEXT,
	TOKEN_OPEN,    /* <p …> */
	TOKEN_CLOSE,   /* </p> */
	TOKEN_ALONE,   /* <input …>, <path …/> */
	TOKEN_VALUE,   /* {{name}} */
	TOKEN_SECTION, /* {{#name}} or {{^name}} */
	TOKEN_END,     /* {{/name}} */
	TOKEN_OTHER,   /* partials, raw values, comments, the document type */
};

struct token {
	enum token_kind kind;
	struct str raw;  /* all of it */
	struct str name; /* of the tag, in small letters as templates write it; of the value */
	int match;       /* what closes it, or what it closes; -1: nothing */
	bool is_wall;    /* no sentence goes on past it */
};

struct markup {
	struct token *token; /* in the arena */
	size_t count;
};

/*
 * Cut a text into its tokens, which borrow from it.
 * ERR_INVALID  an HTML tag is not closed; or one of Mustache is none of {{name}}, {{{name}}},
 *              {{&name}}, {{#name}}, {{^name}}, {{/name}} and {{>name}}, without blanks
 * ERR_LIMIT    deeper than MARKUP_DEPTH_MAX    ERR_NOMEM
 */
MUST_CHECK int markup_read(struct str text, struct arena *a, struct markup *ret_markup);

/* The next attribute of a tag at or after *at, which moves on. False: no further one. */
struct attribute {
	struct str before; /* what stands between the last one and its value, the quote included */
	struct str name, value;
};
bool markup_attribute(struct str tag, size_t *at, struct attribute *ret_attribute);
