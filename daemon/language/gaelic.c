/*
 * A message is heard as often as it stands in a template; the list is sorted and rid of doubles
 * when all are there.
 */
#include "gaelic.h"

#include <stdlib.h>

#include "catalogue.h"
#include "letters.h"
#include "libassets/base/err.h"
#include "speak.h"
#include "voice.h"

/* Bytes of all templates and messages. */
enum { MEMORY_MAX = 32 << 20, MESSAGES_MAX = 40000 };

struct gaelic {
	struct arena arena;
	struct catalogue *catalogue;
	struct template_voice voice;
	struct gaelic_message *message; /* heap */
	size_t count, cap;
	int err; /* of hearing */
};

int gaelic_new(struct str catalogue, bool shows_unconfirmed, struct gaelic **ret_gaelic,
	       struct po_fault *fault)
{
	struct gaelic *g = calloc(1, sizeof(*g));
	int r;

	if (!g)
		return ERR_NOMEM;
	arena_init(&g->arena, MEMORY_MAX);
	r = catalogue_new(catalogue, shows_unconfirmed, &g->catalogue, fault);
	if (r < 0) {
		gaelic_free(g);
		return r;
	}
	g->voice = (struct template_voice){.own = "gd",
					   .other = "en-GB",
					   .say = voice_say,
					   .has_language = letters_in,
					   .plural = po_plural,
					   .arg = g->catalogue};
	*ret_gaelic = g;
	return 0;
}

void gaelic_free(struct gaelic *g)
{
	if (!g)
		return;
	catalogue_free(g->catalogue);
	arena_done(&g->arena);
	free(g->message);
	free(g);
}

static int grow(struct gaelic *g)
{
	size_t cap = g->cap ? 2 * g->cap : 1024;
	struct gaelic_message *more;

	if (g->count < g->cap)
		return 0;
	if (cap > MESSAGES_MAX)
		return ERR_LIMIT;
	more = realloc(g->message, cap * sizeof(*more));
	if (!more)
		return ERR_NOMEM;
	g->message = more;
	g->cap = cap;
	return 0;
}

static int add(struct gaelic *g, const char *where, struct str english,
	       const struct po_entry *entry)
{
	int r = grow(g);

	if (r == 0)
		g->message[g->count++] = (struct gaelic_message){english, where, entry};
	return r;
}

int gaelic_hear(struct gaelic *g, const char *where, struct str english)
{
	return letters_in(english) ? add(g, where, english, catalogue_find(g->catalogue, english))
				   : 0;
}

struct hearing {
	struct gaelic *g;
	const char *where;
};

static void heard(void *arg, struct str english, const struct po_entry *entry)
{
	struct hearing *h = arg;
	struct str kept = arena_str(&h->g->arena, english);
	int r = kept.at ? add(h->g, h->where, kept, entry) : ERR_NOMEM;

	if (r < 0)
		h->g->err = r;
}

int gaelic_template(struct gaelic *g, const char *name, struct str english, struct str *ret_text)
{
	CLEANUP(buf_done) struct buf out = BUF(TEMPLATE_TEXT_MAX);
	struct hearing hearing = {g, name};
	int r = speak(g->catalogue, english, &(struct speak_hearer){heard, &hearing}, &out);

	if (r == 0)
		r = g->err;
	if (r < 0)
		return r;
	*ret_text = arena_str(&g->arena, buf_view(&out));
	return ret_text->at ? 0 : ERR_NOMEM;
}

static int compare(const void *a, const void *b)
{
	const struct gaelic_message *x = a, *y = b;
	int by_place = strcmp(x->where, y->where);

	return by_place ? by_place : str_cmp(x->english, y->english);
}

void gaelic_ready(struct gaelic *g)
{
	size_t kept = 0;

	if (g->count)
		qsort(g->message, g->count, sizeof(*g->message), compare);
	for (size_t i = 0; i < g->count; i++) {
		if (!kept || compare(&g->message[kept - 1], &g->message[i]) != 0)
			g->message[kept++] = g->message[i];
	}
	g->count = kept;
}

bool gaelic_has_unconfirmed(const struct gaelic *g)
{
	const struct po_entry *e;

	for (size_t i = 0; (e = catalogue_at(g->catalogue, i)); i++) {
		if (e->is_shown && e->is_unconfirmed)
			return true;
	}
	return false;
}

bool gaelic_has_any(const struct gaelic *g)
{
	const struct po_entry *e;

	for (size_t i = 0; (e = catalogue_at(g->catalogue, i)); i++) {
		if (e->is_shown)
			return true;
	}
	return false;
}

const struct template_voice *gaelic_voice(const struct gaelic *g)
{
	return &g->voice;
}

const struct gaelic_message *gaelic_at(const struct gaelic *g, size_t n)
{
	return n < g->count ? &g->message[n] : NULL;
}

static bool is_heard(const struct gaelic *g, const struct po_entry *e)
{
	for (size_t i = 0; i < g->count; i++) {
		if (g->message[i].entry == e)
			return true;
	}
	return false;
}

const struct po_entry *gaelic_unused(const struct gaelic *g, size_t n)
{
	const struct po_entry *e;

	for (size_t i = 0; (e = catalogue_at(g->catalogue, i)); i++) {
		if (e->form[0].len && !is_heard(g, e) && n-- == 0)
			return e;
	}
	return NULL;
}

/* --- for translators --------------------------------------------------------------------- */

static void put_quoted(struct buf *out, const char *keyword, struct str text)
{
	buf_fmt(out, "%s \"", keyword);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		if (c == '\n')
			buf_str(out, STR("\\n"));
		else
			buf_char(out, c);
	}
	buf_str(out, STR("\"\n"));
}

/* The entry of a message of which all places have been said. */
static void put_entry(struct buf *out, const struct gaelic_message *m)
{
	bool is_counted = m->entry && !str_is_null(m->entry->plural);

	put_quoted(out, "\nmsgid", is_counted ? m->entry->id : m->english);
	if (is_counted)
		put_quoted(out, "msgid_plural", m->entry->plural);
	for (int i = 0; is_counted && i < PO_FORMS; i++)
		buf_fmt(out, "msgstr[%d] \"\"\n", i);
	if (!is_counted)
		buf_str(out, STR("msgstr \"\"\n"));
}

static int compare_english(const void *a, const void *b)
{
	const struct gaelic_message *x = a, *y = b;
	int by_english = str_cmp(x->english, y->english);

	return by_english ? by_english : strcmp(x->where, y->where);
}

void gaelic_dump(const struct gaelic *g, struct buf *out)
{
	struct gaelic_message *sorted = calloc(g->count + 1, sizeof(*sorted));

	buf_str(out,
		STR("msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"));
	if (!sorted || !g->count) {
		free(sorted);
		return;
	}
	memcpy(sorted, g->message, g->count * sizeof(*sorted));
	qsort(sorted, g->count, sizeof(*sorted), compare_english);
	for (size_t i = 0; i < g->count; i++) {
		bool is_first = i == 0 || !str_eq(sorted[i].english, sorted[i - 1].english);
		bool is_last =
			i + 1 == g->count || !str_eq(sorted[i].english, sorted[i + 1].english);

		buf_fmt(out, "%s%s", is_first ? "\n#. " : ", ", sorted[i].where);
		if (is_last)
			put_entry(out, &sorted[i]);
	}
	free(sorted);
}
