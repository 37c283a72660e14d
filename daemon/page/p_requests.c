/*
 * Requests, the next date first: what closes soon, of all bodies or of one. The filters stand
 * in the address; a page goes on after the date and id of its last request, so it costs the
 * same however many there are.
 */
#include "dress.h"
#include "libassets/shape/shape.h"
#include "map.h"
#include "p.h"
#include "p_as_at.h"
#include "p_due.h"
#include "p_report.h"
#include "page.h"
#include "q.h"

/* Of one page; one more is asked for, to know whether there is a next one. */
enum { ROWS = 50 };

struct requests_state {
	struct str authority_id, council; /* absent: of all */
	struct str show;                  /* one of show_table */
	struct str after_due, after_id;
	struct as_at at;
};

/* Which requests: open ones, all, open with a date within a fortnight, open with one that has
 * passed. */
static const char *const show_table[] = {"open", "soon", "overdue", "all"};

/* Statements of the page's batch behind the frame's. */
enum { LIST = PAGE_FRAME + 1, FILTERS, ALARMS, NAMES };

static struct str show_of(struct str asked)
{
	for (size_t i = 0; i < COUNT(show_table); i++) {
		if (str_eq(asked, str_of(show_table[i])))
			return str_of(show_table[i]);
	}
	return str_of(show_table[0]);
}

/* Dates are near or past as seen from the day that the page is of. */
static void ask(struct flow *f, const struct requests_state *s)
{
	struct db_batch *b = page_batch(f);

	q_page_requests_add(b, &(struct q_page_requests){
				       .show = s->show,
				       .authority_id = s->authority_id,
				       .council = s->council,
				       .after_due = s->after_due,
				       .after_id = s->after_id,
				       .rows = ROWS + 1,
				       .today = s->at.is_given ? s->at.valid_on
							       : shape_day_text(f->today, f->arena),
				       .valid_on = s->at.valid_on,
				       .known_at = s->at.known_at,
			       });
	q_page_filters_add(b);
	q_page_report_alarms_add(b);
	q_page_names_add(b,
			 &(struct q_page_names){.ids = db_text_array(f->arena, &s->authority_id,
								     s->authority_id.len ? 1 : 0)});
}

static enum step_result requests_load(struct flow *f)
{
	struct requests_state *s = ARENA_NEW(f->arena, struct requests_state);
	struct str authority_id = flow_query(f, "authority_id");
	struct str council = flow_query(f, "council");
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	if (authority_id.len)
		s->authority_id = authority_id;
	if (council.len)
		s->council = council;
	s->show = show_of(flow_query(f, "show"));
	s->after_due = flow_query(f, "after_due");
	s->after_id = flow_query(f, "after");
	/* Half a place is none. */
	if (!s->after_due.len || !s->after_id.len)
		s->after_due = s->after_id = (struct str){NULL, 0};
	r = as_at_read_page(f, &s->at);
	if (r < 0)
		return flow_fail(f, r);
	ask(f, s);
	return flow_send(f);
}

/* Of now, when is_then is false. */
static struct str address(struct flow *f, bool is_then, struct str after_due, struct str after)
{
	const struct requests_state *s = f->state;
	const struct page_filter filter[] = {
		{"authority_id", s->authority_id},
		{"council", s->council},
		{"show", str_eq(s->show, str_of(show_table[0])) ? STR("") : s->show},
		{"valid_on", is_then ? flow_query(f, "valid_on") : STR("")},
		{"known_on", is_then ? flow_query(f, "known_on") : STR("")},
		{"after_due", after_due},
		{"after", after},
	};

	return page_address(f->arena, "/requests", filter, COUNT(filter));
}

static void put_items(struct page *p)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, LIST), *item;
	struct q_page_requests_row last;
	size_t i;

	page_put(p, "items", items);
	if (q_page_requests_count(f->got, LIST) > ROWS &&
	    q_page_requests_row(f->got, LIST, ROWS - 1, &last) == 0) {
		json_array_remove(items, ROWS);
		page_put_text(p, "next", address(f, true, last.due, last.id));
	}
	json_array_foreach (items, i, item)
		due_put(p, item);
}

static void put_filters(struct page *p)
{
	const struct requests_state *s = p->flow->state;
	json_t *filter = page_item(p->flow, FILTERS);
	json_auto_t *names = page_item(p->flow, NAMES);

	page_put(p, "filter", filter);
	page_choose_named(p, json_object_get(filter, "authorities"), s->authority_id,
			  str_of(page_text(names, arena_str(p->flow->arena, s->authority_id).at)));
	page_choose_named(p, json_object_get(filter, "councils"), s->council,
			  map_council_name(s->council));
	page_put_in(p, filter, "shows", page_choices(STR("show"), show_table, COUNT(show_table)));
	page_choose(p, json_object_get(filter, "shows"), s->show);
}

/* What is shown as files, all pages of it. */
static void put_files(struct page *p)
{
	static const char *const format[] = {"xlsx", "csv", "geojson", "ndjson"};
	struct flow *f = p->flow;
	const struct requests_state *s = f->state;
	bool is_open = str_eq(s->show, STR("open")), is_soon = str_eq(s->show, STR("soon"));
	bool is_overdue = str_eq(s->show, STR("overdue"));

	for (size_t i = 0; i < COUNT(format); i++) {
		const struct page_filter filter[] = {
			{"format", str_of(format[i])},
			{"authority_id", s->authority_id},
			{"is_open", is_open ? STR("true") : STR("")},
			{"due_within", is_soon ? STR("14") : STR("")},
			{"overdue", is_overdue ? STR("true") : STR("")},
			{"valid_on", flow_query(f, "valid_on")},
			{"known_on", flow_query(f, "known_on")},
		};
		struct str key = arena_fmt(f->arena, "file_%s", format[i]);

		page_put_text(p, key.at ? key.at : "file",
			      page_address(f->arena, "/downloads/requests", filter, COUNT(filter)));
	}
}

static enum step_result requests_answer(struct flow *f)
{
	struct page p = page_begin(f, "Requests by communities");

	page_crumb(&p, "/", STR("Home"));
	as_at_put(&p, &((const struct requests_state *)f->state)->at,
		  address(f, false, STR(""), STR("")));
	put_items(&p);
	put_filters(&p);
	/* A file is not narrowed by an area. */
	if (!((const struct requests_state *)f->state)->council.len)
		put_files(&p);
	page_put(&p, "may_log", json_boolean(principal_may(f->who, PERM_REQUEST_WRITE)));
	report_alarms_put(&p, ALARMS);
	return page_end(&p, "requests", PAGE_REQUESTS, 200);
}

const struct flow_step page_requests[] = {
	{"load", requests_load},
	{"answer", requests_answer},
	{0},
};
