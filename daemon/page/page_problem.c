/*
 * See page_problem.h. A failed flow has no batch left, so these pages say nothing of where the feed
 * stands, and of who is signed in what was known before (auth.h).
 */
#include "page_problem.h"

#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/problem.h"
#include "daemon/route/router.h"
#include "libassets/base/err.h"
#include "p_session.h"
#include "page.h"
#include "typed.h"

void page_problem(struct flow *f, const struct problem *problem)
{
	const struct pages *pages = f->worker->process->pages;
	json_auto_t *typed = typed_form(f, problem->err);
	struct problem told = *problem;

	if (typed && problem->err == ERR_UNAUTHENTICATED && session_ask(f, typed) == 0)
		return;
	if (f->request->method == METHOD_GET)
		told.here = page_here(f);
	/* People press the letter's link again, long after they confirmed. */
	told.has_own = problem->err == ERR_GONE && str_eq(f->request->path, STR("/confirm"));
	pages_problem(pages, language_of(f->request), f->who, &told, typed, f->reply);
}

/* --- A form that was sent twice ----------------------------------------------------------- */

/* Where people see what the API calls so. */
static const struct {
	const char *api, *page;
} place_table[] = {
	{"/v1/assets/", "/assets/"},     {"/v1/authorities/", "/authorities/"},
	{"/v1/requests/", "/requests/"}, {"/v1/community-bodies/", "/community-bodies/"},
	{"/v1/imports/", "/imports/"},   {"/v1/calendars/", "/calendars/"},
	{"/v1/webhooks/", "/webhooks/"}, {"/v1/projections/runs/", "/forecast/runs/"},
};

static bool is_page(struct flow *f, struct str path)
{
	struct str param[ROUTE_PARAM_MAX], allow;
	const struct route *route;

	return router_find(METHOD_GET, path, f->arena, &route, param, &allow) == 0 &&
	       route->flags & ROUTE_PAGE && !(route->flags & ROUTE_SECRET);
}

static struct str place_of(struct flow *f, struct str location)
{
	for (size_t i = 0; location.len && i < COUNT(place_table); i++) {
		struct str api = str_of(place_table[i].api), to;

		if (!str_starts(location, api))
			continue;
		to = arena_fmt(f->arena, "%s%.*s", place_table[i].page,
			       (int)(location.len - api.len), location.at + api.len);
		if (to.at && is_page(f, to))
			return to;
	}
	return (struct str){NULL, 0};
}

/* The page that the form stood on, as the browser says it. */
static struct str back_of(struct flow *f)
{
	struct str rest, from = http_field_get(f->request, STR("referer")), path;
	size_t scheme = str_starts(from, STR("https://"))  ? 8
			: str_starts(from, STR("http://")) ? 7
							   : 0;

	from = (struct str){from.at + scheme, from.len - scheme};
	if (!scheme || !str_starts(from, f->request->host))
		return (struct str){NULL, 0};
	from = (struct str){from.at + f->request->host.len, from.len - f->request->host.len};
	path = str_cut(from, '?', &rest);
	return str_starts(path, STR("/")) && is_page(f, path) ? from : (struct str){NULL, 0};
}

void page_again(struct flow *f, struct str location)
{
	struct str to = place_of(f, location);
	json_auto_t *data = NULL;

	if (!to.at)
		to = back_of(f);
	if (to.at) {
		(void)page_redirect(f, to);
		return;
	}
	data = json_pack("{s:s, s:b}", "title", "This was stored already", "title_is_said", 1);
	f->reply->status = 200;
	if (!data || pages_put_reader(data, f->who) < 0 ||
	    pages_render(f->worker->process->pages, "again", PAGE_NOWHERE, language_of(f->request),
			 data, f->reply) < 0)
		f->reply->status = 204;
}
