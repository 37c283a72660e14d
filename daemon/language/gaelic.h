/*
 * The Gaelic of all pages: the catalogue that is built in, the templates made by it, and what of
 * their English has no Gaelic yet. Made once at start; any thread may read it.
 */
#pragma once

#include "daemon/page/template.h"
#include "po.h"

struct gaelic;

/*
 * catalogue: the text of the catalogue, borrowed.    fault: filled in when ERR_INVALID.
 * ERR_INVALID, ERR_LIMIT, ERR_NOMEM as catalogue_new.
 */
MUST_CHECK int gaelic_new(struct str catalogue, bool shows_unconfirmed, struct gaelic **ret_gaelic,
			  struct po_fault *fault);
/* Takes NULL. Templates made by it and its voice are gone. */
void gaelic_free(struct gaelic *g);

/* The Gaelic form of a template. name: where its messages stand, a constant. ret_text lives as long
 * as g. Errors as speak. */
MUST_CHECK int gaelic_template(struct gaelic *g, const char *name, struct str english,
			       struct str *ret_text);

/* A message that stands elsewhere than in a template. Both borrowed: constants. ERR_LIMIT,
 * ERR_NOMEM */
MUST_CHECK int gaelic_hear(struct gaelic *g, const char *where, struct str english);

/* After the last of both. */
void gaelic_ready(struct gaelic *g);

/* Do pages show Gaelic that no speaker has confirmed? */
bool gaelic_has_unconfirmed(const struct gaelic *g);
/* Do they show any? */
bool gaelic_has_any(const struct gaelic *g);

/* For template_set_speak: lives as long as g. */
const struct template_voice *gaelic_voice(const struct gaelic *g);

/*
 * All messages as a catalogue without translations, gettext's POT: for msgmerge, which brings gd.po
 * up to date. To be done after gaelic_ready.
 */
struct buf;
void gaelic_dump(const struct gaelic *g, struct buf *out);

/* A message at a place where it stands. */
struct gaelic_message {
	struct str english;
	const char *where;
	const struct po_entry *entry; /* NULL: not even listed in the catalogue */
};
/* The n-th by place and English, each once a place; NULL past the last. */
const struct gaelic_message *gaelic_at(const struct gaelic *g, size_t n);
/* The n-th entry of the catalogue with Gaelic that stands on no page, NULL past the last. */
const struct po_entry *gaelic_unused(const struct gaelic *g, size_t n);
