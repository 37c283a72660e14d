/*
 * Questions: copied on the asker's thread, answered on the projector's. A question that names
 * what is not in yet waits in a list, bounded in number and in time.
 *
 * A question has an arena of its own, because the asker may be gone before it is answered: its
 * ticket then swallows the answer. Another member of struct projector_question that is a text goes
 * into keep_texts(), or it would point into a request that has ended; another kind is a case of
 * answer().
 */
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/loop.h"
#include "daemon/flow/flow.h"
#include "daemon/http/http.h"
#include "libassets/base/err.h"
#include "projector_asset.h"
#include "projector_freezer.h"
#include "projector_private.h"
#include "projector_public.h"

/* Bytes of one question; an overlay's rows are the longest of it. */
enum { ASK_ARENA_MAX = 16 << 20 };

/* Who asked for work apart has had an answer: the projector may take until it has caught up. */
static const int64_t ask_wait_us = 2000000, apart_wait_us = 60000000;

static const char *const group_words[GROUPS] = {
	[GROUP_YEAR] = "YEAR",   [GROUP_QUARTER] = "QUARTER",   [GROUP_AUTHORITY] = "AUTHORITY",
	[GROUP_CPP] = "CPP",     [GROUP_LOCALITY] = "LOCALITY", [GROUP_DECILE] = "DECILE",
	[GROUP_CLASS] = "CLASS", [GROUP_STAGE] = "STAGE",
};

const char *projector_group_word(enum projector_group g)
{
	return group_words[g];
}

static void ask_free(struct ask *a)
{
	arena_done(&a->arena);
	free(a);
}

/* False without room: a filter that was lost would answer for everything. */
static bool keep(struct arena *a, struct str *s)
{
	bool was_given = !str_is_null(*s);

	*s = arena_str(a, *s);
	return !was_given || !str_is_null(*s);
}

static bool keep_texts(struct arena *a, struct projector_question *q)
{
	struct str *const text[] = {
		&q->filter.authority_id,
		&q->filter.cpp_id,
		&q->filter.locality_id,
		&q->filter.class,
		&q->asset_id,
		&q->lead,
		&q->cpp,
		&q->locality,
		&q->class,
		&q->input,
		&q->parameters,
		&q->settings,
		&q->overlay,
		&q->valid_on,
		&q->known_at,
		&q->event_id,
		&q->from_run,
		&q->to_run,
		&q->code,
		&q->after_asset,
		&q->after_code,
	};
	bool is_whole = true;

	for (size_t i = 0; i < COUNT(text); i++)
		is_whole &= keep(a, text[i]);
	return is_whole;
}

/* The question on memory of its own. */
static struct ask *ask_new(struct projector *p, const struct projector_question *q,
			   struct flow_ticket *ticket)
{
	struct ask *a = calloc(1, sizeof(*a));
	struct str *id;

	if (!a)
		return NULL;
	a->projector = p;
	a->ticket = ticket;
	a->q = *q;
	arena_init(&a->arena, ASK_ARENA_MAX);
	id = ARENA_ARRAY(&a->arena, q->reader.authorities + 1, struct str);
	if (!id || !keep_texts(&a->arena, &a->q)) {
		ask_free(a);
		return NULL;
	}
	for (size_t i = 0; i < q->reader.authorities; i++)
		id[i] = arena_str(&a->arena, q->reader.authority_id[i]);
	a->q.reader.authority_id = id;
	return a;
}

int64_t projector_includes(const struct projector *p)
{
	return p->unframed ? p->unframed - 1 : p->position;
}

/* The newest first: what is asked for was mostly written a moment ago. */
bool projector_has_event(const struct projector *p, struct str event_id)
{
	for (uint32_t i = 1; i <= PROJECTOR_EVENTS && i <= p->event_next; i++) {
		const struct seen_event *e = &p->event[(p->event_next - i) % PROJECTOR_EVENTS];

		if (str_eq(event_id, str_of(e->id)))
			return e->position <= projector_includes(p);
	}
	return false;
}

/* Of data that are not those in memory. */
static bool is_elsewhere(const struct projector_question *q)
{
	return (q->kind == ASK_FREEZE && !str_is_null(q->valid_on)) ||
	       (q->kind == ASK_MOVEMENT && !str_is_null(q->to_run));
}

static bool can_answer(const struct projector *p, const struct projector_question *q)
{
	if (!p->book || q->position > projector_includes(p))
		return false;
	if (!str_is_null(q->event_id) && !projector_has_event(p, q->event_id))
		return false;
	/* Another book may take seconds to load: what was told before it is good until then. */
	return q->kind != ASK_RECEIPTS || q->reader.is_everywhere ||
	       (p->fresh && public_is_readable(p->public)) ||
	       public_is_settled(p->public, p->book, p->position);
}

/* An asset that can produce no receipt is not held; it is read for this one answer. */
static int answer_asset(struct projector *p, const struct projector_question *q, struct buf *out)
{
	const struct book_row row = {
		.id = q->asset_id,
		.model_id = q->model_id,
		.lead = q->lead,
		.cpp = q->cpp,
		.locality = q->locality,
		.class = q->class,
		.decile = q->decile,
		.input = q->input,
	};
	const struct held *held = book_find(p->book, q->asset_id);
	struct held *read = NULL;
	int r = held ? 0 : book_read(p->book, &row, &read);

	if (r < 0)
		return r == ERR_INVALID ? ERR_BUG : r;
	r = projector_asset_put(out, p->book, held ? held : read, q->asset_id,
				projector_includes(p));
	free(read);
	return r;
}

void projector_reply(struct ask *a, int err, struct buf *out)
{
	struct blob *blob = NULL;
	size_t len = 0;
	char *bytes;

	if (err == 0)
		err = buf_err(out);
	bytes = err == 0 && out->len ? buf_detach(out, &len) : NULL;
	if (bytes) {
		blob = blob_new(bytes, len);
		if (!blob)
			err = ERR_NOMEM;
	}
	if (a->done)
		a->done(a->done_arg, err, blob);
	else
		flow_wake(a->ticket, err, blob);
	ask_free(a);
}

int projector_freeze(struct projector *p, const struct projector_question *q,
		     void (*done)(void *arg, int err, struct blob *bytes), void *arg)
{
	struct ask *a = ask_new(p, q, NULL);

	if (!a)
		return ERR_NOMEM;
	a->done = done;
	a->done_arg = arg;
	freezer_take(p->freezer, a, NULL, 0);
	return 0;
}

/* Answer it now, from memory; runs and movements go on to the freezer. */
static void answer(struct projector *p, struct ask *a)
{
	CLEANUP(buf_done) struct buf out = BUF(PROJECTOR_ANSWER_MAX);
	int err = ERR_BUG;

	switch (a->q.kind) {
	case ASK_RECEIPTS:
		percentile_date(p);
		err = projector_receipts(p->book, p->public, projector_includes(p), &a->q, &out);
		break;
	case ASK_ASSET:
		err = answer_asset(p, &a->q, &out);
		break;
	case ASK_FREEZE:
	case ASK_MOVEMENT:
		freezer_take(p->freezer, a, p->book, projector_includes(p));
		return;
	}
	projector_reply(a, err, &out);
}

static void refuse(struct ask *a, int err)
{
	CLEANUP(buf_done) struct buf nothing = BUF(1);

	projector_reply(a, err, &nothing);
}

void projector_serve(struct projector *p)
{
	int64_t now_us = clock_mono_us();
	struct ask *a, *next;

	for (a = TAILQ_FIRST(&p->asks); a; a = next) {
		bool is_late = now_us >= a->until_us || p->is_leaving;

		next = TAILQ_NEXT(a, link);
		if (!can_answer(p, &a->q) && !is_late)
			continue;
		TAILQ_REMOVE(&p->asks, a, link);
		p->ask_count--;
		if (can_answer(p, &a->q))
			answer(p, a);
		else
			refuse(a, ERR_NOT_READY);
	}
}

static void on_ask(void *arg)
{
	struct ask *a = arg;
	struct projector *p = a->projector;

	if (is_elsewhere(&a->q) && !p->is_leaving) {
		freezer_take(p->freezer, a, NULL, 0); /* its data are not ours */
		return;
	}
	if (can_answer(p, &a->q)) {
		answer(p, a);
		return;
	}
	if (p->ask_count >= PROJECTOR_WAITERS_MAX || p->is_leaving) {
		refuse(a, p->is_leaving ? ERR_DRAINING : ERR_BUSY);
		return;
	}
	a->until_us = clock_mono_us() + (a->said ? apart_wait_us : ask_wait_us);
	TAILQ_INSERT_TAIL(&p->asks, a, link);
	p->ask_count++;
	projector_turn(p);
}

bool projector_ask_apart(struct projector *p, const struct projector_question *q,
			 struct projector_said *said,
			 void (*done)(void *arg, int err, struct blob *bytes), void *arg)
{
	struct ask *a = p ? ask_new(p, q, NULL) : NULL;

	if (!a)
		return false;
	a->said = said;
	a->done = done;
	a->done_arg = arg;
	if (loop_post(p->loop, on_ask, a) == 0)
		return true;
	ask_free(a);
	return false;
}

void projector_ask(struct projector *p, const struct projector_question *q,
		   struct flow_ticket *ticket)
{
	struct ask *a = p ? ask_new(p, q, ticket) : NULL;

	if (a && loop_post(p->loop, on_ask, a) == 0)
		return;
	if (a)
		ask_free(a);
	flow_wake(ticket, p ? ERR_BUSY : ERR_NOT_READY, NULL);
}
