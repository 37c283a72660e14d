/*
 * One webhook: what its row says, made ready to send; the subjects that wait. On the hooks
 * thread.
 *
 * A webhook is read anew, and put in the place of the old one, whenever its version moves. What
 * is on its way is let end before that, or its receiver would be told twice; what takes too long
 * is cut, and comes again from the cursor. One that cannot be called (its address is refused by
 * the settings of today, its secret cannot be opened) stays in memory without a line or signer,
 * so that it is not looked for again each second.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "daemon/base/metric.h"
#include "daemon/http/http.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "libassets/notify/webhook.h"
#include "q.h"

/* Bytes: fields of its own of one webhook. */
enum { ARENA_MAX = 1 << 20 };

struct hook_endpoint *endpoint_find(struct hooks *h, struct str id)
{
	struct hook_endpoint *e;

	TAILQ_FOREACH (e, &h->endpoints, link) {
		if (str_eq(str_of(e->id), id))
			return e;
	}
	return NULL;
}

void endpoint_in_flight(struct hook_endpoint *e, int by)
{
	e->in_flight += by;
	e->hooks->in_flight += by;
	if (e->host)
		e->host->in_flight += by;
	metric_add(METRIC_HOOKS_IN_FLIGHT, by);
}

bool endpoint_is_under_caps(const struct hook_endpoint *e)
{
	return e->hooks->in_flight < HOOK_IN_FLIGHT_MAX &&
	       e->host->in_flight < HOOK_HOST_MAX_IN_FLIGHT;
}

/* Count it among those that are paused, and of them among those that are probed, or no longer. */
static void breaker_tell(struct hook_endpoint *e, enum breaker_state now)
{
	if (now == e->told)
		return;
	metric_add(METRIC_HOOKS_PAUSED, (now != BREAKER_CLOSED) - (e->told != BREAKER_CLOSED));
	metric_add(METRIC_HOOKS_PROBED,
		   (now == BREAKER_HALF_OPEN) - (e->told == BREAKER_HALF_OPEN));
	e->told = now;
}

bool endpoint_note(struct hook_endpoint *e, enum breaker_outcome outcome)
{
	bool is_kept = breaker_note(&e->breaker, clock_now_us(), outcome);

	breaker_tell(e, e->breaker.state);
	return is_kept;
}

/* As breaker_room says, which ends a pause that is over. */
static int breaker_asked(struct hook_endpoint *e, int64_t now_us, int most)
{
	int room = breaker_room(&e->breaker, now_us, most);

	breaker_tell(e, e->breaker.state);
	return room;
}

struct str endpoint_origin(const struct hook_endpoint *e)
{
	return e->is_cloud ? str_of(e->hooks->setup.origin) : (struct str){"", 0};
}

static void hold(struct hook_endpoint *e)
{
	if (e->is_held)
		return;
	e->is_held = true;
	TAILQ_INSERT_TAIL(&e->hooks->held, e, held);
}

int endpoint_room(struct hook_endpoint *e, int most)
{
	int64_t now_us = clock_now_us();
	int room = breaker_asked(e, now_us, most);

	if (room && !bucket_wait_us(&e->bucket, now_us) && lease_is_sure(&e->hooks->lease))
		return room;
	hold(e);
	return 0;
}

bool endpoint_is_paused(struct hook_endpoint *e)
{
	bool is_paused = !breaker_asked(e, clock_now_us(), 1);

	if (is_paused)
		hold(e);
	return is_paused;
}

void endpoint_resume(struct hook_endpoint *e)
{
	/* Here alone it is let go, so that whoever else asks for room takes nobody's turn away. */
	if (!endpoint_room(e, 1))
		return;
	e->is_held = false;
	TAILQ_REMOVE(&e->hooks->held, e, held);
	e->hooks->is_look_due = true; /* what is due again has waited too */
	endpoint_ready(e);
}

void endpoint_block(struct hook_endpoint *e)
{
	if (e->is_blocked || e->is_ready)
		return;
	if (TAILQ_EMPTY(&e->host->blocked))
		TAILQ_INSERT_TAIL(&e->hooks->waiting, e->host, waiting);
	e->is_blocked = true;
	TAILQ_INSERT_TAIL(&e->host->blocked, e, ready);
}

void endpoint_unblock(struct hook_endpoint *e)
{
	if (!e->is_blocked)
		return;
	e->is_blocked = false;
	TAILQ_REMOVE(&e->host->blocked, e, ready);
	if (TAILQ_EMPTY(&e->host->blocked))
		TAILQ_REMOVE(&e->hooks->waiting, e->host, waiting);
}

bool endpoint_settle(struct hook_endpoint *e)
{
	int64_t now_us = clock_mono_us();

	if (!e->stale_us)
		e->stale_us = now_us;
	return flush_has_all(e) || now_us - e->stale_us >= HOOK_SETTLE_MS * INT64_C(1000);
}

void endpoint_ready(struct hook_endpoint *e)
{
	if (e->is_ready)
		return;
	endpoint_unblock(e);
	e->is_ready = true;
	TAILQ_INSERT_TAIL(&e->hooks->ready, e, ready);
}

/* By name and port, as written: two names of one machine have a cap each. */
static struct hook_host *host_take(struct hooks *h, const struct hook_url *u)
{
	struct hook_host *host;
	char name[HOOK_HOST_MAX + 8];

	(void)snprintf(name, sizeof(name), "%.*s:%u", (int)u->host.len, u->host.at, u->port);
	TAILQ_FOREACH (host, &h->hosts, link) {
		if (!strcmp(host->name, name))
			break;
	}
	if (!host) {
		host = calloc(1, sizeof(*host));
		if (!host)
			return NULL;
		memcpy(host->name, name, sizeof(host->name));
		TAILQ_INIT(&host->blocked);
		TAILQ_INSERT_TAIL(&h->hosts, host, link);
	}
	host->users++;
	return host;
}

static void host_leave(struct hooks *h, struct hook_host *host)
{
	if (!host || --host->users)
		return;
	TAILQ_REMOVE(&h->hosts, host, link);
	free(host);
}

void hook_copy(char *to, size_t size, struct str from)
{
	(void)snprintf(to, size, "%.*s", (int)from.len, from.at ? from.at : "");
}

void delivery_free(struct hook_delivery *d)
{
	send_unask(d);
	free(d->attempt_row);
	free(d);
}

static void list_free(struct hook_delivery_list *list)
{
	struct hook_delivery *d;

	while ((d = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, d, link);
		if (d->stage == HOOK_SENDING)
			endpoint_in_flight(d->endpoint, -1);
		else if (d->stage != HOOK_DUE)
			flush_forget(d);
		delivery_free(d);
	}
}

void endpoint_free(struct hook_endpoint *e)
{
	struct hooks *h = e->hooks;

	hook_line_free(e->line); /* nobody is called back any more */
	endpoint_ping_drop(e);
	list_free(&e->window);
	list_free(&e->retries);
	list_free(&e->due);
	if (e->is_ready)
		TAILQ_REMOVE(&h->ready, e, ready);
	endpoint_unblock(e);
	if (e->is_held)
		TAILQ_REMOVE(&h->held, e, held);
	h->unproven -= e->ping[0] != '\0';
	source_leave(e);
	filter_leave(h, e->filter);
	endpoint_signers_free(e);
	breaker_tell(e, BREAKER_CLOSED);
	host_leave(h, e->host);
	arena_done(&e->arena);
	free(e->skip);
	free(e->waiting);
	TAILQ_REMOVE(&h->endpoints, e, link);
	h->endpoint_count--;
	free(e);
}

/* 5,30,120 */
static void take_plan(struct hook_endpoint *e, struct str waits)
{
	while (waits.len && e->plan.waits < RETRY_WAITS_MAX) {
		if (str_to_i64(str_cut(waits, ',', &waits), &e->plan.wait_s[e->plan.waits]) < 0)
			return;
		e->plan.waits++;
	}
}

static struct hook_waiting *waiting_find(const struct hook_endpoint *e, const char *subject)
{
	for (size_t i = 0; i < e->waiting_count; i++) {
		if (!strcmp(e->waiting[i].subject, subject))
			return &e->waiting[i];
	}
	return NULL;
}

bool endpoint_is_waiting(const struct hook_endpoint *e, const char *subject)
{
	return waiting_find(e, subject) != NULL;
}

void endpoint_wait(struct hook_endpoint *e, const char *subject, int by)
{
	struct hook_waiting *w = waiting_find(e, subject), *more;

	if (e->mode == HOOK_UNORDERED)
		return;
	if (!w && by > 0) {
		more = reallocarray(e->waiting, e->waiting_count + 1, sizeof(*more));
		if (!more)
			return;
		e->waiting = more;
		w = &more[e->waiting_count++];
		w->count = 0;
		(void)snprintf(w->subject, sizeof(w->subject), "%s", subject);
	}
	if (!w)
		return;
	w->count += by;
	if (w->count <= 0)
		*w = e->waiting[--e->waiting_count];
}

/* {ast_…=2,ast_…=1} */
static void take_waiting(struct hook_endpoint *e, struct str list)
{
	struct str rest = {list.at + 1, list.len > 2 ? list.len - 2 : 0};

	while (rest.len) {
		struct str count_text;
		struct str subject = str_cut(str_cut(rest, ',', &rest), '=', &count_text);
		char text[HOOK_ID];
		int64_t count = 0;

		hook_copy(text, sizeof(text), subject);
		if (str_to_i64(count_text, &count) == 0)
			endpoint_wait(e, text, (int)count);
	}
}

static enum hook_mode mode_of(struct str word)
{
	if (str_eq(word, STR("STRICT")))
		return HOOK_STRICT;
	return str_eq(word, STR("PER_SUBJECT")) ? HOOK_PER_SUBJECT : HOOK_UNORDERED;
}

static void take_row(struct hook_endpoint *e, const struct q_hook_load_row *row)
{
	hook_copy(e->id, sizeof(e->id), row->id);
	hook_copy(e->principal_id, sizeof(e->principal_id), row->principal_id);
	hook_copy(e->ping, sizeof(e->ping), row->ping);
	e->is_cloud = str_eq(row->envelope, STR("CLOUDEVENTS"));
	(void)snprintf(e->form, sizeof(e->form), "%s%.*s", e->is_cloud ? "CLOUD_" : "",
		       (int)row->payload.len, row->payload.at);
	e->content_type = e->is_cloud ? "application/cloudevents+json" : "application/json";
	e->version = row->version;
	e->is_active = str_eq(row->state, STR("ACTIVE"));
	e->mode = mode_of(row->mode);
	e->cursor = e->read_to = row->position;
	e->filter = filter_take(e->hooks, row);
	e->header = filter_list(&e->arena, row->headers, '\n', WEBHOOK_HEADERS_MAX, &e->headers);
	e->whole_ms = row->timeout_s * INT64_C(1000);
	take_plan(e, row->retry);
	bucket_set(&e->bucket, row->per_hour, row->burst);
	take_waiting(e, row->waiting);
}

void endpoint_put(struct hooks *h, const struct q_hook_load_row *row)
{
	struct hook_endpoint *old = endpoint_find(h, row->id), *e;
	struct breaker breaker = {0};
	struct bucket bucket = {0};
	struct hook_url url;
	const char *why = "";

	if (old) {
		/* A version more makes no receiver well, and fills no bucket. */
		breaker = old->breaker;
		bucket = old->bucket;
		endpoint_free(old);
	}
	if (h->endpoint_count == HOOK_ENDPOINTS_MAX)
		return;
	e = calloc(1, sizeof(*e));
	if (!e)
		return;
	e->hooks = h;
	TAILQ_INIT(&e->window);
	TAILQ_INIT(&e->retries);
	TAILQ_INIT(&e->due);
	arena_init(&e->arena, ARENA_MAX);
	TAILQ_INSERT_TAIL(&h->endpoints, e, link);
	h->endpoint_count++;
	e->bucket = bucket;
	take_row(e, row);
	h->unproven += e->ping[0] != '\0';
	if (!e->ping[0]) { /* else it is somebody who has to prove himself first */
		e->breaker = breaker;
		breaker_tell(e, breaker.state);
	}
	if (hook_url_parse(row->url, &h->setup.rules, &url, &why) < 0) {
		/* The settings changed since it was made. It is kept, and not called. */
		log_warn("a webhook's address may not be called", F_TEXT("webhook", row->id),
			 F_Z("why", why));
		return;
	}
	endpoint_signers_take(e, row->secrets);
	e->host = host_take(h, &url);
	endpoint_line_take(e, row);
	e->is_seen = true;
}
