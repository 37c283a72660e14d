/*
 * Matching. A path is cut into segments, each is decoded, and each row of the table is held
 * against them; a row with more text where another has {name} wins, the earlier segment
 * first. The table is small enough to be walked: no index, nothing to keep in step.
 */
#include "router.h"

#include "http_head.h"
#include "libassets/arena.h"
#include "libassets/err.h"

/* Segments of a path; no row has as many. */
enum { SEGMENTS_MAX = 10 };

struct path {
	struct str segment[SEGMENTS_MAX];
	size_t count;
};

/* What could climb, or mean a different path to somebody else. */
static bool is_forbidden(struct str s)
{
	if (!s.len || str_eq(s, STR(".")) || str_eq(s, STR("..")) || !str_is_utf8(s))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c < 0x20 || c == 0x7F || c == '/' || c == '\\')
			return true;
	}
	return false;
}

static int path_cut(struct str text, struct arena *a, struct path *ret_path)
{
	struct str rest = {text.at + 1, text.len - 1};

	ret_path->count = 0;
	if (!rest.len)
		return 0;
	while (!str_is_null(rest)) {
		struct str raw = str_cut(rest, '/', &rest);
		struct str *segment = &ret_path->segment[ret_path->count];
		char *decoded;

		if (ret_path->count == SEGMENTS_MAX)
			return ERR_NOT_FOUND;
		decoded = arena_alloc(a, raw.len + 1);
		if (!decoded)
			return ERR_NOMEM;
		segment->at = decoded;
		if (http_unescape(raw, decoded, &segment->len) || is_forbidden(*segment))
			return ERR_NOT_FOUND;
		ret_path->count++;
	}
	return 0;
}

/* 0: no match. Else a bit for each segment that is text, the first the highest, and bit 0. */
static unsigned match(const char *pattern, const struct path *p)
{
	struct str rest = str_of(pattern + 1);
	unsigned rank = 1;

	if (!rest.len)
		return p->count ? 0 : rank;
	for (size_t i = 0; i < p->count; i++) {
		struct str part;

		if (str_is_null(rest))
			return 0;
		part = str_cut(rest, '/', &rest);
		if (part.at[0] == '{')
			continue;
		if (!str_eq(part, p->segment[i]))
			return 0;
		rank |= 1U << (31 - i);
	}
	return str_is_null(rest) ? rank : 0;
}

static unsigned best_rank(const struct path *p)
{
	unsigned best = 0;

	for (size_t i = 0; i < route_count; i++) {
		unsigned rank = match(route_table[i].path, p);

		if (rank > best)
			best = rank;
	}
	return best;
}

static void take_params(const char *pattern, const struct path *p, struct str *ret_param)
{
	struct str rest = str_of(pattern + 1);
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct str part = str_cut(rest, '/', &rest);

		if (part.at[0] == '{' && n < ROUTE_PARAM_MAX)
			ret_param[n++] = p->segment[i];
	}
}

/* "GET, HEAD, POST, OPTIONS" of a set of methods as bits. */
static struct str allow_text(unsigned methods, struct arena *a)
{
	struct str text = STR("");

	if (methods & 1U << METHOD_GET)
		methods |= 1U << METHOD_HEAD;
	methods |= 1U << METHOD_OPTIONS;
	for (enum http_method m = METHOD_GET; m <= METHOD_OPTIONS; m++) {
		if (methods & 1U << m)
			text = arena_fmt(a, "%.*s%s%s", (int)text.len, text.at,
					 text.len ? ", " : "", http_method_name(m));
		if (str_is_null(text))
			return text;
	}
	return text;
}

/* All methods, of all rows. */
static int whole_server(struct arena *a, struct str *ret_allow)
{
	unsigned methods = 0;

	for (size_t i = 0; i < route_count; i++)
		methods |= 1U << route_table[i].method;
	*ret_allow = allow_text(methods, a);
	return str_is_null(*ret_allow) ? ERR_NOMEM : ERR_METHOD;
}

int router_find(enum http_method method, struct str path, struct arena *a,
		const struct route **ret_route, struct str *ret_param, struct str *ret_allow)
{
	enum http_method as = method == METHOD_HEAD ? METHOD_GET : method;
	unsigned rank, methods = 0;
	struct path p;
	int err;

	if (str_eq(path, STR("*")))
		return whole_server(a, ret_allow);
	err = path_cut(path, a, &p);
	if (err)
		return err;
	/* Over all methods: else a method that the best row lacks would fall to a broader one. */
	rank = best_rank(&p);
	if (!rank)
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];

		if (match(r->path, &p) != rank)
			continue;
		methods |= 1U << r->method;
		if (r->method == as) {
			take_params(r->path, &p, ret_param);
			*ret_route = r;
			return 0;
		}
	}
	*ret_allow = allow_text(methods, a);
	return str_is_null(*ret_allow) ? ERR_NOMEM : ERR_METHOD;
}

void router_dump(struct buf *out)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];

		buf_fmt(out, "%s\t%s\t%s\t%s\t%s\n", http_method_name(r->method), r->path,
			permission_scope(r->needs),
			r->answer               ? "plain"
			: r->flags & ROUTE_PAGE ? "page"
						: "api",
			r->summary);
	}
}
