/*
 * What was done, into the database: one batch at a time takes all that has come together since
 * the last, and not before a moment has passed in which more may, so that the busier it is the less
 * each event costs. A window of which half waits for nothing else does not wait for that. A
 * webhook's cursor moves ten times a second at most, one that passes what it does not want much
 * more seldom, and never past anything that is not in the same batch or an earlier one.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "hook_private.h"
#include "libassets/base/err.h"
#include "q.h"

/* Bytes of one attempt, of all of a kind; deliveries of one batch. */
enum { ROW_MAX = 128 * 1024, ROWS_MAX = 32 << 20, MOST = 256 };
/* Between two looks at what cursors have to say. */
enum { CURSORS_MS = 50 };

static void add_moment(struct buf *out, const char *key, int64_t us)
{
	char at[CLOCK_TEXT];

	clock_format(us, at);
	buf_fmt(out, ",\"%s\":\"%s\"", key, at);
}

static void add_text(struct buf *out, const char *key, struct str text)
{
	if (!text.len)
		return;
	buf_fmt(out, ",\"%s\":", key);
	buf_json(out, text);
}

static void add_number(struct buf *out, const char *key, int64_t number)
{
	if (number)
		buf_fmt(out, ",\"%s\":%" PRId64, key, number);
}

char *flush_row(const struct hook_tried *t, const struct hook_answer *a)
{
	CLEANUP(buf_done) struct buf out = BUF(ROW_MAX);
	size_t len;

	buf_fmt(&out, "{\"webhook_id\":\"%s\",\"change_id\":\"%s\",\"number\":%d,\"result\":\"%s\"",
		t->webhook_id, t->event_id, t->number, t->result);
	add_moment(&out, "at", t->at_us);
	if (t->next_us)
		add_moment(&out, "next_at", t->next_us);
	add_number(&out, "position", t->position);
	add_number(&out, "status", a->ending == HOOK_ANSWERED ? a->status : 0);
	add_text(&out, "address", str_of(a->address));
	add_text(&out, "tls", str_of(a->tls));
	add_number(&out, "dns_us", a->dns_us);
	add_number(&out, "connect_us", a->connect_us);
	add_number(&out, "tls_us", a->tls_us);
	add_number(&out, "first_byte_us", a->first_byte_us);
	add_number(&out, "total_us", a->total_us);
	add_text(&out, "excerpt", a->excerpt);
	if (a->ending == HOOK_ANSWERED && a->location.at)
		add_text(&out, "error", a->location); /* a redirect, which is not followed */
	else
		add_text(&out, "error", str_of(a->error));
	buf_char(&out, '}');
	return buf_err(&out) == 0 ? buf_detach(&out, &len) : NULL;
}

static void add_parked(struct buf *out, const struct hook_delivery *d)
{
	buf_fmt(out,
		"%s{\"webhook_id\":\"%s\",\"change_id\":\"%s\",\"change_at\":\"%s\",\"position\":"
		"%" PRId64 ",\"subject\":\"%s\",\"attempts\":%d",
		out->len > 1 ? "," : "", d->endpoint->id, d->id, d->at, d->position, d->subject,
		d->attempt);
	if (d->due_us)
		add_moment(out, "due_at", d->due_us);
	else
		buf_str(out, STR(",\"due_at\":\"infinity\""));
	add_moment(out, "due_from", d->parked_us);
	buf_char(out, '}');
}

/* Everything before the first of its window that the database does not know, or is not told now. */
static int64_t cursor_of(const struct hook_endpoint *e)
{
	const struct hook_delivery *d;

	TAILQ_FOREACH (d, &e->window, link) {
		if (d->stage != HOOK_FLUSHING)
			return d->position - 1;
	}
	return e->read_to;
}

/* Is there anything to be said of its cursor? */
static bool has_moved(const struct hook_endpoint *e)
{
	return e->is_active && (cursor_of(e) > e->cursor || e->failures || e->has_succeeded);
}

bool flush_has_all(const struct hook_endpoint *e)
{
	return !e->window_count && !e->retry_count && !has_moved(e);
}

/*
 * Is its move due? One that only passed what nobody wants there is read from there again after a
 * restart and sent nothing, so it moves seldom, and all such together two hundred times a second:
 * each move is a version of its row, and while somebody holds an old snapshot none of them goes
 * away.
 */
static bool is_due(const struct hook_endpoint *e, int64_t now_us)
{
	int64_t rest_ms = HOOK_CURSOR_MS;

	if (e->stale_us) /* a new version of the webhook waits for it */
		return true;
	if (!e->has_succeeded && !e->failures) {
		rest_ms = (int64_t)e->hooks->endpoint_count * HOOK_PASSING_MS;
		rest_ms = rest_ms > HOOK_PASSED_MS ? rest_ms : HOOK_PASSED_MS;
	}
	return now_us >= e->cursor_moved_us + rest_ms * INT64_C(1000);
}

/* True if there is a cursor to be moved. */
static bool add_cursors(struct hooks *h, struct buf *out)
{
	int64_t now_us = clock_mono_us();
	struct hook_endpoint *e;

	TAILQ_FOREACH (e, &h->endpoints, link) {
		if (!has_moved(e) || !is_due(e, now_us))
			continue;
		e->cursor = cursor_of(e);
		buf_fmt(out,
			"%s{\"webhook_id\":\"%s\",\"position\":%" PRId64
			",\"is_success\":%s,\"failures\":%d}",
			out->len > 1 ? "," : "", e->id, e->cursor,
			e->has_succeeded ? "true" : "false", e->failures);
		e->cursor_moved_us = now_us;
		e->has_succeeded = false;
		e->failures = 0;
	}
	return out->len > 1;
}

void flush_add(struct hook_delivery *d)
{
	struct hooks *h = d->endpoint->hooks;

	TAILQ_INSERT_TAIL(&h->done, d, done);
	if (!h->fresh++)
		h->fresh_us = clock_mono_us();
}

void flush_forget(struct hook_delivery *d)
{
	struct hooks *h = d->endpoint->hooks;

	TAILQ_REMOVE(&h->done, d, done);
	h->fresh -= d->stage == HOOK_SENT;
}

int64_t flush_wait_us(const struct hooks *h)
{
	int64_t wait_us = h->fresh_us + HOOK_GATHER_MS * INT64_C(1000) - clock_mono_us();

	if (!h->fresh || h->is_flushing)
		return -1;
	return h->is_flush_due || h->fresh >= MOST || wait_us < 0 ? 0 : wait_us;
}

/* Is it time, by what was done or by the cursors? */
static bool is_time(const struct hooks *h)
{
	return !flush_wait_us(h) || clock_mono_us() >= h->cursors_us + CURSORS_MS * INT64_C(1000);
}

struct flush {
	struct buf attempts, parked, over, cursors;
};

/* True if there is anything to keep. */
static bool collect(struct hooks *h, struct flush *f)
{
	struct hook_delivery *d;
	int n = 0;

	TAILQ_FOREACH (d, &h->done, done) {
		if (n++ == MOST)
			break;
		d->stage = HOOK_FLUSHING;
		h->fresh--;
		d->endpoint->has_succeeded |= d->is_success;
		if (d->is_success)
			d->endpoint->failures = 0;
		else
			d->endpoint->failures += d->attempt_row != NULL;
		if (d->attempt_row) {
			buf_str(&f->attempts, f->attempts.len > 1 ? STR(",") : STR(""));
			buf_str(&f->attempts, str_of(d->attempt_row));
		}
		if (d->is_parked)
			add_parked(&f->parked, d);
		if (d->is_over && d->is_retry)
			buf_fmt(&f->over,
				"%s{\"webhook_id\":\"%s\",\"change_id\":\"%s\",\"subject\":\"%s\"}",
				f->over.len > 1 ? "," : "", d->endpoint->id, d->id, d->subject);
	}
	return add_cursors(h, &f->cursors) || n > 0;
}

/* All that the last look found due of it is on its way or kept, and there may be more: it is looked
 * for at once, or a webhook would be sent a window a second of what is recovered, whatever its
 * rate. */
static bool has_more_due(const struct hook_endpoint *e)
{
	return e->due_found >= HOOK_WINDOW && !e->due_count;
}

/* It is in the database: the window has room again. */
static void delivery_kept(struct hook_delivery *d)
{
	struct hook_endpoint *e = d->endpoint;

	flush_forget(d);
	if (d->is_retry) {
		TAILQ_REMOVE(&e->retries, d, link);
		e->retry_count--;
	} else {
		TAILQ_REMOVE(&e->window, d, link);
		e->window_count--;
	}
	/* What waited behind it is due now, or more than was found is; or a new version of the
	 * webhook has waited for this. */
	if ((d->is_over && d->is_retry && e->mode != HOOK_UNORDERED) || has_more_due(e) ||
	    e->stale_us)
		e->hooks->is_look_due = true;
	endpoint_ready(e);
	delivery_free(d);
}

static void on_flushed(void *arg, int err, const struct db_reply *r)
{
	struct hooks *h = arg;
	struct q_hook_flush_row row;
	struct hook_delivery *d, *next;

	h->is_flushing = false;
	if (err == 0)
		err = q_hook_flush_one(r, 0, &row);
	if (err < 0) {
		hook_start_over(h, "deliveries could not be kept", err);
		return;
	}
	for (d = TAILQ_FIRST(&h->done); d; d = next) {
		next = TAILQ_NEXT(d, done);
		if (d->stage == HOOK_FLUSHING)
			delivery_kept(d);
	}
	hook_turn(h);
}

void flush_turn(struct hooks *h)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct flush f = {BUF(ROWS_MAX), BUF(ROWS_MAX), BUF(ROWS_MAX), BUF(ROWS_MAX)};
	struct buf *all[] = {&f.attempts, &f.parked, &f.over, &f.cursors};
	struct db_batch *b = NULL;

	if (h->is_flushing || !h->lease.fence || !is_time(h))
		return;
	h->is_flush_due = false;
	h->cursors_us = clock_mono_us();
	for (size_t i = 0; i < COUNT(all); i++)
		buf_char(all[i], '[');
	if (collect(h, &f)) {
		arena_done(&h->flush_arena);
		b = db_batch_new(&h->flush_arena, DB_WRITE, &nobody);
		h->has_unkept = !b;
	}
	for (size_t i = 0; i < COUNT(all); i++)
		buf_char(all[i], ']');
	if (b) {
		q_hook_flush_add(b, &(struct q_hook_flush){
					    .fence = h->lease.fence,
					    .attempts = buf_view(&f.attempts),
					    .parked = buf_view(&f.parked),
					    .over = buf_view(&f.over),
					    .cursors = buf_view(&f.cursors),
				    });
		if (f.over.len > COUNT("[]") - 1)
			q_hook_release_add(b, &(struct q_hook_release){
						      .fence = h->lease.fence,
						      .over = buf_view(&f.over),
					      });
		h->is_flushing = true;
		db_pool_send(h->pool, b, on_flushed, h);
	}
	for (size_t i = 0; i < COUNT(all); i++)
		buf_done(all[i]);
}
