/*
 * Mustache templates over jansson values: logic-less pages, so that logic stays in C and SQL.
 * All required modules of the specification (interpolation, sections, inverted sections,
 * partials, comments, delimiters); source: mustache/spec, 136 cases in tests/data.
 *
 * A set holds templates by name, each compiled once into a flat list of nodes; rendering
 * walks the list without recursion and without changing it, so any thread may render.
 *
 * {{name}} is escaped for HTML text and quoted attributes, {{{name}}} and {{&name}} are not:
 * they are for markup we made ourselves. False are: absent, null, false and the empty list;
 * an empty text and 0 are true. Objects and lists interpolate as nothing.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"

struct template;
struct template_set;

enum {
	TEMPLATE_TEXT_MAX = 256 * 1024, /* bytes of one template */
	TEMPLATE_SET_MAX = 256,         /* templates in a set */
	TEMPLATE_NAME_MAX = 63,         /* bytes of a template's name */
	TEMPLATE_DEPTH_MAX = 48,        /* sections and partials inside one another */
	TEMPLATE_STEPS_MAX = 4000000,   /* nodes visited by one rendering */
};

/* Where a template is wrong, and why: a sentence for the person who wrote it. */
struct template_fault {
	char name[TEMPLATE_NAME_MAX + 1];
	unsigned line; /* from 1 */
	char why[128];
};

/* An empty set, yours to free. NULL without memory. One thread, until all are added. */
struct template_set *template_set_new(void);

/*
 * How a set speaks whose texts are in another language than the data. In its templates, which a
 * program has made (daemon/language), stand besides those of the specification:
 *
 *   {{~name}}  the value in a span that says its language     {{%name}}  the value without one
 *   {{@name}}  the attribute that says the value's language: of the element that has {{%name}}
 *   {{+n name}}…{{/n name}}  shown where the number `name` takes the plural form n
 *
 * and {{{name}}}, markup that we made ourselves, is said as template_said.h has it.
 */
struct template_voice {
	const char *own, *other; /* tags of the set's language and of the data's */
	/*
	 * Append what a text of the data is called in the set's language; false: it has no word for
	 * it. owner: the object that has it under that name, NULL where it is in none.
	 */
	bool (*say)(const void *arg, const json_t *owner, struct str name, struct str text,
		    struct buf *out);
	bool (*has_language)(struct str text); /* numbers, for one, are in none */
	unsigned (*plural)(int64_t n);
	const void *arg;
};

/* Before the first template_add. voice: borrowed until the set is freed. */
void template_set_speak(struct template_set *set, const struct template_voice *voice);
/* Takes NULL. Templates found in it are gone. */
void template_set_free(struct template_set *set);

/*
 * Compile `text` and keep it under `name`, which is copied. The text is borrowed until the set is
 * freed.
 *
 * fault: filled in when the result is ERR_INVALID.
 * text: UTF-8, at most TEMPLATE_TEXT_MAX bytes.
 * ERR_INVALID    the text does not parse.    ERR_DUPLICATE  the name is taken.
 * ERR_LIMIT      too long, or too many.      ERR_NOMEM
 *
 * Example: adding "a{{#b}}" gives ERR_INVALID, line 1, "the section b is not closed".
 */
MUST_CHECK int template_add(struct template_set *set, struct str name, struct str text,
			    struct template_fault *fault);

/*
 * Join partials to the templates they name; call once, after the last template_add.
 *
 * ERR_NOT_FOUND  fault names the first partial that nobody added. The set can be used all
 *                the same: a missing partial renders as nothing.
 */
MUST_CHECK int template_link(struct template_set *set, struct template_fault *fault);

/* Borrowed, lives as long as the set; NULL if there is none of that name. */
const struct template *template_find(const struct template_set *set, struct str name);

/*
 * Append the rendering to `out`.
 *
 * ERR_LIMIT  deeper than TEMPLATE_DEPTH_MAX (a partial that includes itself for ever), more
 *            than TEMPLATE_STEPS_MAX nodes, or longer than `out` may be.    ERR_NOMEM
 *
 * On failure part of it may stand in `out`. data: only read.
 * Example: "Hello {{name}}{{^name}}you{{/name}}" with {"name": "A&B"} is "Hello A&amp;B".
 */
MUST_CHECK int template_render(const struct template *t, const json_t *data, struct buf *out);

/* Append `text` as HTML text: & < > " ' as entities, so it is safe between quotes as well. */
void template_escape(struct buf *out, struct str text);
