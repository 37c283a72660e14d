/*
 * The sender's thread. Each turn looks at the webhooks when that is due, lets windows fill,
 * pings, and keeps what was done. Looks come every second, and at once when an API worker of
 * this process has changed something.
 *
 * Whatever goes wrong with the database or the lease ends in hook_start_over: everything in
 * memory is dropped, and the next holder, perhaps we, begins from cursors and retries.
 */
#include "hook.h"

#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/loop.h"
#include "daemon/base/metric.h"
#include "daemon/feed/feed.h"
#include "daemon/process/process.h"
#include "hook_names.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "q.h"

/* Turn; wait after starting over; bytes; days of attempts that are remembered as delivered. */
enum { TICK_MS = 50, AGAIN_MS = 500, ARENA_MAX = 64 << 20, DONE_DAYS = 2 };

static void look(struct hooks *h);

void hook_start_over(struct hooks *h, const char *why, int err)
{
	int64_t dropped;

	/* Of a database that is away, or not there yet, its pool tells. */
	if (!h->is_leaving && err != ERR_DB_AWAY && log_gate_open(&h->gate, 1, &dropped))
		log_warn(why, F_ERR(err), F_INT("unsaid", dropped));
	while (!TAILQ_EMPTY(&h->endpoints))
		endpoint_free(TAILQ_FIRST(&h->endpoints));
	notes_drop(&h->notes);
	lease_lost(&h->lease);
	h->look_due_us = clock_mono_us() + AGAIN_MS * INT64_C(1000);
	h->is_look_due = false;
	h->has_unkept = false;
}

void hook_turn_soon(struct hooks *h)
{
	static const struct timeval now = {0};

	if (!h->is_leaving)
		(void)event_add(h->turn, &now);
}

/* Those who are to be asked each turn. */
static void ask_all(struct hooks *h)
{
	struct hook_endpoint *e, *next;

	if (h->unproven) {
		TAILQ_FOREACH (e, &h->endpoints, link)
			endpoint_ping(e);
	}
	for (e = TAILQ_FIRST(&h->held); e; e = next) {
		next = TAILQ_NEXT(e, held);
		endpoint_resume(e);
	}
}

/* Another turn, where the next tick would be too late. */
static void turn_again(struct hooks *h)
{
	int64_t wait_us = TAILQ_EMPTY(&h->ready) ? flush_wait_us(h) : 0;
	const struct timeval wait = {.tv_usec = wait_us};

	if (wait_us >= 0)
		(void)event_add(h->turn, &wait);
}

void hook_turn(struct hooks *h)
{
	if (h->is_leaving)
		return;
	if (h->has_unkept)
		hook_start_over(h, "no memory to keep what was delivered", ERR_NOMEM);
	if (!h->is_looking && (h->is_look_due || clock_mono_us() >= h->look_due_us))
		look(h);
	if (!h->lease.fence)
		return;
	send_pump(h);
	ask_all(h);
	flush_turn(h);
	note_turn(h);
	prune_turn(h);
	turn_again(h);
}

/* One look has at most two batches; the next may begin. */
static void look_ended(struct hooks *h)
{
	h->is_looking = false;
	hook_turn(h);
}

/* Few: what was delivered beyond a cursor that moves ten times a second. */
static void take_done(struct hooks *h, const struct db_reply *r, int statement)
{
	struct q_hook_done_row row;
	struct hook_endpoint *e = NULL;
	int rows = db_rows(r, statement);

	for (int i = 0; i < rows && q_hook_done_row(r, statement, i, &row) == 0; i++) {
		int64_t *more;

		if (!e || !str_eq(str_of(e->id), row.webhook_id))
			e = endpoint_find(h, row.webhook_id);
		more = e ? reallocarray(e->skip, e->skip_count + 1, sizeof(*more)) : NULL;
		if (!more)
			continue;
		e->skip = more;
		e->skip[e->skip_count++] = row.position;
	}
}

/* Before what leads there is taken; it may be another server than the last time. */
static void take_server(struct hooks *h, const struct db_reply *r)
{
	struct q_hook_server_row row;

	if (q_hook_server_one(r, 3, &row) == 0)
		hook_setup_own(&h->setup, row.address, row.port);
	h->net.rules = h->setup.rules;
}

static void on_loaded(void *arg, int err, const struct db_reply *r)
{
	struct hooks *h = arg;
	struct q_hook_load_row row;

	if (err == 0)
		take_server(h, r);
	/* Without the lease, which may be lost by now, they are read again when it is back. */
	for (int i = 0; err == 0 && h->lease.fence && i < db_rows(r, 0); i++) {
		err = q_hook_load_row(r, 0, i, &row);
		if (err == 0)
			endpoint_put(h, &row);
	}
	if (err == 0)
		take_done(h, r, 1);
	if (err < 0)
		hook_start_over(h, "webhooks could not be read", err);
	else
		for (struct hook_endpoint *e = TAILQ_FIRST(&h->endpoints); e;
		     e = TAILQ_NEXT(e, link))
			endpoint_ready(e);
	h->is_look_due |= err == 0; /* for what is to be tried again of them */
	look_ended(h);
}

/* Read those webhooks that are new here or have another version. */
static void load(struct hooks *h, struct str ids)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b = db_batch_new(&h->look_arena, DB_WRITE, &nobody);
	char since[CLOCK_TEXT];

	if (!b) {
		look_ended(h);
		return;
	}
	clock_format(nobody.now_us - DONE_DAYS * INT64_C(86400) * 1000000, since);
	q_hook_load_add(b, &(struct q_hook_load){.ids = ids});
	q_hook_done_add(b, &(struct q_hook_done){.ids = ids, .since = str_of(since)});
	q_hook_release_all_add(b,
			       &(struct q_hook_release_all){.fence = h->lease.fence, .ids = ids});
	q_hook_server_add(b);
	db_pool_send(h->pool, b, on_loaded, h);
}

/*
 * Drop those that are gone; the ids of those to be read, in the arena, NULL text if none. Only
 * versions come every second: rows with their secrets are read when one has moved.
 */
static struct str compare(struct hooks *h, const struct db_reply *r, int statement)
{
	int rows = db_rows(r, statement);
	struct str *id = ARENA_ARRAY(&h->look_arena, (size_t)rows + 1, struct str);
	struct hook_endpoint *e, *next;
	struct q_hook_versions_row row;
	size_t n = 0;

	TAILQ_FOREACH (e, &h->endpoints, link)
		e->is_seen = false;
	for (int i = 0; id && i < rows && q_hook_versions_row(r, statement, i, &row) == 0; i++) {
		e = endpoint_find(h, row.id);
		if (e)
			e->is_seen = true;
		if (n < HOOK_ENDPOINTS_MAX &&
		    (!e || (e->version != row.version && endpoint_settle(e))))
			id[n++] = arena_str(&h->look_arena, row.id);
	}
	for (e = TAILQ_FIRST(&h->endpoints); e; e = next) {
		next = TAILQ_NEXT(e, link);
		if (!e->is_seen)
			endpoint_free(e);
	}
	return n ? db_text_array(&h->look_arena, id, n) : (struct str){NULL, 0};
}

static void take_due(struct hooks *h, const struct db_reply *r, int statement)
{
	struct q_hook_due_row row;

	for (int i = 0; i < db_rows(r, statement); i++) {
		struct hook_endpoint *e;

		if (q_hook_due_row(r, statement, i, &row) < 0)
			return;
		e = endpoint_find(h, row.webhook_id);
		if (e && e->is_active)
			send_due(e, &row);
	}
}

static void on_looked(void *arg, int err, const struct db_reply *r)
{
	struct hooks *h = arg;
	struct q_hook_oldest_row oldest;
	struct str ids = {NULL, 0};
	int64_t fence = h->lease.fence;
	int statement = 0;

	if (h->is_leaving)
		err = ERR_DRAINING;
	if (err < 0) {
		hook_start_over(h, "webhooks could not be looked at", err);
		h->is_looking = false;
		return;
	}
	if (h->has_lease) {
		(void)lease_taken(&h->lease, r, statement++);
		h->is_look_due |= h->lease.fence != fence;
	}
	if (!h->lease.fence) {
		while (!TAILQ_EMPTY(&h->endpoints))
			endpoint_free(TAILQ_FIRST(&h->endpoints));
		notes_drop(&h->notes);
	} else if (h->has_versions) {
		ids = compare(h, r, statement);
		take_due(h, r, statement + 1);
		h->is_look_due |= db_rows(r, statement + 2) > 0; /* whose versions have moved */
		if (h->has_oldest && q_hook_oldest_one(r, statement + 3, &oldest) == 0)
			metric_set(METRIC_HOOKS_OLDEST, oldest.seconds);
	}
	if (ids.at)
		load(h, ids);
	else
		look_ended(h);
}

/* Those that are left alone, or have enough that is to be sent again. */
static struct str paused(struct hooks *h)
{
	struct str *id = ARENA_ARRAY(&h->look_arena, h->endpoint_count + 1, struct str);
	struct hook_endpoint *e;
	size_t n = 0;

	TAILQ_FOREACH (e, &h->endpoints, link) {
		bool is_paused = endpoint_is_paused(e), has_enough = e->due_count >= HOOK_WINDOW;

		if (id && (is_paused || has_enough))
			id[n++] = str_of(e->id);
		if (is_paused || !has_enough)
			e->due_found = 0;
	}
	return id ? db_text_array(&h->look_arena, id, n) : STR("{}");
}

/* Warn of webhooks that fail for days, and disable them. */
static void fail_add(struct hooks *h, struct db_batch *b)
{
	char event_text[HOOK_FAIL_MOST][ID_TEXT], mail_text[HOOK_FAIL_MOST][ID_TEXT];
	struct str event[HOOK_FAIL_MOST], mail[HOOK_FAIL_MOST];

	for (size_t i = 0; i < HOOK_FAIL_MOST; i++) {
		id_new("evt_", clock_now_us(), event_text[i]);
		id_new("mal_", clock_now_us(), mail_text[i]);
		event[i] = str_of(event_text[i]);
		mail[i] = str_of(mail_text[i]);
	}
	q_hook_fail_add(b,
			&(struct q_hook_fail){
				.fence = h->lease.fence,
				.days = HOOK_FAIL_DAYS,
				.least = HOOK_FAIL_LEAST,
				.event_ids = db_text_array(&h->look_arena, event, HOOK_FAIL_MOST),
				.mail_ids = db_text_array(&h->look_arena, mail, HOOK_FAIL_MOST),
			});
}

/* How far the one furthest behind is; nothing where somebody else sends. */
static void backlog_note(struct hooks *h)
{
	int64_t most = 0;
	struct hook_endpoint *e;

	TAILQ_FOREACH (e, &h->endpoints, link) {
		if (h->lease.fence && e->is_active && h->head - e->cursor > most)
			most = h->head - e->cursor;
	}
	metric_add(METRIC_HOOKS_BACKLOG, most - h->backlog);
	h->backlog = most;
}

static void look(struct hooks *h)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	arena_done(&h->look_arena);
	h->is_look_due = false;
	h->look_due_us = clock_mono_us() + HOOK_POLL_MS * INT64_C(1000);
	backlog_note(h);
	b = db_batch_new(&h->look_arena, DB_WRITE, &nobody);
	if (!b)
		return;
	h->is_looking = true;
	h->has_lease = clock_mono_us() >= h->lease.due_us;
	h->has_versions = h->lease.fence != 0;
	h->has_oldest = h->has_versions && clock_mono_us() >= h->oldest_due_us;
	if (h->has_lease)
		lease_take_add(&h->lease, b);
	if (h->has_versions) {
		q_hook_versions_add(b);
		q_hook_due_add(b, &(struct q_hook_due){.paused = paused(h), .most = HOOK_WINDOW});
		fail_add(h, b);
	} else {
		metric_set(METRIC_HOOKS_OLDEST, 0); /* who sends tells */
	}
	if (h->has_oldest) {
		q_hook_oldest_add(b);
		q_hook_set_back_add(b, &(struct q_hook_set_back){.fence = h->lease.fence});
		h->oldest_due_us = clock_mono_us() + HOOK_OLDEST_MS * INT64_C(1000);
	}
	db_pool_send(h->pool, b, on_looked, h);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	hook_turn(arg);
}

static void on_feed_moved(void *arg, int64_t position)
{
	struct hooks *h = arg;
	struct hook_endpoint *e;

	if (position > h->head)
		h->head = position;
	TAILQ_FOREACH (e, &h->endpoints, link)
		endpoint_ready(e);
	hook_turn(h);
}

static void on_woken(void *arg)
{
	struct hooks *h = arg;

	atomic_store(&h->is_woken, false);
	h->is_look_due = true;
	hook_turn(h);
}

void hook_wake(struct hooks *h)
{
	if (!atomic_exchange(&h->is_woken, true) && loop_post(h->loop, on_woken, h) < 0)
		atomic_store(&h->is_woken, false);
}

static void on_leaving(void *arg)
{
	struct hooks *h = arg;

	/* What is done is sent to nobody again by whoever comes next. */
	h->is_flush_due = true;
	flush_turn(h);
	note_turn(h);
	h->is_leaving = true;
}

/* On the hooks thread, the last of it. */
static void on_close(void *arg)
{
	struct hooks *h = arg;

	h->is_leaving = true;
	feed_unfollow(h->follower);
	while (!TAILQ_EMPTY(&h->endpoints))
		endpoint_free(TAILQ_FIRST(&h->endpoints));
	notes_drop(&h->notes);
	if (h->tick)
		event_free(h->tick);
	if (h->turn)
		event_free(h->turn);
	db_pool_free(h->reader); /* what is under way calls back, and ends */
	db_pool_free(h->pool);
	hook_names_free(h->net.names);
}

static void hooks_free(struct hooks *h)
{
	if (h->loop)
		loop_close(h->loop, on_close, h);
	feed_follower_free(h->follower);
	arena_done(&h->look_arena);
	arena_done(&h->flush_arena);
	arena_done(&h->notes.arena);
	arena_done(&h->prune_arena);
	free(h->filter);
	hook_setup_wipe(&h->setup);
	free(h);
}

static struct hooks *hooks_new(struct process *p, const struct hook_setup *setup)
{
	const struct timeval every = {.tv_usec = TICK_MS * 1000};
	struct hooks *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	TAILQ_INIT(&h->endpoints);
	TAILQ_INIT(&h->ready);
	TAILQ_INIT(&h->held);
	TAILQ_INIT(&h->sources);
	TAILQ_INIT(&h->unread);
	TAILQ_INIT(&h->hosts);
	TAILQ_INIT(&h->waiting);
	TAILQ_INIT(&h->done);
	TAILQ_INIT(&h->asks);
	arena_init(&h->look_arena, ARENA_MAX);
	arena_init(&h->flush_arena, ARENA_MAX);
	notes_init(&h->notes);
	arena_init(&h->prune_arena, ARENA_MAX);
	h->log_days = p->conf->hooks_log_days;
	lease_init(&h->lease, "hooks");
	h->setup = *setup;
	h->setup.rules.allow = h->setup.allow;
	h->setup.rules.own = h->setup.own;
	h->loop = loop_new("hooks");
	if (h->loop)
		h->net = (struct hook_net){
			.base = loop_base(h->loop),
			.names = hook_names_new(loop_base(h->loop)),
			.rules = h->setup.rules,
			.ca_file = p->conf->hooks_ca_file[0] ? p->conf->hooks_ca_file : NULL,
			.connect_ms = p->conf->hooks_connect_ms,
		};
	if (h->net.names)
		h->pool = db_pool_new(h->loop, p->conf->database_worker, 1, DB_PREPARE_SENT);
	if (h->pool)
		h->reader = db_pool_new(h->loop, p->conf->database_api, 1, DB_PREPARE_SENT);
	if (h->reader)
		h->tick = event_new(h->net.base, -1, EV_PERSIST, on_tick, h);
	if (h->tick)
		h->turn = evtimer_new(h->net.base, on_tick, h);
	if (h->turn && event_add(h->tick, &every) == 0)
		h->follower = feed_follow(p->feed, h->loop, on_feed_moved, h);
	if (h->follower && loop_start(h->loop) == 0)
		return h;
	hooks_free(h);
	return NULL;
}

int hook_start(struct process *p)
{
	CLEANUP(hook_setup_wipe) struct hook_setup setup;
	int r = hook_setup_load(p->conf, &setup);

	if (r == ERR_NOT_FOUND) {
		log_warn("no webhooks are sent: [hooks] key_file is not set", F_INT("sent", 0));
		return 0;
	}
	if (r == 0)
		r = hook_curl_start();
	if (r == 0)
		r = feed_enter(p, false);
	if (r < 0)
		return r;
	p->hooks = hooks_new(p, &setup);
	if (!p->hooks)
		feed_leave(p);
	return p->hooks ? 0 : ERR_NOMEM;
}

void hook_stop(struct process *p)
{
	if (!p->hooks)
		return;
	if (loop_post(p->hooks->loop, on_leaving, p->hooks) == 0)
		lease_give_back(&p->hooks->lease, p->hooks->loop, p->hooks->pool);
	hooks_free(TAKE(p->hooks));
	feed_leave(p);
}
