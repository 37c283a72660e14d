/*
 * The Gaelic form of a template: each sentence of it looked up, and said of every piece of the page
 * which language it is in (WCAG 3.1.2), so that a part can be Gaelic and the part beside it
 * English. Titles, labels and descriptions in attributes are messages as well.
 *
 * Values are left to the set that renders it (template.h): {{~x}} in text, {{%x}} where there is no
 * place for marks, {{@x}} for the attribute that says their language, {{+n x}} for plural forms.
 */
#pragma once

#include "catalogue.h"
#include "libassets/base/buf.h"

struct speak_hearer {
	/* Of each message, also where nobody has listed it (entry NULL). english: for this call. */
	void (*heard)(void *arg, struct str english, const struct po_entry *entry);
	void *arg;
};

/*
 * Append the Gaelic form of an English template to `out`.
 * ERR_INVALID  as markup_read says
 * ERR_LIMIT    ERR_NOMEM
 *
 * Example: "<p>Search</p>" is "<p lang="gd">Lorg</p>", or "<p lang="en-GB">Search</p>" while nobody
 * has said it.
 */
MUST_CHECK int speak(const struct catalogue *c, struct str english,
		     const struct speak_hearer *hearer, struct buf *out);
