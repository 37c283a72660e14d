/*
 * A look is one batch that reads, and one for each request that it finds. What has failed is
 * noted in a third, unless somebody else was faster or the database is away: then nothing was
 * wrong with the request, and the next look takes it.
 */
#include "sweep.h"

#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "libassets/base/err.h"
#include "q.h"

/* Bytes: of one look with what it read, or of one request with all that is worked out. */
enum { ARENA_MAX = 32 << 20 };
/* After what a day brings has failed. */
enum { HEED_AGAIN_MS = 60000 };

/* A batch under way; owns its memory. */
struct errand {
	struct sweep *sweep; /* NULL but for a look and before it: nobody waits for the others */
	const struct sweep_work *work;
	struct db_pool *pool;
	struct arena arena;
	struct sweep_item item;
};

static struct errand *errand_new(const struct sweep_work *work, struct db_pool *p, int64_t now_us,
				 enum db_purpose purpose)
{
	const struct db_actor nobody = {.request_id = str_of(work->name), .now_us = now_us};
	struct errand *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->work = work;
	e->pool = p;
	arena_init(&e->arena, ARENA_MAX);
	e->item = (struct sweep_item){
		.arena = &e->arena,
		.batch = db_batch_new(&e->arena, purpose, &nobody),
		.now_us = now_us,
	};
	if (e->item.batch)
		return e;
	arena_done(&e->arena);
	free(e);
	return NULL;
}

static void errand_free(struct errand *e)
{
	arena_done(&e->arena);
	free(e);
}

static void on_noted(void *arg, int err, const struct db_reply *reply)
{
	struct errand *e = arg;

	(void)reply;
	if (err < 0 && err != ERR_DB_AWAY)
		log_warn("a request that cannot be worked out could not be noted",
			 F_TEXT("request", e->item.id), F_ERR(err));
	errand_free(e);
}

static void note(const struct errand *failed, int err)
{
	const struct sweep_work *work = failed->work;
	struct errand *e;

	log_warn(work->about, F_TEXT("request", failed->item.id), F_ERR(err));
	if (str_is_null(failed->item.id))
		return; /* it could not even be read */
	e = errand_new(work, failed->pool, failed->item.now_us, DB_WRITE);
	if (!e)
		return;
	e->item.id = arena_str(&e->arena, failed->item.id);
	q_trouble_put_add(e->item.batch, &(struct q_trouble_put){.request_id = e->item.id,
								 .work = str_of(work->name),
								 .version = failed->item.version});
	db_pool_send(e->pool, e->item.batch, on_noted, e);
}

static void on_stored(void *arg, int err, const struct db_reply *reply)
{
	struct errand *e = arg;

	(void)reply;
	if (err < 0 && err != ERR_CONFLICT && err != ERR_DB_AWAY && err != ERR_BUSY)
		note(e, err);
	errand_free(e);
}

static void work_out(const struct errand *look, const struct db_reply *reply, int i)
{
	struct errand *e = errand_new(look->work, look->pool, look->item.now_us, DB_WRITE);
	int r;

	if (!e)
		return; /* short of memory: the next look */
	e->item.days_ahead = look->sweep->days_ahead;
	r = e->work->run(&e->item, reply, i);
	if (r == 0) {
		db_pool_send(e->pool, e->item.batch, on_stored, e);
		return;
	}
	note(e, r);
	errand_free(e);
}

static void on_read(void *arg, int err, const struct db_reply *reply)
{
	struct errand *look = arg;
	struct sweep *s = look->sweep;
	int n = err == 0 ? look->work->count(reply) : 0;

	if (err == 0 && look->work->read)
		look->work->read(reply, look->item.now_us);
	for (int i = 0; i < n; i++)
		work_out(look, reply, i);
	s->is_busy = false;
	if (n == SWEEP_MOST)
		s->due_us = clock_mono_us() + SWEEP_FULL_MS * INT64_C(1000);
	errand_free(look);
}

static void on_heeded(void *arg, int err, const struct db_reply *reply)
{
	struct errand *e = arg;

	(void)reply;
	e->sweep->is_busy = false;
	/* A failure holds up no look: each stores anew when the next is. What the day brings is
	 * tried again. */
	if (err != ERR_DB_AWAY && err != ERR_BUSY) {
		e->sweep->heeded = e->item.days_ahead;
		e->sweep->due_us = 0;
	}
	if (err == 0)
		e->sweep->heeded_on = clock_today(e->item.now_us);
	else
		e->sweep->heed_us = clock_mono_us() + HEED_AGAIN_MS * INT64_C(1000);
	if (err < 0)
		log_warn("requests may be looked at late", F_INT("days_ahead", e->item.days_ahead),
			 F_ERR(err));
	errand_free(e);
}

/* Before a look: what a new day brings, and what was stored by another number of days is put right.
 */
static void heed(struct sweep *s, struct db_pool *p, int64_t now_us)
{
	struct errand *e = errand_new(s->work, p, now_us, DB_WRITE);

	if (!e)
		return;
	e->sweep = s;
	e->item.days_ahead = s->days_ahead;
	s->is_busy = true;
	s->work->heed(&e->item);
	db_pool_send(p, e->item.batch, on_heeded, e);
}

static bool is_to_heed(const struct sweep *s, int64_t now_us)
{
	bool is_new_day = day_cmp(s->heeded_on, clock_today(now_us)) != 0;

	if (!s->work->heed)
		return false;
	return s->heeded != s->days_ahead || (is_new_day && clock_mono_us() >= s->heed_us);
}

void sweep_look(struct sweep *s, struct db_pool *p, int64_t now_us)
{
	struct errand *look;

	if (s->is_busy || clock_mono_us() < s->due_us)
		return;
	s->due_us = clock_mono_us() + SWEEP_EVERY_MS * INT64_C(1000);
	if (is_to_heed(s, now_us)) {
		heed(s, p, now_us);
		return;
	}
	look = errand_new(s->work, p, now_us, DB_READ);
	if (!look)
		return;
	look->sweep = s;
	s->is_busy = true;
	s->work->ask(look->item.batch, SWEEP_MOST);
	db_pool_send(p, look->item.batch, on_read, look);
}
