/*
 * Filters shared by webhooks. What one says of an event stands in a byte of that event, at the
 * filter's number; a number that is free is given again, once those bytes have been cleared.
 */
#include "hook_filter.h"

#include <stdlib.h>

#include "daemon/base/metric.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "libassets/notify/event_pattern.h"
#include "libassets/notify/webhook.h"
#include "q.h"

/* Bytes: of all that one asks for, as text, and as it is kept. */
enum { TEXT_MAX = 32 * 1024, ARENA_MAX = 1 << 20 };
/* Numbers more whenever they run out. */
enum { MORE = 64 };

enum verdict { UNKNOWN, UNWANTED, WANTED };

struct str *filter_list(struct arena *a, struct str list, char sep, size_t most, size_t *ret_count)
{
	struct str *part = ARENA_ARRAY(a, most, struct str);
	struct str rest = list;

	while (part && rest.len && *ret_count < most)
		part[(*ret_count)++] = arena_str(a, str_cut(rest, sep, &rest));
	return part;
}

static int compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Nothing that stands in one of these has a line feed. */
static void list_print(struct buf *out, const struct str *part, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_str(out, part[i]);
		buf_char(out, '\n');
	}
	buf_char(out, '\n');
}

static char *text_of(const struct hook_filter *f)
{
	CLEANUP(buf_done) struct buf out = BUF(TEXT_MAX);
	size_t len;

	buf_fmt(&out, "%s\n%s\n%s\n%s\n", f->subject, f->authority_id, f->asset_id, f->locality_id);
	list_print(&out, f->type, f->types);
	list_print(&out, f->where, f->wheres);
	return buf_err(&out) == 0 ? buf_detach(&out, &len) : NULL;
}

static void filter_free(struct hook_filter *f)
{
	if (!f)
		return;
	arena_done(&f->arena);
	free(f->text);
	free(f);
}

static struct hook_filter *filter_new(const struct q_hook_load_row *row)
{
	struct hook_filter *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	arena_init(&f->arena, ARENA_MAX);
	hook_copy(f->subject, sizeof(f->subject), row->subject);
	hook_copy(f->authority_id, sizeof(f->authority_id), row->authority_id);
	hook_copy(f->asset_id, sizeof(f->asset_id), row->asset_id);
	hook_copy(f->locality_id, sizeof(f->locality_id), row->locality_id);
	f->type = filter_list(&f->arena, row->types, ',', EVENT_PATTERNS_MAX, &f->types);
	f->where = filter_list(&f->arena, row->wheres, '\n', WEBHOOK_WHERE_MAX, &f->wheres);
	if (f->type && f->where) {
		qsort(f->type, f->types, sizeof(*f->type), compare);
		qsort(f->where, f->wheres, sizeof(*f->where), compare);
		f->text = text_of(f);
	}
	if (f->text)
		return f;
	filter_free(f);
	return NULL;
}

/* The lowest that is free. ERR_NOMEM */
static int number_find(struct hooks *h, size_t *ret_number)
{
	struct hook_filter **more;
	size_t n = 0;

	while (n < h->filter_room && h->filter[n])
		n++;
	if (n == h->filter_room) {
		more = reallocarray(h->filter, n + MORE, sizeof(struct hook_filter *));
		if (!more)
			return ERR_NOMEM;
		for (size_t i = 0; i < MORE; i++)
			more[n + i] = NULL;
		h->filter = more;
		h->filter_room += MORE;
	}
	*ret_number = n;
	return 0;
}

static struct hook_filter *filter_find(const struct hooks *h, const char *text)
{
	for (size_t i = 0; i < h->filter_room; i++) {
		if (h->filter[i] && !strcmp(h->filter[i]->text, text))
			return h->filter[i];
	}
	return NULL;
}

/* When it is given, not when it is left: where all leave at once nobody is to be given any. */
static void number_clear(struct hooks *h, size_t number)
{
	struct hook_source *s;

	TAILQ_FOREACH (s, &h->sources, link) {
		for (size_t i = 0; i < s->told_count; i++) {
			if (number < s->told[i]->verdicts)
				s->told[i]->verdict[number] = UNKNOWN;
		}
	}
}

struct hook_filter *filter_take(struct hooks *h, const struct q_hook_load_row *row)
{
	struct hook_filter *f = filter_new(row), *known = f ? filter_find(h, f->text) : NULL;

	if (known || (f && number_find(h, &f->number) < 0)) {
		filter_free(f);
		f = known;
	} else if (f) {
		number_clear(h, f->number);
		h->filter[f->number] = f;
	}
	if (f)
		f->users++;
	return f;
}

void filter_leave(struct hooks *h, struct hook_filter *f)
{
	if (!f || --f->users)
		return;
	h->filter[f->number] = NULL;
	filter_free(f);
}

bool filter_is_detailed(const struct hook_filter *f)
{
	return f->asset_id[0] || f->locality_id[0] || f->wheres;
}

static bool is_of(const char *wanted, const char *is)
{
	return !wanted[0] || !strcmp(wanted, is);
}

static bool has_type(const struct hook_filter *f, struct str type)
{
	for (size_t i = 0; i < f->types; i++) {
		if (event_pattern_has(f->type[i], type))
			return true;
	}
	return false;
}

static bool fits(const struct hook_filter *f, const struct hook_told *t)
{
	metric_add(METRIC_HOOKS_FILTERED, 1);
	if (!is_of(f->subject, t->subject) || !is_of(f->authority_id, t->authority_id) ||
	    !is_of(f->asset_id, t->asset_id) || !is_of(f->locality_id, t->locality_id))
		return false;
	if (!has_type(f, str_of(t->type)))
		return false;
	for (size_t i = 0; i < f->wheres; i++) {
		if (!t->data || !webhook_fits(t->data, f->where[i]))
			return false;
	}
	return true;
}

bool filter_wants(const struct hook_filter *f, struct hook_told *t)
{
	/* One that came after the event was read has no place there. */
	if (f->number >= t->verdicts)
		return fits(f, t);
	if (t->verdict[f->number] == UNKNOWN)
		t->verdict[f->number] = fits(f, t) ? WANTED : UNWANTED;
	return t->verdict[f->number] == WANTED;
}
