/*
 * Going over a JSON text member by member without a tree, for answers that are too long for one: a
 * name and a value are spans of the text, of which jansson then decodes what is wanted.
 *
 *	struct walk w = walk_into(text);
 *	while (walk_member(&w, &name, &value))
 *		…
 *	if (w.is_broken) …
 *
 * For texts that we wrote or PostgreSQL did. Of others nothing is read past their end, but what is
 * not JSON may come as a value.
 */
#pragma once

#include "str.h"

/* Borrowed from the text. */
struct walk {
	const char *at, *end;
	char close;     /* what ends it: '}' or ']'; '\0': it is neither, or over */
	bool is_broken; /* the text ended before it did */
};

/* Into the object or the list that the text begins with. */
struct walk walk_into(struct str text);
/* The next member of an object: its name as it is written, without the quotes. False: no more. */
bool walk_member(struct walk *w, struct str *ret_name, struct str *ret_value);
/* The next element of a list. */
bool walk_element(struct walk *w, struct str *ret_value);
