/*
 * One request: its state in plain words, the next date, who must act, how each date was worked
 * out, and what has happened.
 *
 * The page's batch has the frame's statements and one more, which fetches all that is shown.
 */
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "p.h"
#include "p_as_at.h"
#include "p_documents.h"
#include "p_due.h"
#include "page.h"
#include "q.h"

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
static json_t *title_of(const json_t *request, const json_t *more)
{
	const char *what = text_of(more, "asset_name");

	if (!*what)
		what = text_of(json_object_get(request, "land"), "description");
	return json_sprintf("%s asks for %s", text_of(more, "community_body_name"), what);
}

/* While everybody may say something of it, there is a way to do so on its page of today. */
static bool may_say(const struct flow *f, const json_t *request)
{
	const struct as_at *at = f->state;

	return !at->is_given && mail_is_set(f->worker->conf) &&
	       str_eq(str_of(text_of(request, "state")), STR("REPRESENTATIONS_OPEN"));
}

static void put_request(struct page *p, json_t *root)
{
	static const char *const name[] = {"authority_name", "community_body_name",
					   "asset_name",     "timeline",
					   "is_checking",    "may_link",
					   "notices",        "has_case"};
	json_t *request = json_object_get(root, "request");
	json_t *more = json_object_get(root, "more");

	for (size_t i = 0; i < COUNT(name); i++)
		page_put_of(p, request, name[i], more);
	page_put_in(p, request, "has_notices",
		    json_boolean(json_array_size(json_object_get(request, "notices"))));
	page_put_of(p, p->data, "competing", more);
	page_put_of(p, p->data, "earlier", more);
	page_put(p, "title", json_sprintf("Request %s", text_of(request, "reference")));
	page_put_in(p, request, "title", title_of(request, more));
	page_put_in(p, request, "may_say", json_boolean(may_say(p->flow, request)));
	dates_put(p, request);
	documents_put(p, request, json_object_get(more, "documents"));
	page_put(p, "request", json_incref(request));
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
	return page_end(&p, "request", PAGE_REQUESTS, 200);
}

const struct flow_step page_request[] = {
	{"load", request_load},
	{"answer", request_answer},
	{0},
};
