/*
 * Single values of a page in Gaelic, by the catalogue: dates, words for codes, labels. What people
 * typed is never looked up, so that no name is taken for a word.
 *
 * Ours are members X_words, X_meaning and X_date, which dress.h adds; a page's title where
 * title_is_said, or by its title_form with names in it; the name of a deadline, which has a
 * clock, and how it was worked out; what is wrong with a form, and what a list has; title, label,
 * words, hint, none, rule, name, text, detail, cure and why of an object with the member is_said,
 * which says that the program wrote them; all of one with all_is_said; and what stands in pictures,
 * which hold nothing that people typed (template_said.h).
 */
#pragma once

#include <jansson.h>

#include "catalogue.h"
#include "libassets/base/buf.h"

/* For template_voice: append the Gaelic of a value; false, and nothing appended, when it has none.
 */
bool voice_say(const void *catalogue, const json_t *owner, struct str name, struct str text,
	       struct buf *out);
