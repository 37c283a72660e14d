/*
 * A public body for everybody: its land and buildings, what communities ask of it, how often it
 * was in time, and which of its reports it has published. What it settles for itself is
 * p_authority.c.
 */
#include "dress.h"
#include "libassets/base/err.h"
#include "libassets/shape/shape.h"
#include "p.h"
#include "p_as_at.h"
#include "p_due.h"
#include "page.h"
#include "page_feed.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { BODY = PAGE_FRAME + 1, REQUESTS, REPORTS };
/* Requests that stand on the page; a link leads to all. */
enum { ROWS = 10 };

static enum step_result body_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int r = at ? as_at_read_page(f, at) : ERR_NOMEM;
	struct db_batch *b;

	if (r < 0)
		return flow_fail(f, r);
	b = page_batch(f);
	q_page_public_body_add(b, &(struct q_page_public_body){.id = f->param[0],
							       .valid_on = at->valid_on,
							       .known_at = at->known_at});
	q_page_requests_add(b, &(struct q_page_requests){
				       .show = STR("open"),
				       .authority_id = f->param[0],
				       .rows = ROWS,
				       .today = at->is_given ? at->valid_on
							     : shape_day_text(f->today, f->arena),
				       .valid_on = at->valid_on,
				       .known_at = at->known_at,
			       });
	q_page_report_add(b, &(struct q_page_report){.authority_id = f->param[0],
						     .valid_on = at->valid_on,
						     .known_at = at->known_at});
	return flow_send(f);
}

static void put_requests(struct page *p)
{
	json_t *items = page_items(p->flow, REQUESTS), *item;
	size_t i;

	json_array_foreach (items, i, item)
		due_put(p, item);
	page_put(p, "items", items);
}

/* What has no label is called by its code, in words. */
static void drop_codes(const json_t *classes)
{
	json_t *one;
	size_t i;

	json_array_foreach (classes, i, one) {
		if (strcmp(page_text(one, "label"), page_text(one, "class")) == 0)
			(void)json_object_del(one, "label");
	}
}

static enum step_result body_answer(struct flow *f)
{
	static const char *const list[] = {"classes", "lifecycles", "clocks", "cpps"};
	struct q_page_public_body_row row;
	int r = q_page_public_body_one(f->got, BODY, &row);
	json_auto_t *reports = page_item(f, REPORTS);
	json_t *body;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	body = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "");
	page_put_text(&p, "title", str_of(page_text(body, "name")));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/authorities", STR("Public bodies"));
	for (size_t i = 0; i < COUNT(list); i++)
		page_put(&p, list[i], json_incref(json_object_get(body, list[i])));
	drop_codes(json_object_get(body, "classes"));
	page_put(&p, "body", body);
	page_feed(&p, "authority_id", f->param[0]);
	as_at_put(&p, f->state, arena_fmt(f->arena, "/authorities/%s", f->param[0].at));
	put_requests(&p);
	page_put(&p, "reports", json_incref(json_object_get(reports, "years")));
	page_put(&p, "may_settle",
		 json_boolean(principal_may_at(f->who, PERM_SETTING_WRITE, f->param[0])));
	return page_end(&p, "public_body", PAGE_REGISTER, 200);
}

const struct flow_step page_public_body[] = {
	{"load", body_load},
	{"answer", body_answer},
	{0},
};
