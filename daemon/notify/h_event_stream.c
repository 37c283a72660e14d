/*
 * The feed as Server-Sent Events (the HTML standard, section 9.2): what a page of the list would
 * say, as it comes. `id:` is the position, so that a reader who was cut off goes on by
 * Last-Event-ID without a loss or a double. No `event:`: the type stands in the data, and a
 * browser gives events without a name to one listener.
 *
 * A turn is one look at the feed and what it found. A quiet feed is told at once; a busy one in a
 * look every PACE_MS, so that many streams cost few looks. With too much waiting for a client
 * nothing more is asked for; who then takes nothing is cut by the server ([http] write_ms).
 */
#include <inttypes.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/flow/flow_await.h"
#include "daemon/flow/flow_lasting.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "h_event.h"
#include "q.h"

/*
 * Events of a turn, and its bytes at most; milliseconds between looks and of silence; positions
 * after which a turn is one of a reader who is behind, and goes on at once.
 */
enum { TURN_ROWS = 50, TURN_MAX = 8 << 20, PACE_MS = 250, BEAT_MS = 15000, BEHIND = 1000 };
/* How long a browser waits before it comes again: spread, for when a process has ended. */
enum { RETRY_MS = 1000, RETRY_SPREAD_MS = 4000 };

static const struct flow_step turn[6];

/* What the list takes and a stream has no use for. */
static void refuse_paging(struct flow *f)
{
	static const char *const of_pages[] = {"limit", "wait"};

	for (size_t i = 0; i < COUNT(of_pages); i++) {
		if (str_is_null(flow_query(f, of_pages[i])))
			continue;
		flaw_add(&f->flaws, arena_fmt(f->arena, "/%s", of_pages[i]), STR("NOT_HERE"),
			 STR("A stream has no pages and always waits."), STR("Leave it out."));
	}
}

/* Where a reader who was cut off stood; it has the last word. Empty, as a new one's is: nowhere. */
static void read_last_id(struct flow *f, struct event_flow *e)
{
	struct str id = str_trim(http_field_get(f->request, STR("last-event-id")));
	int64_t n;

	if (!id.len)
		return;
	if (str_to_i64(id, &n) == 0 && n >= 0 && n <= INT64_MAX / 2)
		e->after = n;
	else
		flaw_add(&f->flaws, STR("/Last-Event-ID"), STR("OUT_OF_RANGE"),
			 STR("Last-Event-ID is not a position of the feed."),
			 STR("Send the id that came with the last event, or leave it out."));
}

/* How far the feed is, before anything is promised. */
static enum step_result ask_head(struct flow *f)
{
	struct event_flow *e = f->state;
	int r = event_read(f, e);

	refuse_paging(f);
	read_last_id(f, e);
	if (r < 0 || flaws_err(&f->flaws) < 0)
		return flow_fail(f, ERR_QUERY);
	q_feed_head_add(flow_batch(f));
	return flow_send(f);
}

static enum step_result open_stream(struct flow *f)
{
	CLEANUP(buf_done) struct buf first = BUF(64);
	struct event_flow *e = f->state;
	struct q_feed_head_row head;
	int r = q_feed_head_one(f->got, 0, &head);

	if (r == 0)
		r = event_beyond(f, e, head.position);
	if (r < 0)
		return flow_fail(f, r);
	e->limit = TURN_ROWS;
	r = flow_lasting_begin(f, STR("text/event-stream"));
	if (r < 0)
		return flow_fail(f, r);
	if (f->request->method == METHOD_HEAD)
		return STEP_DONE;
	e->told = e->after;
	e->began_us = e->spoke_us = clock_mono_us();
	buf_fmt(&first, "retry: %" PRId64 "\n\n", RETRY_MS + e->began_us % RETRY_SPREAD_MS);
	flow_stream_add(f, &first);
	return flow_become(f, turn);
}

/* A client that lags is not waited for: it comes again, and goes on where it was. */
static enum step_result finish(struct flow *f)
{
	return flow_lasting_is_taken(f) ? STEP_DONE : flow_fail(f, ERR_DRAINING);
}

static enum step_result look(struct flow *f)
{
	struct event_flow *e = f->state;
	int64_t now_us = clock_mono_us();

	if (f->worker->is_draining ||
	    now_us - e->began_us >= f->worker->conf->http_lifetime_s * 1000000)
		return finish(f);
	e->looked_us = now_us;
	event_page_add(f, e);
	flow_lasting_ask(f);
	return flow_send(f);
}

/* The body is one line; should it ever be more, a line each. */
static void write_event(struct buf *out, const struct q_event_page_row *row)
{
	struct str rest = row->body;

	buf_fmt(out, "id: %" PRId64 "\n", row->position);
	do {
		buf_str(out, STR("data: "));
		buf_str(out, str_cut(rest, '\n', &rest));
		buf_char(out, '\n');
	} while (rest.len);
	buf_char(out, '\n');
}

/*
 * A comment keeps the line open. An id without data is told to nobody, and remembered: who chooses
 * little of the feed does not begin far behind when it comes again.
 */
static void write_beat(struct buf *out, const struct event_flow *e)
{
	buf_str(out, STR(":\n"));
	if (e->after != e->told)
		buf_fmt(out, "id: %" PRId64 "\n", e->after);
	buf_char(out, '\n');
}

/* Write what was found, and where to go on from. 0, or what is wrong with a row. */
static int write_turn(struct flow *f, struct event_flow *e, struct buf *out)
{
	int rows = db_rows(f->got, 0);
	struct q_event_page_row row = {0};
	int64_t from = e->after;

	for (int i = 0; i < rows; i++) {
		int r = q_event_page_row(f->got, 0, i, &row);

		if (r < 0)
			return r;
		if (!row.has_position)
			break;
		write_event(out, &row);
		e->told = row.position;
	}
	e->after = rows == e->limit && row.has_position ? row.position : row.upto;
	e->is_behind = rows == e->limit || e->after - from >= BEHIND;
	return 0;
}

static enum step_result tell(struct flow *f)
{
	CLEANUP(buf_done) struct buf piece = BUF(TURN_MAX);
	struct event_flow *e = f->state;
	int64_t now_us = clock_mono_us();
	int r = flow_lasting_hear(f);

	if (r == ERR_UNAUTHENTICATED)
		return STEP_DONE; /* who comes again is told why */
	if (r == 0)
		r = write_turn(f, e, &piece);
	if (r == 0 && !piece.len && now_us - e->spoke_us >= BEAT_MS * INT64_C(1000)) {
		write_beat(&piece, e);
		e->told = e->after;
	}
	if (r == 0)
		r = buf_err(&piece);
	if (r < 0)
		return flow_fail(f, r);
	if (piece.len)
		e->spoke_us = now_us;
	flow_stream_add(f, &piece);
	return flow_stream_has_room(f) ? STEP_NEXT : flow_stream_wait(f);
}

/* Without a feed in this process nobody would wake it: the client's next call looks again. */
static enum step_result await_more(struct flow *f)
{
	struct event_flow *e = f->state;
	int64_t left_ms = BEAT_MS - (clock_mono_us() - e->spoke_us) / 1000;

	if (e->is_behind || f->worker->is_draining)
		return flow_become(f, turn);
	if (!f->worker->process->feed)
		return finish(f);
	return flow_await_feed(f, e->after, left_ms > 1 ? (int)left_ms : 1);
}

/* Something came, or it is time to speak, or to end; but not too soon after the last look. */
static enum step_result pace(struct flow *f)
{
	struct event_flow *e = f->state;
	int64_t left_ms = PACE_MS - (clock_mono_us() - e->looked_us) / 1000;

	if (left_ms <= 0 || f->worker->is_draining)
		return STEP_NEXT;
	return flow_await_feed(f, INT64_MAX, (int)left_ms);
}

static enum step_result again(struct flow *f)
{
	return flow_become(f, turn);
}

static const struct flow_step turn[6] = {
	{"look", look}, {"tell", tell}, {"wait", await_more}, {"pace", pace}, {"again", again}, {0},
};

const struct flow_step flow_event_stream[] = {
	{"ask for its end", ask_head},
	{"open the stream", open_stream},
	{0},
};
