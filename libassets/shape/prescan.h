/*
 * A look at a JSON text before a parser builds a tree of it, so that a small body cannot
 * make a large or a deep one: jansson's own limit of depth is 2,048, and it has no other.
 * What is not JSON passes; finding that is the parser's work.
 */
#pragma once

#include "flaw.h"

enum {
	PRESCAN_DEPTH_MAX = 32,         /* objects and lists inside one another */
	PRESCAN_NODE_MAX = 10000,       /* values, counted by their separators */
	PRESCAN_STRING_MAX = 64 * 1024, /* bytes between the quotes, as written */
};

/*
 * 0 if a parser may have it. Neither allocates (but for the flaw) nor recurses; takes time in
 * proportion to the text.
 * ERR_JSON  too deep, too many values, or too long a text: one flaw TOO_LARGE says what, and
 *           at which byte, counted from 1.
 */
MUST_CHECK int prescan_json(struct str text, struct flaws *flaws);
