/*
 * Single values of a page in Gaelic, by the catalogue: dates, words for codes, labels. What people
 * typed is never looked up, so that no name is taken for a word.
 *
 * Ours are members X_words, X_meaning and X_date, which dress.h adds; a page's title where
 * title_is_said; the name of a deadline, which has a clock; what is wrong with a form, and what a
 * list has; and title, label, hint, none, rule, name, text, detail and cure of an object with the
 * member is_said, which says that the program wrote them.
 */
#pragma once

#include <jansson.h>

#include "catalogue.h"
#include "libassets/base/buf.h"

/* For template_voice: append the Gaelic of a value; false, and nothing appended, when it has none.
 */
bool voice_say(const void *catalogue, const json_t *owner, struct str name, struct str text,
	       struct buf *out);

/* The n-th English of what is put together here, such as a month: for lists of what there is to be
 * translated. NULL past the last. */
const char *voice_at(size_t n);
