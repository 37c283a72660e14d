/*
 * Reading the change feed. A list looks once; when it found nothing and may wait, the feed's
 * thread holds the ticket until the feed has moved, and the list looks again, until its time
 * is over. `next` is never null: it carries the last position that was looked at.
 */
#include "h_event.h"

#include <inttypes.h>

#include "daemon/base/clock.h"
#include "daemon/feed/feed.h"
#include "daemon/flow/flow_await.h"
#include "daemon/flow/flow_format.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/notify/event_pattern.h"
#include "libassets/shape/shape_form.h"
#include "q.h"

enum { LIST_MAX = 48 << 20, FRESH_WAIT_MS = 2000 };

static void bad_query(struct flow *f, const char *pointer, const char *detail, const char *cure)
{
	flaw_add(&f->flaws, str_of(pointer), STR("QUERY"), str_of(detail), str_of(cure));
}

/* A number of the query, `fallback` when it was not given; what is wrong becomes a flaw. */
static int64_t query_number(struct flow *f, const char *name, int64_t fallback, int64_t most)
{
	struct str text = flow_query(f, name);
	int64_t n;

	if (str_is_null(text))
		return fallback;
	if (str_to_i64(text, &n) == 0 && n >= 0 && n <= most)
		return n;
	flaw_add(&f->flaws, arena_fmt(f->arena, "/%s", name), STR("OUT_OF_RANGE"),
		 arena_fmt(f->arena, "%s is not a whole number from 0 to %" PRId64 ".", name, most),
		 STR("Leave it out, or send one."));
	return fallback;
}

static void bad_types(struct flow *f)
{
	bad_query(f, "/types", "types is not a list of event types.",
		  "Send such as types=request.*,asset.created, at most 100.");
}

/* `*` is LIKE's `%`, and `_` means itself. */
static struct str like_pattern(struct flow *f, struct str pattern)
{
	CLEANUP(buf_done) struct buf like = BUF(4 * EVENT_PATTERN_LONGEST);

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.at[i] == '_')
			buf_char(&like, '\\');
		buf_char(&like, pattern.at[i] == '*' ? '%' : pattern.at[i]);
	}
	return arena_str(f->arena, buf_view(&like));
}

static void read_types(struct flow *f, struct event_flow *e)
{
	struct str *like = ARENA_ARRAY(f->arena, EVENT_PATTERNS_MAX, struct str);
	CLEANUP(buf_done) struct buf types = BUF(HTTP_TARGET_MAX);
	struct str rest = flow_query(f, "types");
	size_t n = 0;

	while (like && !str_is_null(rest)) {
		struct str one = str_trim(str_cut(rest, ',', &rest));

		if (n == EVENT_PATTERNS_MAX || event_pattern_check(one) < 0) {
			bad_types(f);
			return;
		}
		if (n)
			buf_char(&types, ',');
		buf_str(&types, one);
		like[n++] = like_pattern(f, one);
	}
	e->types = n ? arena_str(f->arena, buf_view(&types)) : (struct str){NULL, 0};
	e->like = db_text_array(f->arena, like, n);
}

int event_read(struct flow *f, struct event_flow *e)
{
	e->after = query_number(f, "after", 0, INT64_MAX / 2);
	e->limit = query_number(f, "limit", EVENT_LIMIT, EVENT_LIMIT_MAX);
	e->wait_s = query_number(f, "wait", 0, EVENT_WAIT_MAX_S);
	if (!e->limit)
		bad_query(f, "/limit", "limit is 0.", "Send a number from 1 to 1000.");
	read_types(f, e);
	e->subject = flow_query(f, "subject");
	if (!str_is_null(e->subject) && !shape_is_id(e->subject))
		bad_query(f, "/subject", "subject is not an id.", "Send such as subject=ast_….");
	if (e->wait_s && f->worker->process->feed)
		e->until_us = clock_mono_us() + e->wait_s * 1000000;
	return flaws_err(&f->flaws) < 0 ? ERR_QUERY : 0;
}

/*
 * Nobody was given a position that the feed has not reached, but of a register whose database was
 * since replaced by an older copy. New events will have the numbers of those that its reader knows,
 * and to wait for what comes behind them would pass these over in silence.
 */
int event_beyond(struct flow *f, const struct event_flow *e, int64_t head)
{
	if (e->after <= head)
		return 0;
	flaw_add(&f->flaws, STR("/after"), STR("BEYOND_THE_END"),
		 arena_fmt(f->arena, "The feed ends at position %" PRId64 ".", head),
		 STR("If you were given a later one here, the register was restored from an older "
		     "copy: compare what you hold with it, and go on from its end."));
	return ERR_QUERY;
}

void event_page_add(struct flow *f, const struct event_flow *e)
{
	q_event_page_add(flow_batch(f), &(struct q_event_page){
						.after = e->after,
						.types = e->like,
						.subject = e->subject,
						.most = (int32_t)e->limit,
					});
}

static const struct flow_step list_round[4];

static enum step_result list_choose(struct flow *f)
{
	struct str type;

	if (flow_format(f, &type) < 0)
		return flow_fail(f, ERR_QUERY);
	if (str_eq(type, STR("text/event-stream")))
		return flow_become(f, flow_event_stream);
	if (event_read(f, f->state) < 0)
		return flow_fail(f, ERR_QUERY);
	return flow_become(f, list_round);
}

static enum step_result list_look(struct flow *f)
{
	event_page_add(f, f->state);
	return flow_send(f);
}

/* Where to go on: all of it was checked, so nothing needs to be escaped. */
static void add_next(struct buf *out, const struct event_flow *e, int64_t upto)
{
	buf_fmt(out, "\"/v1/events?after=%" PRId64, upto);
	if (!str_is_null(e->types)) {
		buf_str(out, STR("&types="));
		buf_str(out, e->types);
	}
	if (!str_is_null(e->subject)) {
		buf_str(out, STR("&subject="));
		buf_str(out, e->subject);
	}
	if (e->limit != EVENT_LIMIT)
		buf_fmt(out, "&limit=%" PRId64, e->limit);
	if (e->wait_s)
		buf_fmt(out, "&wait=%" PRId64, e->wait_s);
	buf_char(out, '"');
}

/* Like flow_answer, but never kept: the same question has another answer in a moment. */
static enum step_result list_answer(struct flow *f, int count, int64_t upto)
{
	struct http_reply *reply = f->reply;
	struct q_event_page_row row;

	reply->status = 200;
	http_reply_field(reply, STR("Content-Type"), STR("application/json"));
	http_reply_field(reply, STR("Vary"), STR("Accept, Authorization, Accept-Encoding"));
	http_reply_field(reply, STR("Cache-Control"), STR("no-cache"));
	reply->body = BUF(LIST_MAX);
	buf_str(&reply->body, STR("{\"items\":["));
	for (int i = 0; i < count; i++) {
		int r = q_event_page_row(f->got, 0, i, &row);

		if (r < 0)
			return flow_fail(f, r);
		if (i)
			buf_char(&reply->body, ',');
		buf_str(&reply->body, row.body);
	}
	buf_str(&reply->body, STR("],\"next\":"));
	add_next(&reply->body, f->state, upto);
	buf_char(&reply->body, '}');
	if (buf_err(&reply->body) < 0)
		return flow_fail(f, buf_err(&reply->body));
	return STEP_DONE;
}

static enum step_result list_decide(struct flow *f)
{
	struct event_flow *e = f->state;
	int64_t left_ms = e->until_us ? (e->until_us - clock_mono_us()) / 1000 : 0;
	struct q_event_page_row row;
	int rows = db_rows(f->got, 0), r;

	r = q_event_page_row(f->got, 0, rows - 1, &row); /* the last there is; never none */
	if (r == 0)
		r = event_beyond(f, e, row.head);
	if (r < 0)
		return flow_fail(f, r);
	if (!row.has_position && left_ms > 0 && !f->worker->is_draining) {
		e->after = row.upto;
		return flow_await_feed(f, row.upto, (int)left_ms);
	}
	if (!row.has_position)
		return list_answer(f, 0, row.upto);
	return list_answer(f, rows, rows == e->limit ? row.position : row.upto);
}

/* Each round is one look, until something is found or the time is over. */
static enum step_result list_woken(struct flow *f)
{
	return flow_become(f, list_round);
}

static const struct flow_step list_round[4] = {
	{"look", list_look},
	{"decide", list_decide},
	{"woken", list_woken},
	{0},
};

const struct flow_step flow_event_list[] = {
	{"choose", list_choose},
	{0},
};

static enum step_result show_load(struct flow *f)
{
	struct event_flow *e = f->state;

	if (!shape_is_id(f->param[0]) || !str_starts(f->param[0], STR("evt_")))
		return flow_fail(f, ERR_NOT_FOUND);
	if (f->worker->process->feed)
		e->after = feed_position(f->worker->process->feed);
	q_item_show_add(flow_batch(f),
			&(struct q_item_show){.kind = STR("evt"), .id = f->param[0]});
	return flow_send(f);
}

/* Made a moment ago, as its id says (id.h): it may only be waiting for its position. */
static bool is_fresh(const struct flow *f)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	int64_t made_ms = 0;

	for (size_t i = 4; i < 14; i++) {
		const char *digit = strchr(digits, f->param[0].at[i]);

		if (!digit)
			return false;
		made_ms = made_ms << 5 | (digit - digits);
	}
	return made_ms > clock_now_us() / 1000 - FRESH_WAIT_MS;
}

static enum step_result show_answer(struct flow *f)
{
	struct event_flow *e = f->state;
	struct q_item_show_row row;
	int64_t left_ms;
	int r = q_item_show_one(f->got, 0, &row);

	if (r == ERR_NOT_FOUND && f->worker->process->feed && is_fresh(f)) {
		if (!e->until_us)
			e->until_us = clock_mono_us() + FRESH_WAIT_MS * INT64_C(1000);
		left_ms = (e->until_us - clock_mono_us()) / 1000;
		if (left_ms > 0 && !f->worker->is_draining)
			return flow_await_feed(f, e->after, (int)left_ms);
	}
	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag(f, row.version, arena_str(f->arena, row.view).at))
		return STEP_DONE;
	return flow_answer(f, 200, row.body);
}

static enum step_result show_woken(struct flow *f)
{
	return flow_become(f, flow_event_show);
}

const struct flow_step flow_event_show[] = {
	{"load", show_load},
	{"answer", show_answer},
	{"woken", show_woken},
	{0},
};
