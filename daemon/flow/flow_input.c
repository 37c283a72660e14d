/*
 * What a client sent, read strictly: a body, a form, a query, a precondition.
 * On the worker's thread, inside a step.
 *
 * A name that a route does not take is refused, in a query as in a body: a filter mistyped
 * would otherwise answer for everything. Of a page's address it is left out, since what shares
 * links puts names of its own on them (DECISIONS 186). ETags are ours alone, "<version>-<view>", so
 * a precondition is a comparison of versions; those of others match nothing.
 */
#include "daemon/http/http_form.h"
#include "daemon/route/rate.h"
#include "daemon/route/router.h"
#include "flow_file.h"
#include "flow_private.h"
#include "flow_query.h"
#include "flow_sign_in.h"
#include "libassets/shape/prescan.h"
#include "libassets/shape/shape_form.h"
#include "libassets/shape/wire.h"

/* The media type of a Content-Type, without its parameters. */
static struct str media_type(const struct flow *f)
{
	struct str rest;

	return str_trim(str_cut(http_field_get(f->request, STR("content-type")), ';', &rest));
}

int flow_body(struct flow *f)
{
	struct str type = media_type(f);
	struct str body = f->request->body;
	int r;

	if (f->body)
		return 0;
	if (!str_eq_nocase(type, STR("application/json")) &&
	    !(f->request->method == METHOD_PATCH &&
	      str_eq_nocase(type, STR("application/merge-patch+json"))))
		return ERR_MEDIA_TYPE;
	if (!str_is_utf8(body)) {
		flow_detail(f, STR("The body is not UTF-8, or holds a NUL."));
		return ERR_JSON;
	}
	r = prescan_json(body, &f->flaws);
	if (r < 0)
		return r;
	r = wire_load(body, &f->flaws, &f->body);
	if (r < 0)
		return r;
	if (json_is_object(f->body))
		return 0;
	flow_detail(f, STR("The body is JSON, but not an object."));
	return ERR_JSON;
}

struct blob *flow_take_body(struct flow *f)
{
	return http_exchange_take_body(f->p->x);
}

int flow_body_type(const struct flow *f, struct str type)
{
	return str_eq_nocase(media_type(f), type) ? 0 : ERR_MEDIA_TYPE;
}

/* A form with a file: its fields are a form's, the file is apart. */
static int read_parts(struct flow *f)
{
	struct http_form form;
	int r = http_form_read(http_field_get(f->request, STR("content-type")), f->request->body,
			       f->arena, &form);

	if (r == ERR_FORM)
		flow_detail(
			f,
			STR("It did not arrive whole, a part has no name, a field is no text, or "
			    "it has a second file."));
	if (r < 0)
		return r;
	f->p->form = form.fields;
	f->p->file_name = form.file_name;
	f->p->file = form.file;
	return 0;
}

bool flow_form_file(const struct flow *f, struct str *ret_name, struct str *ret_file)
{
	*ret_name = f->p->file_name;
	*ret_file = f->p->file;
	return !str_is_null(f->p->file_name);
}

static int form_err(int err)
{
	return err == ERR_QUERY ? ERR_FORM : err;
}

int flow_read_form(struct flow *f)
{
	if (str_eq_nocase(media_type(f), STR("application/x-www-form-urlencoded")))
		return form_err(query_parse(f->request->body, f->arena, &f->p->form));
	return f->route->flags & ROUTE_PARTS ? read_parts(f) : ERR_MEDIA_TYPE;
}

struct str flow_form(struct flow *f, const char *name)
{
	return query_get(&f->p->form, str_of(name));
}

bool flow_route_takes(const struct route *route, struct str name)
{
	return str_lists(str_of(route->query), name);
}

/* Every read of the API also takes min_event (flow_await.h). */
static bool takes(const struct flow *f, struct str name)
{
	return flow_route_takes(f->route, name) ||
	       (flow_is_safe(f) && !(f->route->flags & ROUTE_PAGE) &&
		str_eq(name, STR("min_event")));
}

static void query_flaw(struct flow *f, struct str name, struct str code, struct str cure)
{
	struct str pointer = arena_fmt(f->arena, "?%.*s", (int)name.len, name.at);

	flaw_add(&f->flaws, pointer, code, STR("This address does not take it so."), cure);
}

/* "It takes: q, after.", of what the route takes. */
static struct str cure_of(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(4096);
	struct str rest = str_of(f->route->query ? f->route->query : "none"), name;

	buf_str(&out, STR("It takes: "));
	while (rest.len) {
		name = str_cut(rest, ',', &rest);
		buf_str(&out, name);
		buf_str(&out, rest.len ? STR(", ") : STR("."));
	}
	return arena_str(f->arena, buf_view(&out));
}

/* A wait for what is no event's id would be in vain. */
static void check_event(struct flow *f)
{
	struct str id = flow_query(f, "min_event");

	if (!str_is_null(id) && (!str_starts(id, STR("evt_")) || !shape_is_id(id)))
		query_flaw(f, STR("min_event"), STR("BAD_FORM"),
			   STR("Send the Event-Id of a write's reply, such as evt_…."));
}

/* A day or a moment: where there is no past, an answer of today's would be another's. */
static bool is_of_then(struct str name)
{
	return str_lists(STR("valid_on,known_at,known_on"), name);
}

/* Is this part of a page's address, "name=value", one that the page reads or must refuse? */
static bool is_own(struct flow *f, struct str part)
{
	struct str value, name = str_cut(part, '=', &value);
	struct query q;

	return query_parse(name, f->arena, &q) == 0 && q.count &&
	       (takes(f, q.at[0].name) || is_of_then(q.at[0].name));
}

/* The query; of a page that is looked at, without what others put on its address. */
static struct str own_query(struct flow *f)
{
	CLEANUP(buf_done) struct buf own = BUF(HTTP_TARGET_MAX);
	struct str rest = f->request->query;

	if (!(f->route->flags & ROUTE_PAGE) || !flow_is_safe(f))
		return rest;
	while (rest.len) {
		struct str part = str_cut(rest, '&', &rest);

		if (!part.len || !is_own(f, part))
			continue;
		if (own.len)
			buf_char(&own, '&');
		buf_str(&own, part);
	}
	return arena_str(f->arena, buf_view(&own));
}

struct str flow_target(struct flow *f)
{
	struct str whole, path = str_cut(f->request->target, '?', &whole), query = own_query(f);

	if (query.len == whole.len)
		return f->request->target;
	return query.len ? arena_fmt(f->arena, "%.*s?%.*s", (int)path.len, path.at, (int)query.len,
				     query.at)
			 : path;
}

int flow_read_query(struct flow *f)
{
	struct query *q = &f->p->query;
	struct str own = own_query(f);
	int r;

	r = str_is_null(own) && !str_is_null(f->request->query) ? ERR_NOMEM
								: query_parse(own, f->arena, q);
	/* To people it says nothing: a page tells them what to do about an address. */
	if (r == ERR_QUERY && !(f->route->flags & ROUTE_PAGE))
		flow_detail(f, STR("The query has a bad escape, a NUL, or is not UTF-8."));
	if (r < 0)
		return r;
	for (size_t i = 0; i < q->count; i++) {
		struct str name = q->at[i].name;

		if (!takes(f, name) && !takes(f, STR("valid_on")) && flow_is_safe(f) &&
		    is_of_then(name))
			query_flaw(f, name, STR("NO_PAST"),
				   STR("What is given here is as it is now and has no past. Leave "
				       "it out; "
				       "assets, requests and what hangs on them take valid_on and "
				       "known_at, but for forms and files made for today."));
		else if (!takes(f, name))
			query_flaw(f, name, STR("UNKNOWN_PARAMETER"), cure_of(f));
		else if (query_get(q, name).at != q->at[i].value.at)
			query_flaw(f, name, STR("GIVEN_TWICE"), STR("Send it once."));
	}
	check_event(f);
	return f->flaws.count ? ERR_QUERY : 0;
}

int flow_query_become(struct flow *f, struct str text, const char *keep)
{
	struct query *q = &f->p->query, was = *q;
	struct query_pair *pair;
	int r = query_parse(text, f->arena, q);

	pair = r < 0 ? NULL : ARENA_ARRAY(f->arena, q->count + was.count + 1, struct query_pair);
	if (!pair)
		return r < 0 ? r : ERR_NOMEM;
	for (size_t i = 0; i < q->count; i++)
		pair[i] = q->at[i];
	q->at = pair;
	for (size_t i = 0; i < was.count; i++) {
		if (str_lists(str_of(keep), was.at[i].name))
			pair[q->count++] = was.at[i];
		else
			query_flaw(f, was.at[i].name, STR("UNKNOWN_PARAMETER"),
				   arena_fmt(f->arena, "Here it takes: %s.", keep));
	}
	return f->flaws.count ? ERR_QUERY : 0;
}

struct str flow_query(struct flow *f, const char *name)
{
	return query_get(&f->p->query, str_of(name));
}

/* The version in one entity-tag of ours, "<version>-<view>"; 0 for any other. */
static int32_t tag_version(struct str tag)
{
	struct str view;
	int64_t version;

	if (tag.len < 2 || tag.at[0] != '"' || tag.at[tag.len - 1] != '"')
		return 0;
	tag = str_cut((struct str){tag.at + 1, tag.len - 2}, '-', &view);
	if (!view.len || str_to_i64(tag, &version) < 0 || version < 1 || version > INT32_MAX)
		return 0;
	return (int32_t)version;
}

/*
 * Does a list of entity-tags name this version? "*" names any there is, a weak tag none: here
 * the strong comparison counts (RFC 9110 section 13.1.1).
 */
static bool names_version(struct str list, int32_t current)
{
	if (str_eq(str_trim(list), STR("*")))
		return current > 0;
	while (list.len) {
		if (tag_version(str_trim(str_cut(list, ',', &list))) == current && current > 0)
			return true;
	}
	return false;
}

/* By the fields of the request alone. */
static int match_fields(const struct flow *f, int32_t current)
{
	struct str match = http_field_get(f->request, STR("if-match"));
	struct str none = http_field_get(f->request, STR("if-none-match"));
	bool is_owed = !flow_is_safe(f) && f->request->method != METHOD_POST;

	if (!str_is_null(match))
		return names_version(match, current) ? 0 : ERR_STALE;
	if (!flow_is_safe(f) && str_eq(str_trim(none), STR("*")))
		return current ? ERR_STALE : 0;
	return is_owed ? ERR_PRECONDITION : 0;
}

/* What a form says of the version it began with; absent when it says nothing. */
static struct str seen_version(const struct flow *f)
{
	return query_get(&f->p->form, STR("seen_version"));
}

int flow_if_match(const struct flow *f, int32_t current)
{
	struct str seen = seen_version(f);
	int64_t version;

	if (!str_is_null(seen))
		return str_to_i64(seen, &version) == 0 && version == current ? 0 : ERR_STALE;
	return match_fields(f, current);
}

int flow_stale(const struct flow *f)
{
	bool was_said = !str_is_null(http_field_get(f->request, STR("if-match"))) ||
			!str_is_null(seen_version(f));

	return was_said ? ERR_STALE : ERR_CONFLICT;
}

int flow_letter(struct flow *f)
{
	return rate_letter(f->p->x);
}

int flow_sign_in(struct flow *f)
{
	return rate_sign_in(f->p->x);
}
