/*
 * Sentences and labels that C has put together from parts, in Gaelic: saying.def has them with
 * places, and a text is said by the first that it fits and whose parts can all be said.
 */
#pragma once

#include "catalogue.h"
#include "libassets/base/buf.h"

/* Append what a text is called; false, and nothing appended, when it fits none. */
bool saying_say(const struct catalogue *c, struct str text, struct buf *out);

/* The n-th of saying.def; false past the last. */
struct saying {
	const char *where, *english;
};
bool saying_at(size_t n, struct saying *ret_saying);
