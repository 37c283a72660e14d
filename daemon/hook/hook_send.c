/*
 * Windows. A webhook has so many events on their way at once as its mode takes; each stays in
 * the window, in the order of positions, until the database knows what came of it, so that the
 * cursor can never pass one that is lost with this process.
 *
 * What fails is parked in webhook_retry and comes back by hook_due. Webhooks that mind the
 * order park what comes behind a parked one of its subject as well, untried.
 */
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/base/metric.h"
#include "daemon/http/http.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "libassets/base/moment.h"
#include "q.h"

/* Events that one webhook looks at in a turn, so that the others have theirs; bytes. */
enum { PUMP_MOST = 1000, ASK_ARENA_MAX = 1 << 20 };

struct retry_failure hook_failure(const struct hook_answer *a)
{
	struct retry_failure f = {.status = a->status, .retry_after = a->retry_after};

	switch (a->ending) {
	case HOOK_ANSWERED:
		f.cause = RETRY_STATUS;
		break;
	case HOOK_TIMED_OUT:
		f.cause = RETRY_TIMEOUT;
		break;
	case HOOK_NO_ANSWER:
		f.cause = RETRY_CONNECT;
		break;
	}
	return f;
}

/* Delivered before this process began, beyond the cursor. */
static bool is_skipped(struct hook_endpoint *e, int64_t position)
{
	while (e->skip_at < e->skip_count && e->skip[e->skip_at] < position)
		e->skip_at++;
	return e->skip_at < e->skip_count && e->skip[e->skip_at] == position;
}

static int window_of(const struct hook_endpoint *e)
{
	return e->mode == HOOK_STRICT ? 1 : HOOK_WINDOW;
}

static bool is_callable(const struct hook_endpoint *e)
{
	return e->is_active && !e->is_disabling && !e->stale_us && e->line && e->signers &&
	       e->host && e->filter;
}

/* May it send one more? If only the caps forbid it, it is blocked. */
static bool has_room(struct hook_endpoint *e)
{
	if (!is_callable(e) || (e->mode == HOOK_STRICT && e->waiting_count && !e->due_count) ||
	    e->window_count + e->retry_count >= endpoint_room(e, window_of(e)))
		return false;
	if (endpoint_is_under_caps(e))
		return true;
	endpoint_block(e);
	return false;
}

static struct hook_delivery *delivery_new(struct hook_endpoint *e, int64_t position)
{
	struct hook_delivery *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->endpoint = e;
	d->stage = HOOK_SENDING;
	d->position = position;
	d->begun_us = clock_now_us();
	return d;
}

/* Where half of a window waits for the database alone it is not left waiting for others: full, it
 * would hold up what is next. */
static void delivery_end(struct hook_delivery *d)
{
	const struct hook_endpoint *e = d->endpoint;
	int ended = e->window_count + e->retry_count - e->in_flight;

	d->stage = HOOK_SENT;
	flush_add(d);
	if (2 * ended >= window_of(e))
		e->hooks->is_flush_due = true;
}

enum { BEHIND = -1 };

/* For so long from a moment on. BEHIND: an earlier one of its subject, whose end makes it due. */
static void park(struct hook_delivery *d, int64_t from_us, int64_t wait_us)
{
	d->is_parked = true;
	d->parked_us = from_us;
	d->due_us = wait_us == BEHIND ? 0 : from_us + wait_us;
	if (!d->is_retry)
		endpoint_wait(d->endpoint, d->subject, 1);
}

static void finish(struct hook_delivery *d)
{
	d->is_over = true;
	if (d->is_retry)
		endpoint_wait(d->endpoint, d->subject, -1);
}

static bool says(struct str field, const char *word)
{
	return field.at && str_eq_nocase(field, str_of(word));
}

/* What came of it; the row for the log is made of the same. */
static const char *judge(struct hook_delivery *d, const struct hook_answer *a)
{
	const struct retry_failure f = hook_failure(a);
	int64_t now_us = clock_now_us(), wait_ms, told_us;
	bool is_kept;

	if (a->ending == HOOK_ANSWERED && a->status >= 200 && a->status <= 299) {
		d->is_success = true;
		if (moment_parse(str_of(d->at), &told_us) == 0)
			metric_delivery(now_us - told_us);
		(void)endpoint_note(d->endpoint, BREAKER_GOOD);
		finish(d);
		return "DELIVERED";
	}
	is_kept = endpoint_note(d->endpoint,
				a->ending == HOOK_ANSWERED ? BREAKER_REFUSED : BREAKER_NO_ANSWER);
	if (says(a->delivery, "abort-message")) {
		finish(d);
		return "ABORTED";
	}
	/* The position as the seed: what failed together does not come back together. */
	/*
	 * While it is left alone no attempt is used up: it comes again when the pause is over, or
	 * later if the receiver asks for that.
	 */
	d->is_kept = is_kept;
	wait_ms = retry_wait_ms(is_kept ? NULL : &d->endpoint->plan, is_kept ? 1 : d->attempt, &f,
				(uint64_t)d->position, now_us / 1000000);
	if (is_kept && d->endpoint->breaker.until_us > now_us + wait_ms * 1000)
		wait_ms = (d->endpoint->breaker.until_us - now_us) / 1000 + 1;
	if (wait_ms < 0) {
		finish(d);
		return "EXHAUSTED";
	}
	park(d, now_us, wait_ms * 1000);
	return a->ending == HOOK_ANSWERED    ? "REFUSED"
	       : a->ending == HOOK_TIMED_OUT ? "TIMED_OUT"
					     : "NO_ANSWER";
}

static bool wants_no_more(const struct hook_answer *a)
{
	return a->ending == HOOK_ANSWERED && (a->status == 410 || says(a->delivery, "disable"));
}

static void on_answered(void *arg, const struct hook_answer *a)
{
	struct hook_delivery *d = arg;
	struct hook_endpoint *e = d->endpoint;
	struct hooks *h = e->hooks;
	struct hook_tried tried = {
		.webhook_id = e->id,
		.event_id = d->id,
		.position = d->position,
		.number = d->attempt,
		.at_us = d->begun_us,
	};

	endpoint_in_flight(e, -1);
	if (wants_no_more(a) && !e->is_disabling) {
		e->is_disabling = true;
		note_disable(e, a->status == 410 ? "The receiver answered 410."
						 : "The receiver asked for no more.");
	}
	tried.result = judge(d, a);
	tried.next_us = d->is_parked ? d->due_us : 0;
	metric_attempt(tried.result, a->ending == HOOK_ANSWERED ? a->status : 0);
	d->attempt_row = flush_row(&tried, a);
	d->attempt -= d->is_kept;
	delivery_end(d);
	hook_turn_soon(h);
}

/* Sign and send the body, which is taken. What cannot be sent is parked for a moment. */
static void delivery_send(struct hook_delivery *d, struct blob *body)
{
	struct hook_endpoint *e = d->endpoint;
	CLEANUP(buf_done) struct buf signature = BUF(HOOK_SIGNATURES_MAX);
	struct hook_message m = {
		.id = str_of(d->id),
		.timestamp_s = d->begun_us / 1000000,
		.content_type = str_of(e->content_type),
		.body = body,
		.origin = endpoint_origin(e),
		.header = e->header,
		.headers = e->headers,
		.whole_ms = e->whole_ms,
	};
	int r = endpoint_sign(e, m.id, m.timestamp_s, blob_view(body), &signature);

	m.signature = buf_view(&signature);
	if (r == 0)
		r = hook_line_post(e->line, &m, on_answered, d);
	if (r == 0)
		return;
	endpoint_in_flight(e, -1);
	park(d, clock_now_us(), 1000000);
	d->attempt--;
	delivery_end(d);
}

/* Take the event into the window: on its way, or parked behind an earlier one of its subject. */
static bool window_take(struct hook_endpoint *e, const struct hook_told *t)
{
	struct hook_delivery *d = delivery_new(e, t->position);

	if (!d)
		return false;
	memcpy(d->id, t->id, sizeof(d->id));
	memcpy(d->subject, t->subject, sizeof(d->subject));
	memcpy(d->at, t->at, sizeof(d->at));
	TAILQ_INSERT_TAIL(&e->window, d, link);
	e->window_count++;
	if (endpoint_is_waiting(e, d->subject)) {
		park(d, clock_now_us(), BEHIND);
		delivery_end(d);
		return true;
	}
	d->attempt = 1;
	e->was_again = false;
	endpoint_in_flight(e, 1);
	bucket_take(&e->bucket, clock_now_us());
	delivery_send(d, t->body);
	return true;
}

/* An earlier event of the subject is on its way: what comes of it decides about this one. */
static bool must_wait(const struct hook_endpoint *e, const struct hook_told *t)
{
	const struct hook_delivery *d;

	if (e->mode != HOOK_PER_SUBJECT)
		return false;
	TAILQ_FOREACH (d, &e->window, link) {
		if (d->stage == HOOK_SENDING && !strcmp(d->subject, t->subject))
			return true;
	}
	return false;
}

/*
 * The body of one that is tried again, to be read from the database or on its way from there. A few
 * are at a time: after a day on which nobody was reached, all of all webhooks are due at once,
 * which is more than may wait for one connection; and what is new is read by the same.
 */
struct hook_ask {
	TAILQ_ENTRY(hook_ask) link; /* of hooks.asks */
	struct hooks *hooks;
	struct hook_delivery *delivery; /* NULL: that is gone */
	bool is_waiting;                /* in hooks.asks */
	struct arena arena;
};

static void ask_free(struct hook_ask *ask)
{
	arena_done(&ask->arena);
	free(ask);
}

static struct hook_delivery *delivery_find(const struct hook_delivery_list *list,
					   const char *event_id)
{
	struct hook_delivery *d;

	TAILQ_FOREACH (d, list, link) {
		if (!strcmp(d->id, event_id))
			return d;
	}
	return NULL;
}

/* The principal may no longer read it, so nobody is sent it. */
static void withhold(struct hook_delivery *d)
{
	const struct hook_answer nothing = {.ending = HOOK_NO_ANSWER, .address = "", .tls = ""};
	struct hook_tried tried = {
		.webhook_id = d->endpoint->id,
		.event_id = d->id,
		.position = d->position,
		.number = d->attempt,
		.at_us = d->begun_us,
		.result = "WITHHELD",
	};

	endpoint_in_flight(d->endpoint, -1);
	finish(d);
	d->attempt_row = flush_row(&tried, &nothing);
	delivery_end(d);
}

static void retry_body(struct hook_delivery *d, const struct db_reply *r)
{
	struct q_hook_event_row row;
	struct blob *body;
	char *bytes;

	if (q_hook_event_one(r, 0, &row) < 0) {
		withhold(d);
		return;
	}
	bytes = strndup(row.body.at, row.body.len);
	body = bytes ? blob_new(bytes, row.body.len) : NULL;
	d->begun_us = clock_now_us();
	if (body) {
		delivery_send(d, body);
		blob_unref(body);
		return;
	}
	endpoint_in_flight(d->endpoint, -1);
	park(d, clock_now_us(), 1000000);
	d->attempt--;
	delivery_end(d);
}

/* It is due by its row, where whoever has the lease finds it. */
static void again_drop(struct hook_delivery *d)
{
	TAILQ_REMOVE(&d->endpoint->retries, d, link);
	d->endpoint->retry_count--;
	endpoint_in_flight(d->endpoint, -1);
	delivery_free(d);
}

static void on_body(void *arg, int err, const struct db_reply *r)
{
	struct hook_ask *ask = arg;
	struct hooks *h = ask->hooks;
	struct hook_delivery *d = ask->delivery;

	h->asking--;
	if (d)
		d->ask = NULL;
	if (err == 0)
		err = FAULT_POINT(HOOK_READ_AGAIN);
	/* Another may have sent it while it was read, and what comes behind it. */
	if (d && !lease_is_sure(&h->lease))
		again_drop(d);
	else if (err == 0 && d)
		retry_body(d, r);
	ask_free(ask);
	if (err < 0)
		hook_start_over(h, "an event could not be read again", err);
	else
		hook_turn_soon(h);
}

/* Read it, as the webhook's principal does now. False without memory. */
static bool ask_send(struct hook_ask *ask)
{
	const struct hook_endpoint *e = ask->delivery->endpoint;
	struct db_actor actor = {.principal_id = str_of(e->principal_id), .now_us = clock_now_us()};
	struct db_batch *b = db_batch_new(&ask->arena, DB_READ, &actor);

	if (!b)
		return false;
	q_hook_event_add(b, &(struct q_hook_event){
				    .position = ask->delivery->position,
				    .form = str_of(e->form),
			    });
	ask->hooks->asking++;
	db_pool_send(ask->hooks->reader, b, on_body, ask);
	return true;
}

/* Ask for the next bodies. What there is no memory for is found due again. */
static void asks_send(struct hooks *h)
{
	struct hook_ask *ask;

	while (h->asking < HOOK_ASKS_MAX && (ask = TAILQ_FIRST(&h->asks))) {
		/* The analyzer does not see TAILQ_REMOVE take the first one away. */
		struct hook_delivery *d = ask->delivery; /* NOLINT(clang-analyzer-unix.Malloc) */

		TAILQ_REMOVE(&h->asks, ask, link);
		ask->is_waiting = false;
		if (ask_send(ask))
			continue;
		d->ask = NULL;
		again_drop(d);
		ask_free(ask);
	}
}

/* Its body is to be read. False without memory: it is found due again. */
static bool again_ask(struct hook_delivery *d)
{
	struct hooks *h = d->endpoint->hooks;
	struct hook_ask *ask = calloc(1, sizeof(*ask));

	if (!ask)
		return false;
	arena_init(&ask->arena, ASK_ARENA_MAX);
	ask->hooks = h;
	ask->delivery = d;
	ask->is_waiting = true;
	d->ask = ask;
	TAILQ_INSERT_TAIL(&h->asks, ask, link);
	return true;
}

void send_unask(struct hook_delivery *d)
{
	struct hook_ask *ask = TAKE(d->ask);

	if (!ask)
		return;
	ask->delivery = NULL;
	if (!ask->is_waiting)
		return; /* it is freed when it is answered */
	TAILQ_REMOVE(&ask->hooks->asks, ask, link);
	ask_free(ask);
}

/* Try the longest due again. False if there is none, or no place for it. */
static bool pump_due(struct hook_endpoint *e)
{
	struct hook_delivery *d = TAILQ_FIRST(&e->due);

	if (!d || e->retry_count >= HOOK_AGAIN)
		return false;
	TAILQ_REMOVE(&e->due, d, link);
	e->due_count--;
	if (!again_ask(d)) {
		delivery_free(d);
		return false;
	}
	d->stage = HOOK_SENDING;
	d->begun_us = clock_now_us();
	TAILQ_INSERT_TAIL(&e->retries, d, link);
	e->retry_count++;
	e->was_again = true;
	endpoint_in_flight(e, 1);
	bucket_take(&e->bucket, d->begun_us); /* now, so that what goes next knows of it */
	return true;
}

void send_due(struct hook_endpoint *e, const struct q_hook_due_row *row)
{
	struct hook_delivery *d;
	char id[HOOK_ID];

	e->due_found++;
	hook_copy(id, sizeof(id), row->change_id);
	if (e->due_count >= HOOK_WINDOW || delivery_find(&e->due, id) ||
	    delivery_find(&e->retries, id))
		return;
	d = delivery_new(e, row->position);
	if (!d)
		return;
	d->stage = HOOK_DUE;
	d->is_retry = true;
	d->attempt = row->attempts + 1;
	memcpy(d->id, id, sizeof(d->id));
	hook_copy(d->subject, sizeof(d->subject), row->subject);
	hook_copy(d->at, sizeof(d->at), row->at);
	TAILQ_INSERT_TAIL(&e->due, d, link);
	e->due_count++;
	endpoint_ready(e);
}

/* Look at the next event. False if there is none for now. */
static bool pump_new(struct hook_endpoint *e)
{
	struct hook_told *t = NULL;

	if (e->mode != HOOK_STRICT || !e->waiting_count)
		t = source_next(e);
	if (!t || must_wait(e, t) ||
	    (filter_wants(e->filter, t) && !is_skipped(e, t->position) && !window_take(e, t)))
		return false;
	e->read_to = t->position;
	return true;
}

/* It cannot be known yet whether there are new ones; whoever reads says so soon. */
static bool is_reading(const struct hook_endpoint *e)
{
	return e->source && e->source->is_reading;
}

/*
 * Let it send one. True if it has: there may be more, once the others have had their turn.
 *
 * By turns where both wait: neither a constant stream of new events nor many that failed leave the
 * other without a place or the bucket's next token.
 */
static bool endpoint_pump(struct hook_endpoint *e)
{
	int in_flight = e->in_flight;

	for (int n = 0; n < PUMP_MOST; n++) {
		if (!has_room(e))
			return false;
		if (e->was_again ? !pump_new(e) && (is_reading(e) || !pump_due(e))
				 : !pump_due(e) && !pump_new(e))
			return false;
		if (e->in_flight > in_flight)
			return true;
	}
	endpoint_ready(e); /* in the next turn */
	return false;
}

/*
 * Those whom no cap holds up any more, the longest blocked first. Asked each turn and not told by
 * what ends: one that was woken and had nothing to send would have had the turn of the next.
 *
 * One each: of many webhooks of one machine each keeps a place or so busy, over one connection.
 * Were each let fill its window before the next, each would open as many as a window has places.
 */
static void unblock(struct hooks *h)
{
	struct hook_host *host, *next, *last = TAILQ_LAST(&h->waiting, hook_host_list);
	struct hook_endpoint *e;

	for (host = TAILQ_FIRST(&h->waiting); host; host = host == last ? NULL : next) {
		next = TAILQ_NEXT(host, waiting);
		while ((e = TAILQ_FIRST(&host->blocked)) && endpoint_is_under_caps(e)) {
			endpoint_unblock(e);
			if (endpoint_pump(e))
				endpoint_ready(e);
		}
	}
}

void send_pump(struct hooks *h)
{
	struct hook_endpoint_list ready = TAILQ_HEAD_INITIALIZER(ready);
	struct hook_endpoint *e;

	unblock(h);
	TAILQ_CONCAT(&ready, &h->ready, ready);
	while ((e = TAILQ_FIRST(&ready))) {
		TAILQ_REMOVE(&ready, e, ready);
		e->is_ready = false;
		if (!endpoint_pump(e))
			continue;
		e->is_ready = true;
		TAILQ_INSERT_TAIL(&ready, e, ready);
	}
	asks_send(h);
}
