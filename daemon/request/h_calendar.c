/*
 * GET /v1/requests/{id}/deadlines.ics: what `deadlines` says, for calendars. A deadline that was
 * met or stopped stays as cancelled, so that a subscriber's calendar takes it away.
 *
 * A deadline keeps its UID, by its clock and which of those of that clock it is: also where the day
 * from which it runs is corrected. So a calendar moves the entry it has instead of adding one
 * (RFC 5545 section 3.8.4.7).
 */
#include "h_calendar.h"

#include "daemon/base/conf.h"
#include "daemon/process/worker.h"
#include "daemon/route/as_at.h"
#include "libassets/clock/ical.h"
#include "q.h"

/* Bytes: of the whole, and of one description. */
enum { CALENDAR_MAX = 1 << 20, TEXT_MAX = 8192 };

static struct str text_of(const json_t *object, const char *key)
{
	return str_of(json_string_value(json_object_get(object, key)));
}

static enum step_result calendar_load(struct flow *f)
{
	struct as_at at;
	int r = as_at_read(f, &at);

	if (r < 0)
		return flow_fail(f, r);
	q_request_deadlines_add(flow_batch(f),
				&(struct q_request_deadlines){.id = f->param[0],
							      .valid_on = at.valid_on,
							      .known_at = at.known_at});
	return flow_send(f);
}

/* The sentences that say how the day was found, one a line, and the law. */
static void describe(const json_t *deadline, struct buf *out)
{
	const json_t *how = json_object_get(deadline, "how");
	const json_t *sentence;
	size_t i;

	json_array_foreach (how, i, sentence) {
		buf_str(out, str_of(json_string_value(sentence)));
		buf_char(out, '\n');
	}
	buf_str(out, text_of(deadline, "citation"));
}

/* Which of those of its clock it is, from 1. */
static int nth_of(const json_t *deadlines, size_t at)
{
	struct str clock = text_of(json_array_get(deadlines, at), "clock");
	int nth = 1;

	for (size_t i = 0; i < at; i++)
		nth += str_eq(text_of(json_array_get(deadlines, i), "clock"), clock);
	return nth;
}

static void add_date(struct arena *a, const struct calendar_request *r, const json_t *deadline,
		     int nth, struct buf *out)
{
	CLEANUP(buf_done) struct buf description = BUF(TEXT_MAX);
	struct str clock = text_of(deadline, "clock");
	struct str state = text_of(deadline, "state");
	struct day on;

	if (day_parse(text_of(deadline, "due_on"), &on) < 0)
		return;
	describe(deadline, &description);
	ical_date(
		out,
		&(struct ical_date){
			.uid = arena_fmt(a, "%.*s-%s-%d", (int)r->id.len, r->id.at, clock.at, nth),
			.stamp = r->stamp,
			.sequence = r->version,
			.on = on,
			.summary = arena_fmt(a, "%.*s, %.*s: %s", (int)r->reference.len,
					     r->reference.at, (int)r->land.len, r->land.at,
					     text_of(deadline, "name").at),
			.description = buf_view(&description),
			.url = *r->base_url ? arena_fmt(a, "%s/requests/%.*s", r->base_url,
							(int)r->id.len, r->id.at)
					    : (struct str){NULL, 0},
			.is_cancelled = str_eq(state, STR("MET")) || str_eq(state, STR("STOPPED")),
		});
}

void calendar_put(struct arena *a, const struct calendar_request *r, struct buf *out)
{
	json_auto_t *deadlines = json_loadb(r->deadlines.at, r->deadlines.len, 0, NULL);
	const json_t *deadline;
	size_t i;

	json_array_foreach (deadlines, i, deadline)
		add_date(a, r, deadline, nth_of(deadlines, i), out);
}

static enum step_result calendar_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(CALENDAR_MAX);
	struct q_request_deadlines_row row;
	int r = q_request_deadlines_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	/* What was so on a day may be corrected: only what is so now has a version of its own. */
	if (!as_at_is_given(f) && flow_etag(f, row.version, "i"))
		return STEP_DONE;
	ical_begin(&out, row.reference);
	calendar_put(f->arena,
		     &(struct calendar_request){
			     .id = f->param[0],
			     .version = row.version,
			     .reference = row.reference,
			     .land = row.land,
			     .stamp = row.stamp,
			     .deadlines = row.deadlines,
			     .base_url = f->worker->conf->http_base_url,
		     },
		     &out);
	ical_end(&out);
	if (buf_err(&out) < 0)
		return flow_fail(f, buf_err(&out));
	return flow_answer_as(f, 200, STR("text/calendar; charset=utf-8"), buf_view(&out));
}

const struct flow_step flow_request_calendar[] = {
	{"load", calendar_load},
	{"answer", calendar_answer},
	{0},
};
