/*
 * Request heads: every case of tests/data/raw-requests, in one piece and byte by byte, and
 * what the parts of an accepted head are.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/http/http_head.h"
#include "libassets/base/err.h"

/* The bytes of a text whose characters are U+0000 to U+00FF each. */
static struct str bytes_of(const json_t *text, char *to)
{
	const unsigned char *at = (const unsigned char *)json_string_value(text);
	size_t len = json_string_length(text), n = 0;

	for (size_t i = 0; i < len; i++) {
		if (at[i] < 0x80) {
			to[n++] = (char)at[i];
		} else {
			to[n++] = (char)((at[i] & 3) << 6 | (at[i + 1] & 0x3F));
			i++;
		}
	}
	return (struct str){to, n};
}

/* The verdict when the bytes arrive in pieces of this size; "" while more would be waited for. */
static const char *verdict(struct str raw, size_t piece)
{
	struct http_scan scan = {0};
	struct http_request *request = calloc(1, sizeof(*request));
	struct http_framing framing;
	const char *id = "";
	size_t there = 0, len = 0;
	char *head;
	int err = 0;

	/* As the connection does it: one empty line before the head is let pass. */
	if (str_starts(raw, STR("\r\n")))
		raw = (struct str){raw.at + 2, raw.len - 2};
	while (!err && !len && there < raw.len) {
		there = there + piece < raw.len ? there + piece : raw.len;
		err = http_scan(&scan, raw.at, there, &len);
	}
	if (!err && len) {
		head = malloc(len);
		memcpy(head, raw.at, len);
		err = http_head_parse(head, len, request, &framing);
		id = err ? err_info(err)->id : "OK";
		cr_assert_eq(framing.why != NULL, err != 0, "a refusal says why");
		free(head);
	} else if (err) {
		cr_assert_not_null(scan.why);
		id = err_info(err)->id;
	}
	free(request);
	return id;
}

Test(http_head, judges_every_raw_request_however_it_arrives)
{
	json_t *cases = json_load_file(TEST_DATA "/raw-requests/cases.json", JSON_ALLOW_NUL, NULL);
	size_t i;
	json_t *c;

	cr_assert(json_array_size(cases) > 200);
	json_array_foreach (cases, i, c) {
		const char *name = json_string_value(json_object_get(c, "name"));
		const char *want = json_string_value(json_object_get(c, "head"));
		char *room = malloc(json_string_length(json_object_get(c, "raw")) + 1);
		struct str raw = bytes_of(json_object_get(c, "raw"), room);

		cr_expect_str_eq(verdict(raw, SIZE_MAX / 2), want, "%s: %s", name,
				 verdict(raw, SIZE_MAX / 2));
		cr_expect_str_eq(verdict(raw, 1), want, "%s, byte by byte", name);
		cr_expect_str_eq(verdict(raw, 7), want, "%s, in pieces", name);
		free(room);
	}
	json_decref(cases);
}

/* Debian compiles llhttp so by default; these two pass it there. */
Test(http_head, llhttp_is_strict)
{
	cr_assert_str_eq(verdict(STR("GET / HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n"), 99), "HEAD");
	cr_assert_str_eq(verdict(STR("GET /\xE9 HTTP/1.1\r\nHost: a\r\n\r\n"), 99), "HEAD");
}

static int parse(const char *text, struct http_request *r, struct http_framing *f)
{
	static char head[4096];
	size_t len = strlen(text);

	memcpy(head, text, len);
	return http_head_parse(head, len, r, f);
}

Test(http_head, gives_the_parts)
{
	static struct http_request r;
	struct http_framing f;

	cr_assert_eq(parse("POST /a/b%20c?d=e?f HTTP/1.0\r\nHost: h:1\r\nX-Odd:  v \t\r\nEMPTY:\r\n"
			   "Content-Length: 12\r\nConnection: Keep-Alive\r\nExpect: "
			   "100-Continue\r\n\r\n",
			   &r, &f),
		     0);
	cr_assert_eq(r.method, METHOD_POST);
	cr_assert(r.is_version_10);
	cr_assert(str_eq(r.target, STR("/a/b%20c?d=e?f")));
	cr_assert(str_eq(r.path, STR("/a/b%20c")));
	cr_assert(str_eq(r.query, STR("d=e?f")));
	cr_assert(str_eq(r.host, STR("h:1")));
	cr_assert(str_eq(http_field_get(&r, STR("x-odd")), STR("v")));
	cr_assert(str_eq(http_field_get(&r, STR("empty")), STR("")));
	cr_assert(str_is_null(http_field_get(&r, STR("none"))));
	cr_assert_eq(f.body_bytes, 12);
	cr_assert(f.is_keep_alive);
	cr_assert(!f.wants_continue, "HTTP/1.0 knows no 100");

	cr_assert_eq(parse("GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", &r, &f), 0);
	cr_assert(str_is_null(r.query));
	cr_assert(f.wants_continue && f.is_keep_alive && f.body_bytes == 0);
}

Test(http_head, a_refusal_leaves_a_usable_request)
{
	static struct http_request r;
	struct http_framing f;

	cr_assert_eq(parse("POST\r\n\r\n", &r, &f), ERR_HEAD);
	cr_assert_eq(r.method, METHOD_GET);
	cr_assert(str_eq(r.path, STR("")));
	cr_assert_eq(r.field_count, 0);
}

Test(http_head, unescapes)
{
	static const struct {
		struct str s;
		int err;
		const char *want;
	} rows[] = {
		{STR_INIT("plain"), 0, "plain"},   {STR_INIT("%41%7e"), 0, "A~"},
		{STR_INIT("a%2Fb"), 0, "a/b"},     {STR_INIT("%"), ERR_HEAD, NULL},
		{STR_INIT("%4"), ERR_HEAD, NULL},  {STR_INIT("%4g"), ERR_HEAD, NULL},
		{STR_INIT("%00"), ERR_HEAD, NULL}, {STR_INIT("+"), 0, "+"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char to[16];
		size_t len = 0;

		cr_assert_eq(http_unescape(rows[i].s, to, &len), rows[i].err, "row %zu", i);
		if (rows[i].want)
			cr_assert(str_eq((struct str){to, len}, str_of(rows[i].want)), "row %zu",
				  i);
	}
}
