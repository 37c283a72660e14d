/*
 * Decoding names and values, strictly: a doubtful byte is refused, not repaired. Source: the
 * URL standard's form of application/x-www-form-urlencoded, but for that strictness.
 *
 * Everything is copied into the arena, decoded; the text itself may go. %00 is refused like any
 * byte that is not text, so values are safe to be handled as C strings.
 */
#include "query.h"

#include "libassets/base/err.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int decode(struct str s, struct arena *a, struct str *ret_text)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	if (!out)
		return ERR_NOMEM;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i] == '+' ? ' ' : s.at[i];

		if (c == '%') {
			int high = i + 2 < s.len ? hex(s.at[i + 1]) : -1;
			int low = i + 2 < s.len ? hex(s.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return ERR_QUERY;
			c = (char)(high << 4 | low);
			i += 2;
		}
		out[n++] = c;
	}
	*ret_text = (struct str){out, n};
	return str_is_utf8(*ret_text) ? 0 : ERR_QUERY;
}

/* Counted first, so that the list is allocated once and a flood is refused before that. */
static size_t count_parts(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += text.at[i] == '&';
	return n;
}

static int read_part(struct str part, struct arena *a, struct query *q)
{
	struct query_pair *pair = &q->at[q->count];
	struct str value, name = str_cut(part, '=', &value);
	int r = decode(name, a, &pair->name);

	if (r < 0)
		return r;
	r = decode(value, a, &pair->value);
	if (r < 0)
		return r;
	q->count++;
	return 0;
}

int query_parse(struct str text, struct arena *a, struct query *ret_query)
{
	struct query q = {0};
	size_t most = count_parts(text);

	if (most > QUERY_MAX)
		return ERR_QUERY;
	q.at = ARENA_ARRAY(a, most, struct query_pair);
	if (!q.at)
		return ERR_NOMEM;
	while (text.len) {
		struct str part = str_cut(text, '&', &text);
		int r = part.len ? read_part(part, a, &q) : 0;

		if (r < 0)
			return r;
	}
	*ret_query = q;
	return 0;
}

struct str query_get(const struct query *q, struct str name)
{
	for (size_t i = 0; i < q->count; i++) {
		if (str_eq(q->at[i].name, name))
			return q->at[i].value;
	}
	return (struct str){NULL, 0};
}
