/*
 * The link to the other language, on every page: a cookie remembers the choice, and the reader is
 * back where they were. A page that answered a form stands at an address that cannot be opened;
 * from there it goes to the nearest page above. Nothing but the look of pages depends on the
 * cookie, so a link may set it.
 */
#include "daemon/route/router.h"
#include "language.h"
#include "p.h"
#include "p_session.h"
#include "page.h"

enum { YEAR_S = 365 * 24 * 3600 };

static bool is_page(struct flow *f, struct str path)
{
	struct str param[ROUTE_PARAM_MAX], allow;
	const struct route *route;

	return router_find(METHOD_GET, path, f->arena, &route, param, &allow) == 0 &&
	       (route->flags & (ROUTE_PAGE | ROUTE_FILE)) == ROUTE_PAGE;
}

static struct str page_near(struct flow *f, struct str next)
{
	struct str query, path = str_cut(next, '?', &query);
	size_t whole = path.len;

	while (path.len > 1 && !is_page(f, path)) {
		do
			path.len--;
		while (path.len > 1 && path.at[path.len] != '/');
	}
	return path.len == whole ? next : path;
}

static enum step_result language_set(struct flow *f)
{
	bool is_gaelic = str_eq(flow_query(f, "to"), STR("gd"));

	session_cookie(f, LANGUAGE_COOKIE, is_gaelic ? STR("gd") : STR("en"), YEAR_S);
	return page_redirect(
		f, arena_str(f->arena, page_near(f, session_next(flow_query(f, "next")))));
}

const struct flow_step page_language[] = {
	{"set", language_set},
	{0},
};
