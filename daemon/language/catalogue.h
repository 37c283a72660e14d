/*
 * The Gaelic of English messages, from one text (po.h), looked up by the English. Made at start,
 * never changed: any thread may read it.
 */
#pragma once

#include "message.h"
#include "po.h"

struct catalogue;

/*
 * shows_unconfirmed: what no speaker has confirmed counts as Gaelic.
 * fault: filled in when the result is ERR_INVALID.
 * ERR_INVALID  the text cannot be read; a message is there twice; a translation has not the places
 *              of its English (message.h, and %d for a number in what C says)
 * ERR_LIMIT, ERR_NOMEM
 */
MUST_CHECK int catalogue_new(struct str text, bool shows_unconfirmed,
			     struct catalogue **ret_catalogue, struct po_fault *fault);
/* Takes NULL. */
void catalogue_free(struct catalogue *c);

/* The entry whose English is this, by msgid or msgid_plural; NULL: nobody has listed it. */
const struct po_entry *catalogue_find(const struct catalogue *c, struct str english);

/* Is there Gaelic in it that pages show? Takes NULL. */
bool catalogue_is_said(const struct po_entry *e);
/* The Gaelic of it; of a message with plural forms that for n. Empty: not translated. */
struct str catalogue_form(const struct po_entry *e, int64_t n);

/* The n-th entry by its English, NULL past the last. */
const struct po_entry *catalogue_at(const struct catalogue *c, size_t n);
