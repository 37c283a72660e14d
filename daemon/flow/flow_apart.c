/*
 * A write that goes on when its flow is over. Its batch lives in memory of its own, not in the
 * exchange's, and the flow waits for it as for another thread, by a ticket: whoever comes first,
 * the end of the write or the end of patience, the other finds the ticket given up and nothing else
 * to do.
 *
 * On the worker's thread throughout.
 */
#include "flow_apart.h"

#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/feed/feed.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/router.h"
#include "flow_private.h"
#include "libassets/base/arena.h"

/* Bytes of the batch: three ids for each line of an import, as text and in a list. */
enum { APART_MAX = 64 << 20 };

struct flow_aparted {
	struct arena arena;
	struct flow_ticket *ticket; /* NULL until it is sent */
	struct feed *feed;
	const char *route;

	/* Of its failure, where that is kept. */
	flow_apart_note *note;
	struct str id;
	struct db_actor actor;
	struct db_pool *pool;
};

static void apart_free(struct flow_aparted *a)
{
	arena_done(&a->arena);
	free(a);
}

void flow_apart_drop(struct flow *f)
{
	if (f->p->apart)
		apart_free(TAKE(f->p->apart));
}

int flow_apart(struct flow *f)
{
	struct flow_aparted *a = calloc(1, sizeof(*a));
	struct db_actor actor = flow_actor(f);

	if (!a)
		return ERR_NOMEM;
	arena_init(&a->arena, APART_MAX);
	a->feed = f->worker->process->feed;
	a->route = f->route->path;
	f->p->apart = a;
	f->p->batch = db_batch_new(&a->arena, DB_BULK, &actor);
	return f->p->batch ? 0 : ERR_NOMEM;
}

void flow_apart_keep(struct flow *f, flow_apart_note *note, struct str id)
{
	struct flow_aparted *a = f->p->apart;

	a->note = note;
	a->id = arena_str(&a->arena, id);
	a->pool = f->worker->db;
	a->actor = flow_actor(f);
	a->actor.principal_id = arena_str(&a->arena, a->actor.principal_id);
	a->actor.key_id = arena_str(&a->arena, a->actor.key_id);
	a->actor.request_id = arena_str(&a->arena, a->actor.request_id);
	a->actor.trace = arena_str(&a->arena, a->actor.trace);
}

static void on_noted(void *arg, int err, const struct db_reply *reply)
{
	struct flow_aparted *a = arg;

	(void)reply;
	if (err)
		log_warn("a failure was not kept", F_Z("route", a->route),
			 F_Z("error", err_info(err)->slug));
	apart_free(a);
}

/* Nothing was stored with it, not even that it failed. False: nobody is to know. */
static bool keep_failure(struct flow_aparted *a, int err)
{
	struct db_batch *b;

	if (!a->note || str_is_null(a->id))
		return false;
	a->actor.now_us = clock_now_us();
	b = db_batch_new(&a->arena, DB_WRITE, &a->actor);
	if (!b)
		return false;
	a->note(b, a->id, a->actor.request_id, err_info(err));
	db_pool_send(a->pool, b, on_noted, a);
	return true;
}

static void on_done(void *arg, int err, const struct db_reply *reply)
{
	struct flow_aparted *a = arg;
	bool is_alone = !flow_is_awaited(a->ticket);

	(void)reply;
	if (!err && a->feed)
		feed_wake(a->feed);
	if (is_alone)
		log_info("write ended apart", F_Z("route", a->route),
			 F_Z("error", err ? err_info(err)->slug : NULL));
	flow_wake(a->ticket, err, NULL);
	if (!err || !is_alone || !keep_failure(a, err))
		apart_free(a);
}

enum step_result flow_store_apart(struct flow *f, const char *kind, struct str id, int wait_ms)
{
	struct flow_private *p = f->p;
	struct flow_aparted *a = p->apart;

	/* Nobody reads it but who asks again with the key. */
	if (p->idem != IDEM_NONE)
		flow_store_fill(f, kind, id, 200);
	a->ticket = flow_ticket_new(f, wait_ms > 0 ? wait_ms : 1);
	if (!a->ticket)
		return flow_fail(f, ERR_NOMEM);
	p->is_trying = true;
	p->idem = IDEM_NONE; /* the batch has it */
	p->apart = NULL;
	db_pool_send(f->worker->db, TAKE(p->batch), on_done, a);
	return STEP_WAIT;
}

/* --- The client is answered, and the flow goes on ------------------------------------------ */

void flow_stay(struct flow *f)
{
	f->p->is_staying = true;
	LIST_INSERT_HEAD(&f->worker->staying, f->p, staying);
}

void flow_stay_end(struct flow *f)
{
	if (f->p->is_staying)
		LIST_REMOVE(f->p, staying);
	f->p->is_staying = false;
}

int flow_part(struct flow *f, struct str location)
{
	struct http_exchange *answer;
	struct str to;
	int r = http_exchange_part(f->p->x, &answer);

	if (r < 0)
		return r;
	f->p->idem = IDEM_NONE; /* the promise has it */
	if (!answer)
		return 0;
	to = arena_str(&answer->arena, location);
	answer->reply.status = 303;
	http_reply_field(&answer->reply, STR("Location"), to.at ? to : STR("/"));
	http_reply_field(&answer->reply, STR("Cache-Control"), STR("no-store"));
	http_exchange_reply(answer);
	return 0;
}

/* One that waits for a batch is ended by its pool. */
void flow_stay_close(struct worker *w)
{
	struct flow_private *p;

	while ((p = LIST_FIRST(&w->staying))) {
		struct flow *f = p->x->work;

		flow_stay_end(f);
		flow_left(p->x);
	}
}

int flow_wait_ms(const struct flow *f, int most)
{
	struct str rest = http_field_get(f->request, STR("prefer"));

	while (rest.len) {
		struct str preference = str_trim(str_cut(rest, ',', &rest));
		int64_t seconds;

		if (!str_starts(preference, STR("wait=")))
			continue;
		preference.at += 5;
		preference.len -= 5;
		if (str_to_i64(preference, &seconds) == 0 && seconds >= 0 && seconds < most / 1000)
			return (int)seconds * 1000;
	}
	return most;
}
