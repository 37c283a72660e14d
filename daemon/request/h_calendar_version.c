/*
 * Versions of the calendars, made and applied.
 *
 * Making one decides everything: the days that stand from then on, what the list adds to the
 * rules and what it lacks, and which running dates it would move, of the requests that the
 * operator may read. Applying it only says that it stands; recount.c then moves the dates,
 * of every request, each with its event. Two versions laid over the same one cannot both stand.
 */
#include "h_calendar_version.h"

#include "daemon/route/h.h"
#include "h_calendar_moves.h"
#include "libassets/clock/calendar_list.h"
#include "q.h"

/* Requests whose moves are kept with a version; flow_calendar_moves goes over all. */
enum { REQUESTS_MAX = 1000 };

struct calendar_flow {
	struct calendar_form form;
	struct shape_list days; /* of struct calendar_day; none were sent: empty */
	struct str id;          /* of what was stored */
};

static int decode(struct flow *f, struct calendar_flow *s)
{
	json_t *document;
	int r = flow_body(f);

	if (r < 0)
		return r;
	document = wire_member(f->body, "bank_holidays");
	if (document)
		r = calendar_list_read(document, &WIRE_KEY(&WIRE_TOP, "bank_holidays"), &f->flaws,
				       &s->days);
	(void)json_object_del(f->body, "bank_holidays");
	shape_clear(&calendar_form_shape, &s->form);
	shape_decode(&calendar_form_shape, f->body, SHAPE_CREATE, &WIRE_TOP, &f->flaws, &s->form);
	if (!document && !s->form.instruments && !s->form.clocks.count && !f->flaws.count)
		h_flaw(f, "bank_holidays", "REQUIRED", STR("There is nothing that would change."),
		       STR("Send a list of bank holidays as GOV.UK publishes it, instruments, or "
			   "clocks."));
	return f->flaws.count ? flaws_err(&f->flaws) : r;
}

int calendar_add_decode(struct flow *f)
{
	struct calendar_flow *s = f->state = ARENA_NEW(f->arena, struct calendar_flow);

	return s ? decode(f, s) : ERR_NOMEM;
}

enum step_result calendar_add_ask(struct flow *f)
{
	q_calendar_current_add(flow_batch(f));
	q_calendar_requests_add(flow_batch(f), &(struct q_calendar_requests){.most = REQUESTS_MAX});
	return flow_send(f);
}

static enum step_result add_load(struct flow *f)
{
	int r = calendar_add_decode(f);

	return r < 0 ? flow_fail(f, r) : calendar_add_ask(f);
}

/* The version that stands, and its id; without one the rules alone, and an absent id. */
static int current(struct flow *f, struct calendar_version *ret_version, struct str *ret_id)
{
	struct q_calendar_current_row row;
	int r;

	shape_clear(&calendar_version_shape, ret_version);
	*ret_id = (struct str){NULL, 0};
	if (q_calendar_current_count(f->got, 0) == 0)
		return 0;
	r = q_calendar_current_row(f->got, 0, 0, &row);
	if (r == 0)
		r = h_stored(f, row.fields, &calendar_version_shape, ret_version);
	if (r == 0)
		*ret_id = arena_str(f->arena, row.id);
	return r;
}

enum step_result calendar_add_store(struct flow *f)
{
	struct calendar_flow *s = f->state;
	struct calendar_version before, next;
	struct shape_list added, missing;
	struct str over_id, moves, id;
	int r = current(f, &before, &over_id);

	if (r == 0)
		r = calendar_version_next(&before, s->days, &s->form, f->today, &f->flaws, &next);
	if (r == 0)
		r = calendar_list_compare(s->days, f->arena, &added, &missing);
	if (r == 0)
		r = calendar_moves(f, &next, 1, REQUESTS_MAX, &moves);
	if (r < 0)
		return flow_fail(f, r);
	id = s->id = h_id(f, "cal_");
	q_calendar_insert_add(flow_batch(f),
			      &(struct q_calendar_insert){
				      .id = id,
				      .over_id = over_id,
				      .source = s->form.source,
				      .fields = h_json(f, &calendar_version_shape, &next),
				      .added = h_json_list(f, &calendar_day_shape, added),
				      .missing = h_json_list(f, &calendar_day_shape, missing),
				      .moves = moves,
			      });
	h_change(f,
		 &(struct h_change){
			 .type = "calendar.previewed", .subject = id, .seq = 1, .data = STR("{}")});
	return flow_store_end(f, "cal", id, 201);
}

struct str calendar_added(const struct flow *f)
{
	const struct calendar_flow *s = f->state;

	return s->id;
}

const struct flow_step flow_calendar_add[] = {
	{"load", add_load},
	{"store", calendar_add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result calendar_apply_load(struct flow *f)
{
	q_calendar_load_add(flow_batch(f), &(struct q_calendar_load){.id = f->param[0]});
	return flow_send(f);
}

enum step_result calendar_apply_store(struct flow *f)
{
	struct q_calendar_load_row row;
	int r = q_calendar_load_one(f->got, 0, &row);

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0 && (!str_eq(row.state, STR("PREVIEWED")) || !row.is_over_current))
		r = ERR_CALENDAR_STATE;
	if (r == 0 && row.is_too_late) {
		flow_detail(f, STR("A day has come from which it would change how long a clock "
				   "runs, and what came by then keeps its dates."));
		r = ERR_CALENDAR_STATE;
	}
	if (r == 0 && row.loses_past) {
		flow_detail(f, STR("A holiday that it takes back has passed since it was loaded, "
				   "and what was counted by it stays. Load the list anew."));
		r = ERR_CALENDAR_STATE;
	}
	if (r < 0)
		return flow_fail(f, r);
	q_calendar_apply_add(flow_batch(f), &(struct q_calendar_apply){.id = f->param[0],
								       .seen = row.version,
								       .stale = h_stale(f)});
	h_change(f, &(struct h_change){.type = "calendar.applied",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .data = arena_fmt(f->arena, "{\"calendar_id\":\"%s\"}",
							 f->param[0].at)});
	return flow_store_end(f, "cal", f->param[0], 200);
}

const struct flow_step flow_calendar_apply[] = {
	{"load", calendar_apply_load},
	{"store", calendar_apply_store},
	{"answer", flow_store_answer},
	{0},
};
