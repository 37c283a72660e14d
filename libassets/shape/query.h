/*
 * Names and values as they stand in a query string or in a form's body
 * (application/x-www-form-urlencoded): "status=open&q=old+hall".
 */
#pragma once

#include "libassets/base/arena.h"

/* Parts between `&`, empty ones counted: more are a program's mistake, or its malice. */
enum { QUERY_MAX = 200 };

/* Decoded, with no NUL in it, neither absent. */
struct query_pair {
	struct str name;
	struct str value;
};

struct query {
	struct query_pair *at;
	size_t count;
};

/*
 * Decode: %XX and '+' for a blank; a part without '=' has an empty value; empty parts are
 * skipped. text may be absent (nothing). Order is kept; a name may come again.
 *
 * ERR_QUERY  a bad escape, a NUL, what is not UTF-8 once decoded, more than QUERY_MAX parts
 * ERR_NOMEM
 *
 * Example: "q=old+hall&near=55.9%2C-3.2&x" is q "old hall", near "55.9,-3.2", x "".
 */
MUST_CHECK int query_parse(struct str text, struct arena *a, struct query *ret_query);

/*
 * Decode what was refused, so that it can be shown to whoever wrote it: what is no text (a NUL, a
 * byte that is no UTF-8) becomes U+FFFD, a bad escape stays as it stands.
 *
 * ERR_QUERY  more than QUERY_MAX parts     ERR_NOMEM
 *
 * Example: "q=a%00b&x=%" is q "a\uFFFDb", x "%".
 */
MUST_CHECK int query_mend(struct str text, struct arena *a, struct query *ret_query);
/* The same of one text that is decoded: itself where nothing is to mend, absent without memory. */
struct str query_mended(struct str s, struct arena *a);

/* The value of the first pair of that name, absent when there is none. */
struct str query_get(const struct query *q, struct str name);
