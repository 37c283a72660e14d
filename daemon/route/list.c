/*
 * Reading what page is asked for, and joining rows into one. Items are passed on as the
 * database rendered them; nothing is parsed. On the worker's thread, inside a step.
 *
 * A cursor is bound to its list by a hash of path, filters and order: one carried over to
 * another list would begin it somewhere in the middle, and nobody would notice.
 */
#include "list.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "daemon/flow/flow_private.h"
#include "daemon/process/worker.h"
#include "libassets/base/err.h"
#include "router.h"

/* Bytes: of a page of items, and of an address with its cursor. */
enum { PAGE_MAX = 64 << 20, URL_MAX = 16 * 1024 };

static const int64_t cursor_us = (int64_t)CURSOR_DAYS * 24 * 3600 * 1000000;

static void list_flaw(struct flow *f, const char *pointer, struct str cure)
{
	flaw_add(&f->flaws, str_of(pointer), STR("OUT_OF_RANGE"), STR("It cannot be that"), cure);
}

static int read_limit(struct flow *f, struct list *l)
{
	struct str text = flow_query(f, "limit");
	int64_t n = LIST_LIMIT;

	if (!str_is_null(text) && (str_to_i64(text, &n) < 0 || n < 1 || n > LIST_LIMIT_MAX)) {
		list_flaw(f, "?limit", STR("Send a whole number from 1 to 1000."));
		return ERR_QUERY;
	}
	l->limit = (int32_t)n;
	l->rows = l->limit + 1;
	return 0;
}

/* "name,id" is "name": the id is always the last key, or pages would lose equal names. */
static int read_sort(struct flow *f, const char *sorts, struct list *l)
{
	struct str rest, known, text = flow_query(f, "sort");

	l->sort = str_cut(str_of(sorts ? sorts : "id"), ',', &rest);
	if (str_is_null(text))
		return 0;
	text = str_cut(text, ',', &rest);
	if (!str_is_null(rest) && !str_eq(rest, STR("id")))
		text = STR("");
	for (known = str_of(sorts ? sorts : "id"); known.len;) {
		l->sort = str_cut(known, ',', &known);
		if (str_eq(l->sort, text))
			return 0;
	}
	list_flaw(f, "?sort",
		  arena_fmt(f->arena, "Send one of %s; the id comes last by itself.",
			    sorts ? sorts : "id"));
	return ERR_QUERY;
}

/* A hash of the path and of every query pair but those that only say which page. */
static int filter_of(const struct flow *f, const struct list *l,
		     char ret_hex[2 * CURSOR_FILTER + 1])
{
	CLEANUP(buf_done) struct buf text = BUF(URL_MAX);
	const struct query *q = &f->p->query;
	unsigned char hash[32];
	unsigned len;

	buf_str(&text, f->request->path);
	buf_char(&text, '\0');
	buf_str(&text, l->sort);
	for (size_t i = 0; i < q->count; i++) {
		struct str name = q->at[i].name;

		if (str_eq(name, STR("limit")) || str_eq(name, STR("cursor")) ||
		    str_eq(name, STR("sort")))
			continue;
		buf_char(&text, '\0');
		buf_str(&text, name);
		buf_char(&text, '\0');
		buf_str(&text, q->at[i].value);
	}
	if (buf_err(&text) < 0)
		return buf_err(&text);
	if (!EVP_Digest(text.at, text.len, hash, &len, EVP_sha256(), NULL))
		return ERR_BUG;
	for (size_t i = 0; i < CURSOR_FILTER; i++)
		(void)snprintf(ret_hex + 2 * i, 3, "%02x", hash[i]);
	return 0;
}

static int read_cursor(struct flow *f, struct list *l)
{
	struct str text = flow_query(f, "cursor");
	char filter[2 * CURSOR_FILTER + 1];
	struct cursor c;
	int r;

	l->is_first = str_is_null(text);
	if (l->is_first)
		return 0;
	r = filter_of(f, l, filter);
	if (!r)
		r = cursor_read(f->worker->auth, text, filter, f->now_us, f->arena, &c);
	if (r < 0)
		return r;
	memcpy(l->key, c.key, sizeof(l->key));
	return 0;
}

int list_read(struct flow *f, const char *sorts, struct list *ret_list)
{
	int r;

	*ret_list = (struct list){0};
	r = read_limit(f, ret_list);
	if (!r)
		r = read_sort(f, sorts, ret_list);
	if (!r)
		r = read_cursor(f, ret_list);
	return r;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       memchr("-._~,", c, 5);
}

static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_unreserved(s.at[i]))
			buf_char(out, s.at[i]);
		else
			buf_fmt(out, "%%%02X", (unsigned char)s.at[i]);
	}
}

/* This list's own address, with another cursor or none. */
static void add_url(const struct flow *f, struct str cursor, struct buf *out)
{
	const struct query *q = &f->p->query;
	char before = '?';

	buf_str(out, f->request->path);
	for (size_t i = 0; i < q->count; i++) {
		if (str_eq(q->at[i].name, STR("cursor")))
			continue;
		buf_char(out, before);
		add_escaped(out, q->at[i].name);
		buf_char(out, '=');
		add_escaped(out, q->at[i].value);
		before = '&';
	}
	if (cursor.len) {
		buf_fmt(out, "%ccursor=", before);
		buf_str(out, cursor);
	}
}

static int next_url(struct flow *f, const struct list *l, int statement, struct buf *out)
{
	CLEANUP(buf_done) struct buf text = BUF(CURSOR_MAX);
	struct cursor c = {.until_us = f->now_us + cursor_us};
	int r = filter_of(f, l, c.filter);

	if (r < 0)
		return r;
	c.key_count = (size_t)(db_columns(f->got, statement) - 1 - l->has_versions);
	if (c.key_count > CURSOR_KEYS_MAX)
		return ERR_BUG;
	for (size_t i = 0; i < c.key_count; i++)
		c.key[i] = db_value(f->got, statement, l->limit - 1, (int)i + 1);
	r = cursor_write(f->worker->auth, &c, &text);
	if (r < 0)
		return r;
	add_url(f, buf_view(&text), out);
	return buf_err(out);
}

/* RFC 8288. */
static void link_field(struct flow *f, struct str next)
{
	CLEANUP(buf_done) struct buf link = BUF(URL_MAX);

	buf_char(&link, '<');
	add_url(f, (struct str){NULL, 0}, &link);
	buf_str(&link, STR(">; rel=\"first\""));
	if (next.len)
		buf_fmt(&link, ", <%.*s>; rel=\"next\"", (int)next.len, next.at);
	if (buf_err(&link) == 0)
		http_reply_field(f->reply, STR("Link"), arena_str(f->arena, buf_view(&link)));
}

int list_read_numbered(struct flow *f, struct list **ret_list, int32_t *ret_after)
{
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	int64_t after = 0;
	int r = l ? list_read(f, NULL, l) : ERR_NOMEM;

	if (r == 0 && !l->is_first && (str_to_i64(l->key[0], &after) < 0 || after > INT32_MAX))
		r = ERR_CURSOR;
	*ret_list = l;
	*ret_after = (int32_t)after;
	return r;
}

bool list_is_geo(const struct list *l)
{
	return str_eq(l->type, STR("application/geo+json"));
}

static void join(const struct flow *f, const struct list *l, int statement, struct buf *out)
{
	int rows = db_rows(f->got, statement);

	buf_str(out, list_is_geo(l) ? STR("{\"type\":\"FeatureCollection\",\"features\":[")
				    : STR("{\"items\":["));
	for (int i = 0; i < rows && i < l->limit; i++) {
		if (i)
			buf_char(out, ',');
		buf_str(out, db_value(f->got, statement, i, 0));
	}
	buf_str(out, STR("],\"next\":"));
}

/* A list has no version: what it says is its tag. The cursor in it changes by the moment. */
static bool list_etag(struct flow *f, struct str items)
{
	unsigned char hash[32];
	unsigned len;
	char hex[33];

	if (!EVP_Digest(items.at, items.len, hash, &len, EVP_sha256(), NULL))
		return false;
	for (size_t i = 0; i < 16; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return flow_etag_weak(f, str_of(hex));
}

/* The same of ids and versions, known before anything is joined: a fortieth of the bytes. */
static bool list_etag_versions(struct flow *f, const struct list *l, int statement)
{
	CLEANUP(buf_done) struct buf said = BUF(PAGE_MAX);
	int id = db_columns(f->got, statement) - 2;

	for (int i = 0; i < db_rows(f->got, statement) && i < l->limit; i++) {
		buf_str(&said, db_value(f->got, statement, i, id));
		buf_char(&said, ' ');
		buf_str(&said, db_value(f->got, statement, i, id + 1));
		buf_char(&said, '\n');
	}
	return buf_err(&said) == 0 && list_etag(f, buf_view(&said));
}

enum step_result list_answer(struct flow *f, const struct list *l, int statement)
{
	CLEANUP(buf_done) struct buf page = BUF(PAGE_MAX);
	CLEANUP(buf_done) struct buf next = BUF(URL_MAX);
	int r = 0;

	/* One row more than the page was asked for, to know whether there is a next one. */
	if (db_rows(f->got, statement) > l->limit)
		r = next_url(f, l, statement, &next);
	if (r < 0)
		return flow_fail(f, r);
	link_field(f, buf_view(&next));
	if (l->has_versions && list_etag_versions(f, l, statement))
		return STEP_DONE;
	join(f, l, statement, &page);
	if (!l->has_versions && list_etag(f, buf_view(&page)))
		return STEP_DONE;
	if (next.len)
		buf_json(&page, buf_view(&next));
	else
		buf_str(&page, STR("null"));
	buf_str(&page, STR("}\n"));
	return flow_answer_made(f, l->type.len ? l->type : STR("application/json"), &page);
}
