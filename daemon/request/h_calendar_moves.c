/*
 * The dates of one request after another, worked out by the version's calendars and compared with
 * those that are kept. Nothing is stored: each page is of the register as it stands.
 */
#include "h_calendar_moves.h"

#include "daemon/route/h.h"
#include "libassets/request/deadline_shift.h"
#include "libassets/request/request_clock.h"
#include "q.h"

enum { MOVES_MAX = 4 << 20 };

/* What the dates of one request after another are worked out with. */
struct preview {
	struct calendars calendars;
	struct request_clocks clocks;
	struct deadline_shift shift[DEADLINES_MAX];
};

/* The dates of one request that would move, into the list of all. */
static int add_moves(struct flow *f, const struct q_calendar_requests_row *row, struct preview *p,
		     struct buf *out)
{
	json_auto_t *kept = json_loadb(row->deadlines.at, row->deadlines.len, 0, NULL);
	struct request r;
	size_t n;
	int err = kept ? h_stored(f, row->row, &request_shape, &r) : ERR_NOMEM;

	if (err < 0)
		return err;
	r.calendars = &p->calendars;
	request_clocks(&r, &p->clocks);
	n = deadlines_shifted(kept, p->clocks.at, p->clocks.count, p->shift);
	for (size_t i = 0; i < n; i++) {
		buf_fmt(out, "%s{\"request_id\":\"%.*s\",\"reference\":\"%.*s\",\"move\":",
			out->len > 1 ? "," : "", (int)row->id.len, row->id.at,
			(int)row->reference.len, row->reference.at);
		deadline_shift_encode(&p->shift[i], out);
		buf_char(out, '}');
	}
	return buf_err(out);
}

int calendar_moves(struct flow *f, const struct calendar_version *v, int statement, int most,
		   struct str *ret_moves)
{
	CLEANUP(buf_done) struct buf out = BUF(MOVES_MAX);
	struct preview *p = ARENA_NEW(f->arena, struct preview);
	int n = q_calendar_requests_count(f->got, statement);
	int r = p ? calendar_version_calendars(v, f->arena, &p->calendars) : ERR_NOMEM;

	buf_char(&out, '[');
	for (int i = 0; r == 0 && i < n && i < most; i++) {
		struct q_calendar_requests_row row;

		r = q_calendar_requests_row(f->got, statement, i, &row);
		if (r == 0)
			r = add_moves(f, &row, p, &out);
	}
	buf_char(&out, ']');
	if (r == 0)
		r = buf_err(&out);
	if (r == 0)
		*ret_moves = arena_str(f->arena, buf_view(&out));
	return r;
}

static enum step_result moves_load(struct flow *f)
{
	struct str after = flow_query(f, "after");

	q_calendar_version_load_add(flow_batch(f),
				    &(struct q_calendar_version_load){.id = f->param[0]});
	q_calendar_requests_add(
		flow_batch(f),
		&(struct q_calendar_requests){.after = after.len ? after : (struct str){NULL, 0},
					      .most = CALENDAR_MOVES_PAGE + 1});
	return flow_send(f);
}

static enum step_result moves_answer(struct flow *f)
{
	struct q_calendar_version_load_row row;
	struct q_calendar_requests_row last;
	struct calendar_version version;
	struct str moves, next = STR("null");
	int r = q_calendar_version_load_one(f->got, 0, &row);

	if (r == 0)
		r = h_stored(f, row.fields, &calendar_version_shape, &version);
	if (r == 0)
		r = calendar_moves(f, &version, 1, CALENDAR_MOVES_PAGE, &moves);
	if (r == 0 && q_calendar_requests_count(f->got, 1) > CALENDAR_MOVES_PAGE) {
		r = q_calendar_requests_row(f->got, 1, CALENDAR_MOVES_PAGE - 1, &last);
		if (r == 0)
			next = arena_fmt(f->arena, "\"/v1/calendars/%s/moves?after=%.*s\"",
					 f->param[0].at, (int)last.id.len, last.id.at);
	}
	if (r < 0)
		return flow_fail(f, r);
	return flow_answer(f, 200,
			   arena_fmt(f->arena, "{\"items\":%s,\"next\":%s}\n", moves.at, next.at));
}

const struct flow_step flow_calendar_moves[] = {
	{"load", moves_load},
	{"answer", moves_answer},
	{0},
};
