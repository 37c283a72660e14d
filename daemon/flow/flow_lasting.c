/*
 * Places are a list of the process under a lock, which is walked when one is taken, at most
 * [limits] streams of them: no counter can go wrong. Each worker has its own in a list besides, to
 * end those that wait for a client when it drains; who waits for the feed is woken by that.
 */
#include "flow_lasting.h"

#include <pthread.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/http/http_stream.h"
#include "daemon/process/worker.h"
#include "flow_private.h"
#include "flow_stream.h"

/* Bytes of one turn's batch; seconds after which one who was refused may find a place. */
enum { TURN_MAX = 1 << 20, RETRY_S = 10 };

struct flow_lasting {
	LIST_ENTRY(flow_lasting) of_process; /* under the lock */
	uint64_t reader;
	LIST_ENTRY(flow_lasting) of_worker;
	struct flow *flow;
	struct arena turn;
	int64_t head_us; /* when the head went out, monotonic */
	int asked_at;    /* the statement that looks the reader up; -1 none */
};

static pthread_mutex_t place_lock = PTHREAD_MUTEX_INITIALIZER;
static LIST_HEAD(, flow_lasting) places = LIST_HEAD_INITIALIZER(places);

static int take_place(struct flow_lasting *l, const struct conf *conf)
{
	int64_t all = 0, own = 0;
	struct flow_lasting *other;

	pthread_mutex_lock(&place_lock);
	LIST_FOREACH(other, &places, of_process)
	{
		all++;
		own += other->reader == l->reader;
	}
	if (all < conf->limits_streams && own < conf->limits_streams_per_reader)
		LIST_INSERT_HEAD(&places, l, of_process);
	pthread_mutex_unlock(&place_lock);
	if (own >= conf->limits_streams_per_reader)
		return ERR_RATE;
	return all < conf->limits_streams ? 0 : ERR_BUSY;
}

/* Not flow_head: what comes is as new each time, and no proxy may wait for more of it. */
static void say_head(struct flow *f, struct str type)
{
	f->reply->status = 200;
	http_reply_field(f->reply, STR("Content-Type"), type);
	http_reply_field(f->reply, STR("Vary"), STR("Accept, Authorization, Accept-Encoding"));
	http_reply_field(f->reply, STR("Cache-Control"), STR("no-store"));
	http_reply_field(f->reply, STR("X-Accel-Buffering"), STR("no"));
	f->p->x->is_endless = true;
	http_stream_begin(f->p->x);
}

int flow_lasting_begin(struct flow *f, struct str type)
{
	struct flow_lasting *l = ARENA_NEW(f->arena, struct flow_lasting);
	int r;

	if (!l)
		return ERR_NOMEM;
	l->reader = rate_client(f->p->x, f->who->key_id);
	r = take_place(l, f->worker->conf);
	if (r == ERR_RATE) {
		rate_refuse(f->p->x, RETRY_S);
		flow_detail(f, STR("So many streams of yours are open already."));
	}
	if (r < 0)
		return r;
	l->flow = f;
	l->asked_at = -1;
	l->head_us = clock_mono_us();
	arena_init(&l->turn, TURN_MAX);
	LIST_INSERT_HEAD(&f->worker->lasting, l, of_worker);
	f->p->lasting = l;
	say_head(f, type);
	return 0;
}

/* The call's time is what it took to begin: how long a reader stays says nothing of us. */
void flow_lasting_end(struct flow *f)
{
	struct flow_lasting *l = TAKE(f->p->lasting);

	if (!l)
		return;
	pthread_mutex_lock(&place_lock);
	LIST_REMOVE(l, of_process);
	pthread_mutex_unlock(&place_lock);
	LIST_REMOVE(l, of_worker);
	arena_done(&l->turn);
	f->p->x->begun_us += clock_mono_us() - l->head_us;
}

/* A flow that ends here takes only itself off the list. */
void flow_lasting_drain(struct worker *w)
{
	struct flow_lasting *l, *next;

	for (l = LIST_FIRST(&w->lasting); l; l = next) {
		next = LIST_NEXT(l, of_worker);
		flow_drained(l->flow->p->x);
	}
}

struct arena *flow_lasting_arena(struct flow *f)
{
	struct flow_lasting *l = f->p->lasting;

	if (!l)
		return f->arena;
	arena_done(&l->turn);
	return &l->turn;
}

static void enter_anew(struct flow *f, struct auth_pass *pass)
{
	auth_drop(f->p->pass);
	f->p->pass = pass;
	f->who = auth_principal(pass);
}

void flow_lasting_ask(struct flow *f)
{
	struct flow_private *p = f->p;
	struct auth_pass *pass;

	f->now_us = clock_now_us();
	f->today = clock_today(f->now_us);
	p->lasting->asked_at = -1;
	if (!p->pass)
		return;
	pass = auth_recall(f->worker->auth, &p->credential);
	if (pass) {
		enter_anew(f, pass);
		return;
	}
	p->lasting->asked_at = db_batch_count(flow_batch(f));
	auth_ask(flow_batch(f), &p->credential);
}

int flow_lasting_hear(struct flow *f)
{
	struct flow_private *p = f->p;
	struct auth_pass *pass;
	bool is_touch_due;
	int r;

	if (p->lasting->asked_at < 0)
		return 0;
	r = auth_learn(f->worker->auth, &p->credential, f->got, p->lasting->asked_at, &pass,
		       &is_touch_due);
	if (r < 0)
		return r;
	enter_anew(f, pass);
	if (is_touch_due)
		flow_touch(f);
	return 0;
}

bool flow_lasting_is_taken(const struct flow *f)
{
	return http_stream_unsent(f->p->x) == 0;
}
