/*
 * Two sorted lists of pointers, by msgid and by msgid_plural. What a translation may not do to a
 * page is refused here, once, at start.
 */
#include "catalogue.h"

#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/err.h"

/* Bytes that entries and texts of a catalogue take. */
enum { MEMORY_MAX = 16 << 20 };

struct row {
	const struct po_entry *entry;
};

struct catalogue {
	struct arena arena;
	struct po po;
	struct row *by_id, *by_plural;
	size_t plurals;
};

static int compare_ids(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return str_cmp(x->entry->id, y->entry->id);
}

static int compare_plurals(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return str_cmp(x->entry->plural, y->entry->plural);
}

static int fault_of(const struct po_entry *e, const char *why, struct po_fault *fault)
{
	fault->line = e->line;
	(void)snprintf(fault->why, sizeof(fault->why), "%s", why);
	return ERR_INVALID;
}

static size_t numbers_in(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < text.len; i++)
		n += text.at[i] == '%' && text.at[i + 1] == 'd';
	return n;
}

static int check_form(const struct po_entry *e, const struct message *english, struct str form,
		      struct po_fault *fault)
{
	struct message said;
	int r = message_parse(form, &said);

	if (r == ERR_LIMIT || (r == 0 && !message_agrees(english, &said)))
		return fault_of(e, "the places in the translation are not those of the English",
				fault);
	if (r < 0)
		return fault_of(e, "a place in the translation is not closed, or is no place",
				fault);
	if (numbers_in(form) != numbers_in(e->id))
		return fault_of(e, "%d is not there as often as in the English", fault);
	return 0;
}

static int check_entry(struct po_entry *e, bool shows_unconfirmed, struct po_fault *fault)
{
	struct message english, many;
	int r = message_parse(e->id, &english);

	if (r == 0 && !str_is_null(e->plural)) {
		r = message_parse(e->plural, &many);
		if (r == 0 && !message_agrees(&english, &many))
			r = ERR_INVALID;
		if (r == 0 && !numbers_in(e->plural) && str_is_null(message_counted(&english)))
			return fault_of(e, "it has plural forms and no number", fault);
		if (r == 0 && numbers_in(e->plural) != numbers_in(e->id))
			return fault_of(e, "msgid and msgid_plural both have %d, or neither",
					fault);
	}
	if (r == 0 && numbers_in(e->id) > 1)
		return fault_of(e, "%d is there more than once", fault);
	if (r < 0)
		return fault_of(e, "the English has places that are not closed, or differ", fault);
	e->is_shown = e->form[0].len && (shows_unconfirmed || !e->is_unconfirmed);
	for (size_t i = 0; r == 0 && i < PO_FORMS; i++) {
		if (e->form[i].len)
			r = check_form(e, &english, e->form[i], fault);
	}
	return r;
}

static int sort(struct catalogue *c, struct po_fault *fault)
{
	size_t n = c->po.count;

	c->by_id = ARENA_ARRAY(&c->arena, n, struct row);
	c->by_plural = ARENA_ARRAY(&c->arena, n, struct row);
	if (!c->by_id || !c->by_plural)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct po_entry *e = &c->po.entry[i];

		c->by_id[i].entry = e;
		if (!str_is_null(e->plural))
			c->by_plural[c->plurals++].entry = e;
	}
	if (n)
		qsort(c->by_id, n, sizeof(*c->by_id), compare_ids);
	if (c->plurals)
		qsort(c->by_plural, c->plurals, sizeof(*c->by_plural), compare_plurals);
	for (size_t i = 1; i < n; i++) {
		if (str_eq(c->by_id[i].entry->id, c->by_id[i - 1].entry->id))
			return fault_of(c->by_id[i].entry, "the message is there twice", fault);
	}
	return 0;
}

int catalogue_new(struct str text, bool shows_unconfirmed, struct catalogue **ret_catalogue,
		  struct po_fault *fault)
{
	struct catalogue *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return ERR_NOMEM;
	arena_init(&c->arena, MEMORY_MAX);
	r = po_read(text, &c->arena, &c->po, fault);
	for (size_t i = 0; r == 0 && i < c->po.count; i++)
		r = check_entry(&c->po.entry[i], shows_unconfirmed, fault);
	if (r == 0)
		r = sort(c, fault);
	if (r < 0)
		catalogue_free(c);
	else
		*ret_catalogue = c;
	return r;
}

void catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	arena_done(&c->arena);
	free(c);
}

const struct po_entry *catalogue_find(const struct catalogue *c, struct str english)
{
	const struct po_entry key = {.id = english, .plural = english};
	const struct row wanted = {&key}, *found = NULL;

	if (c->po.count)
		found = bsearch(&wanted, c->by_id, c->po.count, sizeof(*c->by_id), compare_ids);
	if (!found && c->plurals)
		found = bsearch(&wanted, c->by_plural, c->plurals, sizeof(*c->by_plural),
				compare_plurals);
	return found ? found->entry : NULL;
}

bool catalogue_is_said(const struct po_entry *e)
{
	return e && e->is_shown;
}

struct str catalogue_form(const struct po_entry *e, int64_t n)
{
	return e->form[str_is_null(e->plural) ? 0 : po_plural(n)];
}

const struct po_entry *catalogue_at(const struct catalogue *c, size_t n)
{
	return n < c->po.count ? c->by_id[n].entry : NULL;
}
