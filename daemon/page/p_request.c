/*
 * One request: its state in plain words, the next date, who must act, how each date was worked
 * out, and what has happened.
 *
 * The page's batch has the frame's statements and one more, which fetches all that is shown.
 */
#include "chart_clocks.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "dress.h"
#include "p.h"
#include "p_as_at.h"
#include "p_documents.h"
#include "p_due.h"
#include "p_land.h"
#include "page_feed.h"
#include "q.h"
#include "timeline.h"

/* Statements of the page's batch behind the frame's. */
enum { REQUEST = PAGE_FRAME + 1 };

static enum step_result request_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int r = at ? as_at_read_page(f, at) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	if (at->is_given)
		q_page_request_at_add(page_batch(f),
				      &(struct q_page_request_at){.id = f->param[0],
								  .valid_on = at->valid_on,
								  .known_at = at->known_at});
	else
		q_page_request_add(page_batch(f), &(struct q_page_request){.id = f->param[0]});
	return flow_send(f);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* "Glenfarg Hall Trust asks for Memorial Hall, Glenfarg" */
static void put_title(struct page *p, json_t *request, const json_t *more)
{
	const char *what = text_of(more, "asset_name");

	if (!*what)
		what = text_of(json_object_get(request, "land"), "description");
	page_title(p, request, "{{name}} asks for {{other}}",
		   str_of(text_of(more, "community_body_name")), str_of(what));
}

/* While everybody may say something of it, there is a way to do so on its page of today. */
static bool may_say(const struct flow *f, const json_t *request)
{
	const struct as_at *at = f->state;

	return !at->is_given && mail_is_set(f->worker->conf) &&
	       str_eq(str_of(text_of(request, "state")), STR("REPRESENTATIONS_OPEN"));
}

/* A deadline as a bar. False: its days are none. */
static bool clock_of(struct page *p, const json_t *deadline, struct clock_bar *ret)
{
	static const struct {
		const char *state;
		int kind;
	} table[] = {{"MET", CLOCK_MET}, {"MISSED", CLOCK_MISSED}, {"RUNNING", CLOCK_RUNS}};
	CLEANUP(buf_done) struct buf words = BUF(100);
	const char *state = page_text(deadline, "state");

	*ret = (struct clock_bar){.name = str_of(page_text(deadline, "name")), .kind = CLOCK_OVER};
	for (size_t i = 0; i < COUNT(table); i++) {
		if (strcmp(state, table[i].state) == 0)
			ret->kind = table[i].kind;
	}
	dress_code(&words, STR("state"), str_of(state));
	ret->state = arena_str(p->flow->arena, buf_view(&words));
	return day_parse(str_of(page_text(deadline, "starts_on")), &ret->from) == 0 &&
	       day_parse(str_of(page_text(deadline, "due_on")), &ret->to) == 0 &&
	       day_cmp(ret->from, ret->to) <= 0;
}

/* All dates along time; each stands in words, and in a table, beside it. */
static void put_clocks(struct page *p, const json_t *deadlines)
{
	static const char *const name[] = {
		[CHART_WIDE] = "clocks_wide", [CHART_NARROW] = "clocks_narrow"};
	struct clock_bar bar[CLOCKS_MAX];
	struct chart_clocks c = {
		.id = STR("clocks"),
		.title = STR("The dates of this request along time"),
		.about = STR("A bar for each time that was set, from the day that began it to its "
			     "last day, and a line where today is. The table below has every day."),
		.today = p->today,
		.clock = bar};
	const json_t *deadline;
	size_t i;

	json_array_foreach (deadlines, i, deadline) {
		if (c.count < CLOCKS_MAX && clock_of(p, deadline, &bar[c.count]))
			c.count++;
	}
	/* One alone is said better by the words above. */
	for (size_t form = 0; form < COUNT(name) && c.count > 1; form++) {
		CLEANUP(buf_done) struct buf out = BUF(64 * 1024);
		int r = chart_clocks(&out, &c, (enum chart_form)form);

		if (r < 0 && !p->err)
			p->err = r;
		page_put_text(p, name[form], buf_view(&out));
	}
}

static void put_request(struct page *p, json_t *root)
{
	static const char *const name[] = {"authority_name", "community_body_name",
					   "asset_name",     "timeline",
					   "is_checking",    "may_link",
					   "notices",        "has_case"};
	json_t *request = json_object_get(root, "request");
	json_t *more = json_object_get(root, "more");

	timeline_fold(p, json_object_get(more, "timeline"));
	for (size_t i = 0; i < COUNT(name); i++)
		page_put_of(p, request, name[i], more);
	page_put_in(p, request, "has_notices",
		    json_boolean(json_array_size(json_object_get(request, "notices"))));
	page_put_of(p, p->data, "competing", more);
	page_put_of(p, p->data, "earlier", more);
	page_title(p, p->data, "Request {{name}}", str_of(text_of(request, "reference")),
		   (struct str){NULL, 0});
	put_title(p, request, more);
	page_put_in(p, request, "may_say", json_boolean(may_say(p->flow, request)));
	due_put_window(p, request, due_window(request, "K4"));
	dates_put(p, request);
	put_clocks(p, json_object_get(request, "deadlines"));
	documents_put(p, request, json_object_get(more, "documents"));
	page_put(p, "request", json_incref(request));
	page_feed(p, "request_id", p->flow->param[0]);
}

static enum step_result request_answer(struct flow *f)
{
	struct q_page_request_row row;
	int r = q_page_request_one(f->got, REQUEST, &row);
	json_auto_t *root = NULL;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	as_at_put(&p, f->state,
		  arena_fmt(f->arena, "/requests/%.*s", (int)f->param[0].len, f->param[0].at));
	put_request(&p, root);
	land_put_link(&p);
	return page_end(&p, "request", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_request[] = {
	{"load", request_load},
	{"answer", request_answer},
	{0},
};
