/*
 * Matching. A path is cut into segments, each is decoded, and each row of the table is held
 * against them; a row with more text where another has {name} wins, the earlier segment
 * first. The table is small enough to be walked: no index, nothing to keep in step.
 */
#include "router.h"

#include "daemon/http/http_head.h"
#include "libassets/base/arena.h"
#include "libassets/base/err.h"
#include "libassets/shape/shape.h"

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

/*
 * What stands behind s at the begin of `text`; NULL when that begins with something else. It ends
 * in time, and within one part, because is_forbidden() lets no NUL and no slash into a segment.
 */
static const char *behind(const char *text, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (text[i] != s.at[i])
			return NULL;
	}
	return text + s.len;
}

/*
 * 0: no match. Else a bit for each segment that is text, the first the highest, and bit 0. Runs
 * for each row with each request, and most rows differ in their first letters: so it compares
 * as it goes, and cuts nothing beforehand.
 */
static unsigned match(const char *pattern, const struct path *p)
{
	const char *at = pattern + 1;
	unsigned rank = 1;

	for (size_t i = 0; i < p->count; i++) {
		if (i && *at++ != '/')
			return 0;
		if (*at == '{') {
			at = strchr(at, '}') + 1;
			continue;
		}
		at = behind(at, p->segment[i]);
		if (!at)
			return 0;
		rank |= 1U << (31 - i);
	}
	return *at ? 0 : rank;
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
	const struct route *found = NULL;
	unsigned best = 0, methods = 0;
	struct path p;
	int err;

	if (str_eq(path, STR("*")))
		return whole_server(a, ret_allow);
	err = path_cut(path, a, &p);
	if (err)
		return err;
	/* Over all methods: else a method that the best row lacks would fall to a broader one. */
	for (const struct route *r = route_table; r < route_table + route_count; r++) {
		unsigned rank = match(r->path, &p);

		if (!rank || rank < best)
			continue;
		if (rank > best) {
			best = rank;
			methods = 0;
			found = NULL;
		}
		methods |= 1U << r->method;
		if (!found && r->method == as)
			found = r;
	}
	if (!best)
		return ERR_NOT_FOUND;
	if (found) {
		take_params(found->path, &p, ret_param);
		*ret_route = found;
		return 0;
	}
	*ret_allow = allow_text(methods, a);
	return str_is_null(*ret_allow) ? ERR_NOMEM : ERR_METHOD;
}

const char *route_body_type(const struct route *r)
{
	if (r->flags & ROUTE_PARTS)
		return "multipart/form-data";
	if (r->flags & ROUTE_FORM)
		return "application/x-www-form-urlencoded";
	if (r->flags & ROUTE_CSV)
		return "text/csv";
	if (r->flags & ROUTE_BYTES)
		return "application/octet-stream";
	return r->method == METHOD_PATCH ? "application/merge-patch+json" : "application/json";
}

/* name, and of a part what is in it: "url (needed), types, filter {subject, where}". */
static void dump_members(const struct shape *shape, bool is_patch, struct buf *out)
{
	const char *between = "";

	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->field[i];

		if (is_patch && f->rules & SHAPE_FIXED)
			continue;
		buf_fmt(out, "%s%s", between, f->name);
		between = ", ";
		for (size_t j = 0; f->part && j < f->part->count; j++)
			buf_fmt(out, "%s%s", j ? ", " : " {", f->part->field[j].name);
		if (f->part)
			buf_char(out, '}');
		if (f->rules & SHAPE_NEEDED && !is_patch)
			buf_str(out, STR(" (needed)"));
	}
}

void router_dump(struct buf *out)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];

		buf_fmt(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t", http_method_name(r->method), r->path,
			permission_scope(r->needs),
			r->answer               ? "plain"
			: r->flags & ROUTE_PAGE ? "page"
						: "api",
			r->summary, r->query ? r->query : "",
			r->body_bytes ? route_body_type(r) : "");
		if (r->body_bytes && r->takes)
			dump_members(r->takes, r->method == METHOD_PATCH, out);
		buf_char(out, '\n');
	}
}
