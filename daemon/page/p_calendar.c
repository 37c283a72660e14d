/*
 * One version of the calendars: its days, what its list adds to the rules and what it lacks; for
 * operators the running dates that it would move, page by page, and the button that applies it.
 */
#include "daemon/request/h_calendar_moves.h"
#include "daemon/request/h_calendar_version.h"
#include "daemon/route/h.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { CALENDAR = PAGE_FRAME + 1, VERSION, REQUESTS };

static enum step_result one_load(struct flow *f)
{
	struct db_batch *b = page_batch(f);
	struct str after = flow_query(f, "after");

	q_item_show_add(b, &(struct q_item_show){.kind = STR("cal"), .id = f->param[0]});
	if (f->who->is_operator) {
		q_calendar_version_load_add(b,
					    &(struct q_calendar_version_load){.id = f->param[0]});
		q_calendar_requests_add(b,
					&(struct q_calendar_requests){
						.after = after.len ? after : (struct str){NULL, 0},
						.most = CALENDAR_MOVES_PAGE + 1});
	}
	return flow_send(f);
}

/* Of a date's two readings one may stay. */
static void put_stays(struct page *p, json_t *moves)
{
	json_t *one;
	size_t i;

	json_array_foreach (moves, i, one) {
		json_t *move = json_object_get(one, "move");

		page_put_in(p, move, "due_stays",
			    json_boolean(json_equal(json_object_get(move, "was_due_on"),
						    json_object_get(move, "due_on"))));
		page_put_in(p, move, "late_after_stays",
			    json_boolean(json_equal(json_object_get(move, "was_late_after_on"),
						    json_object_get(move, "late_after_on"))));
	}
}

/* The dates of this page's requests that would move, and where the next page is. */
static int put_moves(struct page *p)
{
	struct flow *f = p->flow;
	struct q_calendar_version_load_row row;
	struct q_calendar_requests_row last;
	struct calendar_version version;
	struct str moves;
	int r = q_calendar_version_load_one(f->got, VERSION, &row);

	if (r == 0)
		r = h_stored(f, row.fields, &calendar_version_shape, &version);
	if (r == 0)
		r = calendar_moves(f, &version, REQUESTS, CALENDAR_MOVES_PAGE, &moves);
	if (r < 0)
		return r;
	page_put(p, "moves", json_loadb(moves.at, moves.len, 0, NULL));
	put_stays(p, json_object_get(p->data, "moves"));
	if (q_calendar_requests_count(f->got, REQUESTS) > CALENDAR_MOVES_PAGE &&
	    q_calendar_requests_row(f->got, REQUESTS, CALENDAR_MOVES_PAGE - 1, &last) == 0)
		page_put(p, "next",
			 json_sprintf("/calendars/%s?after=%.*s", f->param[0].at, (int)last.id.len,
				      last.id.at));
	return 0;
}

/* The calendar of each law, in the order of the table. */
static void put_laws(struct page *p, const json_t *instruments)
{
	json_t *laws = json_array();

	for (size_t i = 0; i < calendar_setting_shape.count; i++) {
		const char *name = calendar_setting_shape.field[i].name;
		const char *set = json_string_value(json_object_get(instruments, name));
		json_t *law = json_pack("{s:s}", "calendar", set ? set : "FIXED_DAYS");

		page_put_in(p, law, "law", json_sprintf("SSI %.4s/%s", name + 4, name + 9));
		if (json_array_append_new(laws, law) && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "laws", laws);
}

/* Each length that was set, with the name of its clock. */
static void put_clocks(struct page *p, json_t *calendar)
{
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(calendar, "clocks"), i, one) {
		const char *clock = json_string_value(json_object_get(one, "clock"));
		json_int_t length = json_integer_value(json_object_get(one, "length"));
		enum clock_id id;

		if (!clock || clock_parse(str_of(clock), &id) < 0)
			continue;
		page_put_in(p, one, "name", json_string(clock_rule(id)->name));
		page_put_in(p, one, "unit",
			    json_string(period_unit_words(clock_rule(id)->period.unit,
							  (int32_t)length)));
	}
}

static void put_list(struct page *p, const json_t *calendar, const char *key)
{
	json_t *list = json_object_get(calendar, key);

	page_put(p, key, json_is_array(list) ? json_incref(list) : json_array());
}

static enum step_result one_answer(struct flow *f)
{
	struct q_item_show_row row;
	struct page p;
	json_t *calendar;
	bool is_new;
	int r = q_item_show_one(f->got, CALENDAR, &row);

	if (r < 0)
		return flow_fail(f, r);
	calendar = json_loadb(row.body.at, row.body.len, 0, NULL);
	is_new = json_is_null(json_object_get(calendar, "number"));
	p = page_begin(f, is_new ? "A calendar that is not applied" : "A version of the calendars");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/calendars", STR("Working days"));
	put_laws(&p, json_object_get(calendar, "instruments"));
	put_clocks(&p, calendar);
	put_list(&p, calendar, "clocks");
	put_list(&p, calendar, "holidays");
	put_list(&p, calendar, "added");
	put_list(&p, calendar, "missing");
	put_list(&p, calendar, "taken_back");
	(void)json_object_del(calendar, "moves");
	page_put(&p, "calendar", calendar);
	page_put(&p, "may_apply", json_boolean(is_new && f->who->is_operator));
	if (is_new && f->who->is_operator)
		p.err = p.err ? p.err : put_moves(&p);
	return page_end(&p, "calendar", PAGE_NOWHERE, 200);
}

const struct flow_step page_calendar[] = {
	{"load", one_load},
	{"answer", one_answer},
	{0},
};

static enum step_result apply_answer(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/calendars/%s", f->param[0].at));
}

const struct flow_step page_calendar_apply[] = {
	{"load", calendar_apply_load},
	{"store", calendar_apply_store},
	{"answer", apply_answer},
	{0},
};
