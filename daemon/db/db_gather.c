/*
 * Who asks for items by key in one turn of the loop is gathered: see db_gather.h. Runs on the
 * pool's thread.
 *
 * A group is an actor and a kind. It sends at the end of the turn in which somebody asked, so
 * that all whom the turn brought share a batch; while `out_max` of its batches are
 * out, those who ask wait for one to come back, and gather meanwhile. So the busier it is the
 * more share a statement, and nobody waits when it is not. Groups do not wait for each other: their
 * batches stand in the pool's queue like any others, and an actor who asks for much has few.
 *
 * A bundle is one batch under way and those it is for. It has an arena of its own, as it must
 * outlive each of them but owns none: an asker is in its own memory, which stays until its
 * call back, and whose client may be gone by then.
 *
 * Nothing a client sends can fail a bundle for the others: an id is 64 letters and digits at most
 * (db_may_gather), and what it may see is the same for all. What does fail, such as the
 * database being away, would have failed each of them.
 */
#include "db_gather.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/base/metric.h"
#include "db_private.h"
#include "libassets/base/err.h"
#include "libassets/base/fnv.h"
#include "q.h"

enum {
	BUCKETS = 256,
	BUNDLE_ARENA_MAX = 64 * 1024, /* bytes; a batch of one statement takes about 10 KiB */
};

TAILQ_HEAD(wants, db_want);

/* Of one actor and kind; there while somebody waits or a bundle is under way. */
struct group {
	LIST_ENTRY(group) bucket;
	TAILQ_ENTRY(group) due_link;
	struct db_gather *gather;
	struct wants waiting; /* the longest first */
	int under_way;
	int share_max; /* 1 to DB_GATHER_MAX */
	int out_max;   /* of under_way */
	bool is_due;   /* in the list of those that send at the end of the turn */
	struct str kind, principal_id, key_id;
	char text[]; /* of the three */
};
LIST_HEAD(groups, group);
TAILQ_HEAD(due, group);

struct db_gather {
	struct db_pool *pool;
	struct event *turn; /* its end */
	struct groups bucket[BUCKETS];
	struct due due;
	struct wants over; /* ended without having been sent */
	int waiting, waiting_max;
};

struct bundle {
	struct group *group;
	struct arena arena;
	int count;
	struct db_want *want[DB_GATHER_MAX];
};

bool db_may_gather(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '_'))
			return false;
	}
	return id.len && id.len <= DB_GATHER_ID_MAX;
}

static struct groups *bucket_of(struct db_gather *g, const struct db_want *w)
{
	uint64_t hash = fnv_text(FNV_BEGIN, w->kind);

	hash = fnv_text(fnv_text(hash, w->actor.principal_id), w->actor.key_id);
	return &g->bucket[hash % BUCKETS];
}

static struct str keep(char **at, struct str s)
{
	struct str kept = {*at, s.len};

	if (s.len)
		memcpy(*at, s.at, s.len);
	*at += s.len;
	return kept;
}

static struct group *group_new(struct db_gather *g, const struct db_want *w)
{
	size_t bytes = w->kind.len + w->actor.principal_id.len + w->actor.key_id.len;
	struct group *group = calloc(1, sizeof(*group) + bytes);
	char *at;

	if (!group)
		return NULL;
	at = group->text;
	group->gather = g;
	group->share_max = w->share_max;
	group->out_max = w->out_max;
	group->kind = keep(&at, w->kind);
	group->principal_id = keep(&at, w->actor.principal_id);
	group->key_id = keep(&at, w->actor.key_id);
	TAILQ_INIT(&group->waiting);
	LIST_INSERT_HEAD(bucket_of(g, w), group, bucket);
	return group;
}

/* The group of an asker, made where there is none; NULL without memory. */
static struct group *group_of(struct db_gather *g, const struct db_want *w)
{
	struct group *group;

	LIST_FOREACH(group, bucket_of(g, w), bucket)
	{
		if (str_eq(group->key_id, w->actor.key_id) &&
		    str_eq(group->principal_id, w->actor.principal_id) &&
		    str_eq(group->kind, w->kind))
			return group;
	}
	return group_new(g, w);
}

static void group_set_due(struct group *group)
{
	struct db_gather *g = group->gather;

	if (group->is_due)
		return;
	group->is_due = true;
	TAILQ_INSERT_TAIL(&g->due, group, due_link);
	event_active(g->turn, EV_TIMEOUT, 0);
}

static void group_drop_if_idle(struct group *group)
{
	if (group->is_due || group->under_way || !TAILQ_EMPTY(&group->waiting))
		return;
	LIST_REMOVE(group, bucket);
	free(group);
}

static struct db_want *group_pop(struct group *group)
{
	struct db_want *w = TAILQ_FIRST(&group->waiting);

	if (w) {
		TAILQ_REMOVE(&group->waiting, w, link);
		group->gather->waiting--;
	}
	return w;
}

/* Call back at the end of the turn. */
static void want_defer(struct db_gather *g, struct db_want *w, int err)
{
	w->err = err;
	TAILQ_INSERT_TAIL(&g->over, w, link);
	event_active(g->turn, EV_TIMEOUT, 0);
}

/* Each sees the rows of its own id, and no others. */
static void bundle_answer(const struct bundle *bundle, int err, const struct db_reply *reply)
{
	int row_of[DB_GATHER_MAX];
	int rows = err ? 0 : db_rows(reply, 0);
	struct db_reply seen = *reply;

	for (int i = 0; i < bundle->count; i++)
		row_of[i] = -1;
	for (int row = 0; row < rows; row++) {
		struct q_item_gather_row found;

		if (q_item_gather_row(reply, 0, row, &found) == 0 && found.nth >= 1 &&
		    found.nth <= bundle->count)
			row_of[found.nth - 1] = row;
		else
			err = ERR_BUG;
	}
	seen.is_window = true;
	for (int i = 0; i < bundle->count; i++) {
		struct db_want *w = bundle->want[i];

		seen.window_row = row_of[i];
		seen.window_rows = row_of[i] >= 0;
		w->done(w->arg, err, &seen);
	}
}

static void bundle_free(struct bundle *bundle)
{
	arena_done(&bundle->arena);
	free(bundle);
}

/* The batch of a bundle that is filled. NULL without memory. */
static struct db_batch *bundle_batch(struct bundle *bundle)
{
	struct db_actor actor = bundle->want[0]->actor;
	struct str id[DB_GATHER_MAX];
	struct db_batch *b;

	for (int i = 0; i < bundle->count; i++) {
		const struct db_want *w = bundle->want[i];

		id[i] = w->id;
		if (w->actor.now_us > actor.now_us)
			actor.now_us = w->actor.now_us;
	}
	actor.request_id = actor.trace = STR("");
	b = db_batch_new(&bundle->arena, DB_READ, &actor);
	if (!b)
		return NULL;
	b->queued_us = bundle->want[0]->asked_us;
	q_item_gather_add(b, &(struct q_item_gather){.kind = bundle->want[0]->kind,
						     .ids = db_text_array(&bundle->arena, id,
									  (size_t)bundle->count)});
	return b;
}

static void on_bundle(void *arg, int err, const struct db_reply *reply);

static void group_send(struct group *group)
{
	struct db_gather *g = group->gather;
	struct bundle *bundle = calloc(1, sizeof(*bundle));
	struct db_batch *b;

	if (!bundle) {
		want_defer(g, group_pop(group), ERR_NOMEM);
		return;
	}
	bundle->group = group;
	arena_init(&bundle->arena, BUNDLE_ARENA_MAX);
	while (bundle->count < group->share_max && !TAILQ_EMPTY(&group->waiting))
		bundle->want[bundle->count++] = group_pop(group);
	b = FAULT_POINT(DB_GATHERED) < 0 ? NULL : bundle_batch(bundle);
	if (!b) {
		for (int i = 0; i < bundle->count; i++)
			want_defer(g, bundle->want[i], ERR_NOMEM);
		bundle_free(bundle);
		return;
	}
	metric_add(METRIC_DB_GATHERED, bundle->count);
	metric_add(METRIC_DB_GATHERINGS, 1);
	group->under_way++;
	db_pool_send(g->pool, b, on_bundle, bundle);
}

static void group_send_waiting(struct group *group)
{
	while (group->under_way < group->out_max && !TAILQ_EMPTY(&group->waiting))
		group_send(group);
}

/* The next is on its way before these are answered, so that the database does not wait for us. */
static void on_bundle(void *arg, int err, const struct db_reply *reply)
{
	struct bundle *bundle = arg;
	struct group *group = bundle->group;

	group->under_way--;
	group_send_waiting(group);
	bundle_answer(bundle, err, reply);
	bundle_free(bundle);
	group_drop_if_idle(group);
}

static void over_answer(struct db_gather *g)
{
	static const struct db_reply nothing = {.hidden = 1};
	struct wants now = TAILQ_HEAD_INITIALIZER(now);
	struct db_want *w;

	/* Whoever is called may ask, and fail, again: into the list for the next turn. */
	TAILQ_CONCAT(&now, &g->over, link);
	while ((w = TAILQ_FIRST(&now))) {
		TAILQ_REMOVE(&now, w, link);
		w->done(w->arg, w->err, &nothing);
	}
}

/* The end of a turn: libevent runs what was activated in it after all that was ready. */
static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct db_gather *g = arg;
	struct group *group;

	(void)fd;
	(void)what;
	over_answer(g);
	while ((group = TAILQ_FIRST(&g->due))) {
		TAILQ_REMOVE(&g->due, group, due_link);
		group->is_due = false;
		group_send_waiting(group);
		group_drop_if_idle(group);
	}
}

void db_gather_add(struct db_gather *g, struct db_want *w, int err)
{
	struct group *group = NULL;

	assert(w->share_max >= 1 && w->share_max <= DB_GATHER_MAX && w->out_max >= 1);
	assert(db_may_gather(w->id));
	w->asked_us = clock_mono_us();
	if (!err && g->waiting >= g->waiting_max)
		err = ERR_BUSY;
	if (!err) {
		group = group_of(g, w);
		err = group ? 0 : ERR_NOMEM;
	}
	if (err) {
		want_defer(g, w, err);
		return;
	}
	TAILQ_INSERT_TAIL(&group->waiting, w, link);
	g->waiting++;
	if (group->under_way < group->out_max)
		group_set_due(group);
}

static void group_check(struct group *group, int64_t now_us, int patience_ms, int err)
{
	struct db_want *w;

	while ((w = TAILQ_FIRST(&group->waiting)) &&
	       now_us - w->asked_us >= (int64_t)patience_ms * 1000)
		want_defer(group->gather, group_pop(group), err);
}

/* A group with nobody left stays until its bundles are back: they are why anybody waited. */
void db_gather_check(struct db_gather *g, int64_t now_us, int patience_ms, int err)
{
	struct group *group;

	if (!g->waiting)
		return;
	for (int i = 0; i < BUCKETS; i++) {
		LIST_FOREACH(group, &g->bucket[i], bucket)
		group_check(group, now_us, patience_ms, err);
	}
}

bool db_gather_has_waiting(const struct db_gather *g)
{
	return g->waiting > 0;
}

struct db_gather *db_gather_new(struct db_pool *p, struct event_base *base, int waiting_max)
{
	struct db_gather *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->pool = p;
	g->waiting_max = waiting_max;
	TAILQ_INIT(&g->due);
	TAILQ_INIT(&g->over);
	g->turn = evtimer_new(base, on_turn, g);
	if (!g->turn) {
		free(g);
		return NULL;
	}
	return g;
}

/* Whoever is called back finds the pool closing, and can only be refused. */
void db_gather_free(struct db_gather *g)
{
	if (!g)
		return;
	db_gather_check(g, INT64_MAX, 0, ERR_DB_AWAY);
	while (!TAILQ_EMPTY(&g->over) || !TAILQ_EMPTY(&g->due))
		on_turn(-1, 0, g); /* of groups that are due nobody is left: it frees them */
	event_free(g->turn);
	free(g);
}
