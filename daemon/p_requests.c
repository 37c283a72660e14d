/*
 * Requests, the next date first: what closes soon, of all bodies or of one. The filters stand
 * in the address; a page goes on after the date and id of its last request, so it costs the
 * same however many there are.
 */
#include "dress.h"
#include "p.h"
#include "p_due.h"
#include "p_report.h"
#include "page.h"
#include "q.h"

/* Of one page; one more is asked for, to know whether there is a next one. */
enum { ROWS = 50 };

struct requests_state {
	struct str authority_id;
	bool is_all;
	struct str after_due, after_id;
};

/* Statements of the page's batch behind the frame's. */
enum { LIST = PAGE_FRAME + 1, FILTERS, ALARMS };

static enum step_result requests_load(struct flow *f)
{
	struct requests_state *s = ARENA_NEW(f->arena, struct requests_state);
	struct str authority_id = flow_query(f, "authority_id");
	struct db_batch *b = page_batch(f);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	if (authority_id.len)
		s->authority_id = authority_id;
	s->is_all = str_eq(flow_query(f, "show"), STR("all"));
	s->after_due = flow_query(f, "after_due");
	s->after_id = flow_query(f, "after");
	/* Half a place is none. */
	if (!s->after_due.len || !s->after_id.len)
		s->after_due = s->after_id = (struct str){NULL, 0};
	q_page_requests_add(b, &(struct q_page_requests){
				       .is_all = s->is_all,
				       .authority_id = s->authority_id,
				       .after_due = s->after_due,
				       .after_id = s->after_id,
				       .rows = ROWS + 1,
			       });
	q_page_filters_add(b);
	q_page_report_alarms_add(b);
	return flow_send(f);
}

static struct str address(struct flow *f, bool is_all, struct str after_due, struct str after)
{
	const struct requests_state *s = f->state;
	const struct page_filter filter[] = {
		{"authority_id", s->authority_id},
		{"show", is_all ? STR("all") : STR("")},
		{"after_due", after_due},
		{"after", after},
	};

	return page_address(f->arena, "/requests", filter, COUNT(filter));
}

static void put_items(struct page *p)
{
	struct flow *f = p->flow;
	const struct requests_state *s = f->state;
	json_t *items = page_items(f, LIST), *item;
	struct q_page_requests_row last;
	size_t i;

	page_put(p, "items", items);
	if (q_page_requests_count(f->got, LIST) > ROWS &&
	    q_page_requests_row(f->got, LIST, ROWS - 1, &last) == 0) {
		json_array_remove(items, ROWS);
		page_put_text(p, "next", address(f, s->is_all, last.due, last.id));
	}
	json_array_foreach (items, i, item)
		due_put(p, item);
}

static void put_filters(struct page *p)
{
	static const char *const show[] = {"open", "all"};
	const struct requests_state *s = p->flow->state;
	json_t *filter = page_item(p->flow, FILTERS);

	page_put(p, "filter", filter);
	page_choose(p, json_object_get(filter, "authorities"), s->authority_id);
	page_put_in(p, filter, "shows", page_choices(STR("show"), show, COUNT(show)));
	page_choose(p, json_object_get(filter, "shows"), s->is_all ? STR("all") : STR("open"));
}

static enum step_result requests_answer(struct flow *f)
{
	struct page p = page_begin(f, "Requests by communities");

	page_crumb(&p, "/", STR("Home"));
	put_items(&p);
	put_filters(&p);
	report_alarms_put(&p, ALARMS);
	return page_end(&p, "requests", PAGE_REQUESTS, 200);
}

const struct flow_step page_requests[] = {
	{"load", requests_load},
	{"answer", requests_answer},
	{0},
};
