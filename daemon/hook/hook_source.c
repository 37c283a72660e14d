/*
 * Events as a principal reads them. Webhooks of one principal that stand near one another read
 * from one source, so that an event is fetched once for all of them; one that lags far behind
 * gets a source of its own and comes back when it has caught up.
 *
 * On the hooks thread. What was read stays until the slowest of its webhooks has passed it, but
 * within bounds (hook_private.h): who falls behind those leaves for a source of its own.
 */
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/http/http.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "q.h"

/* Bytes of one page of events on its way from the database. */
enum { ARENA_MAX = 64 << 20 };

static void told_free(struct hook_told *t)
{
	blob_unref(t->body);
	json_decref(t->data);
	free(t);
}

/* Where what follows a position begins: at told_count where nothing does. */
static size_t source_find(const struct hook_source *s, int64_t position)
{
	size_t from = 0, to = s->told_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (s->told[middle]->position > position)
			to = middle;
		else
			from = middle + 1;
	}
	return from;
}

/* Forget the first so many. */
static void source_drop(struct hook_source *s, size_t n)
{
	if (!n)
		return;
	s->from = s->told[n - 1]->position;
	for (size_t i = 0; i < n; i++)
		told_free(s->told[i]);
	s->told_count -= n;
	memmove(s->told, s->told + n, s->told_count * sizeof(struct hook_told *));
}

/* What follows a position is to be read again. */
static void source_cut(struct hook_source *s, int64_t position)
{
	size_t keep = source_find(s, position);

	while (s->told_count > keep)
		told_free(s->told[--s->told_count]);
	s->to = position;
}

/* Room for one more. False without memory. */
static bool source_grow(struct hook_source *s)
{
	size_t room = s->told_room ? 2 * s->told_room : 16;
	struct hook_told **more;

	if (s->told_count < s->told_room)
		return true;
	more = reallocarray(s->told, room, sizeof(struct hook_told *));
	if (!more)
		return false;
	s->told = more;
	s->told_room = room;
	return true;
}

static void source_free(struct hook_source *s)
{
	source_drop(s, s->told_count);
	free(s->told);
	arena_done(&s->arena);
	TAILQ_REMOVE(&s->hooks->sources, s, link);
	free(s);
}

void source_leave(struct hook_endpoint *e)
{
	struct hook_source *s = TAKE(e->source);

	if (s && --s->users == 0 && !s->is_reading)
		source_free(s);
}

static bool is_fit(const struct hook_source *s, const struct hook_endpoint *e)
{
	return !strcmp(s->principal_id, e->principal_id) && !strcmp(s->form, e->form) &&
	       s->is_detailed == filter_is_detailed(e->filter) && s->from <= e->read_to &&
	       e->read_to <= s->to;
}

static struct hook_source *source_new(struct hook_endpoint *e)
{
	struct hook_source *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->hooks = e->hooks;
	s->is_detailed = filter_is_detailed(e->filter);
	s->from = s->to = e->read_to;
	memcpy(s->principal_id, e->principal_id, sizeof(s->principal_id));
	memcpy(s->form, e->form, sizeof(s->form));
	arena_init(&s->arena, ARENA_MAX);
	TAILQ_INSERT_TAIL(&e->hooks->sources, s, link);
	return s;
}

/* The oldest source that fits, so that those who read the same come together. */
static void source_join(struct hook_endpoint *e)
{
	struct hook_source *s;

	TAILQ_FOREACH (s, &e->hooks->sources, link) {
		if (is_fit(s, e))
			break;
	}
	if (s && s == e->source)
		return;
	source_leave(e);
	e->source = s ? s : source_new(e);
	if (e->source)
		e->source->users++;
}

static void told_add(struct hook_source *s, const struct q_hook_page_row *row)
{
	size_t verdicts = s->hooks->filter_room;
	struct hook_told *t = calloc(1, sizeof(*t) + verdicts);
	char *body = t ? strndup(row->body.at, row->body.len) : NULL;

	if (body)
		t->body = blob_new(body, row->body.len);
	if (!t || !t->body || !source_grow(s)) {
		if (t)
			blob_unref(t->body);
		free(t);
		return; /* `to` stays before it: it is read again */
	}
	t->verdicts = verdicts;
	t->position = row->position;
	t->read_us = s->asked_us;
	hook_copy(t->id, sizeof(t->id), row->id);
	hook_copy(t->type, sizeof(t->type), row->type);
	hook_copy(t->subject, sizeof(t->subject), row->subject);
	hook_copy(t->authority_id, sizeof(t->authority_id), row->authority_id);
	hook_copy(t->at, sizeof(t->at), row->at);
	hook_copy(t->asset_id, sizeof(t->asset_id), row->asset_id);
	hook_copy(t->locality_id, sizeof(t->locality_id), row->locality_id);
	if (row->data.at)
		t->data = json_loadb(row->data.at, row->data.len, 0, NULL);
	s->told[s->told_count++] = t;
	s->to = row->position;
}

/* Whoever reads from this source looks again. */
static void source_tell(struct hook_source *s)
{
	struct hook_endpoint *e;

	TAILQ_FOREACH (e, &s->hooks->endpoints, link) {
		if (e->source == s)
			endpoint_ready(e);
	}
}

/* What was asked for, while a batch is under way. */
struct reading {
	struct hook_source *source;
	int64_t upto;
};

static void sources_read(struct hooks *h);

static void on_read(void *arg, int err, const struct db_reply *r)
{
	struct reading *reading = arg;
	struct hook_source *s = reading->source;
	struct hooks *h = s->hooks;
	struct q_hook_page_row row;
	int rows = err == 0 ? db_rows(r, 0) : 0, i;

	h->reading--;
	s->is_reading = false;
	for (i = 0; i < rows && q_hook_page_row(r, 0, i, &row) == 0; i++) {
		told_add(s, &row);
		if (s->to != row.position)
			break;
	}
	/* Fewer than asked for: there is nothing more that this reader sees up to there. */
	if (err == 0 && i == rows && rows < HOOK_PAGE)
		s->to = reading->upto;
	free(reading);
	if (!s->users)
		source_free(s);
	else if (err == 0)
		source_tell(s);
	if (err < 0)
		hook_start_over(h, "events could not be read", err);
	sources_read(h);
	if (err == 0)
		hook_turn(h);
}

/* False without memory. */
static bool source_send(struct hook_source *s)
{
	const struct db_actor actor = {
		.principal_id = str_of(s->principal_id),
		.now_us = clock_now_us(),
	};
	struct reading *reading = calloc(1, sizeof(*reading));
	struct db_batch *b;

	arena_done(&s->arena);
	b = reading ? db_batch_new(&s->arena, DB_READ, &actor) : NULL;
	if (!b) {
		free(reading);
		return false;
	}
	*reading = (struct reading){s, s->hooks->head};
	q_hook_page_add(b, &(struct q_hook_page){
				   .after = s->to,
				   .upto = reading->upto,
				   .form = str_of(s->form),
				   .is_detailed = s->is_detailed,
				   .most = HOOK_PAGE,
			   });
	s->asked_us = actor.now_us;
	s->hooks->reading++;
	db_pool_send(s->hooks->reader, b, on_read, reading);
	return true;
}

/* The next of those that wait. One that nobody reads from any more has waited for its end. */
static void sources_read(struct hooks *h)
{
	struct hook_source *s;

	while (h->reading < HOOK_READS_MAX && (s = TAILQ_FIRST(&h->unread))) {
		TAILQ_REMOVE(&h->unread, s, unread);
		s->is_waiting = false;
		s->is_reading = s->users && source_send(s);
		if (!s->users)
			source_free(s);
	}
}

/* So many at a time: as many principals as have webhooks would be more than may wait for our one
 * connection, and everything would begin again. */
static void source_read(struct hook_source *s)
{
	s->is_reading = s->is_waiting = true;
	TAILQ_INSERT_TAIL(&s->hooks->unread, s, unread);
	sources_read(s->hooks);
}

/* Forget what every reader has passed; what only laggards need, too, when there is no room. */
static void source_trim(struct hook_source *s)
{
	size_t passed, too_many;
	struct hook_endpoint *e;
	int64_t least = s->to;

	TAILQ_FOREACH (e, &s->hooks->endpoints, link) {
		if (e->source == s && e->read_to < least)
			least = e->read_to;
	}
	passed = source_find(s, least);
	too_many = s->told_count > HOOK_CACHED_MAX - HOOK_PAGE
			   ? s->told_count - (HOOK_CACHED_MAX - HOOK_PAGE)
			   : 0;
	source_drop(s, passed > too_many ? passed : too_many);
}

/* What somebody may read changes, and what they may no longer is sent to them no more. */
static bool is_old(const struct hook_told *t)
{
	int64_t age_us = clock_now_us() - t->read_us;

	return age_us < 0 || age_us > HOOK_FRESH_MS * INT64_C(1000);
}

struct hook_told *source_next(struct hook_endpoint *e)
{
	struct hook_source *s = e->source;
	struct hook_told *next;
	size_t at;

	if (!s || !is_fit(s, e) || e->read_to == s->to)
		source_join(e);
	s = e->source;
	if (!s)
		return NULL;
	at = source_find(s, e->read_to);
	next = at < s->told_count ? s->told[at] : NULL;
	if (next && !is_old(next))
		return next;
	if (next && s->is_reading)
		return NULL; /* what comes goes behind it */
	if (next)
		source_cut(s, e->read_to);
	e->read_to = s->to;
	if (!s->is_reading && s->to < e->hooks->head) {
		source_trim(s);
		source_read(s);
	}
	return NULL;
}
