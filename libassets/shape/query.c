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

/* *ret_is_bad: an escape is none; it stays as it stands. Absent without memory. */
static struct str unescape(struct str s, struct arena *a, bool *ret_is_bad)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	*ret_is_bad = false;
	for (size_t i = 0; out && i < s.len; i++) {
		char c = s.at[i] == '+' ? ' ' : s.at[i];

		if (c == '%') {
			int high = i + 2 < s.len ? hex(s.at[i + 1]) : -1;
			int low = i + 2 < s.len ? hex(s.at[i + 2]) : -1;

			if (high < 0 || low < 0) {
				*ret_is_bad = true;
			} else {
				c = (char)(high << 4 | low);
				i += 2;
			}
		}
		out[n++] = c;
	}
	return (struct str){out, out ? n : 0};
}

static int decode(struct str s, struct arena *a, struct str *ret_text)
{
	bool is_bad;

	*ret_text = unescape(s, a, &is_bad);
	if (str_is_null(*ret_text))
		return ERR_NOMEM;
	return is_bad || !str_is_utf8(*ret_text) ? ERR_QUERY : 0;
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

/* Bytes of the character that begins there; 0: none does. */
static size_t character(struct str s)
{
	for (size_t n = 1; n <= 4 && n <= s.len; n++) {
		if (str_is_utf8((struct str){s.at, n}))
			return n;
	}
	return 0;
}

struct str query_mended(struct str s, struct arena *a)
{
	static const char mark[] = "\xEF\xBF\xBD"; /* U+FFFD */
	char *out = str_is_utf8(s) ? NULL : arena_alloc(a, 3 * s.len + 1);
	size_t n = 0;

	if (!out)
		return str_is_utf8(s) ? s : (struct str){NULL, 0};
	while (s.len) {
		size_t step = character(s);

		memcpy(out + n, step ? s.at : mark, step ? step : 3);
		n += step ? step : 3;
		s = (struct str){s.at + (step ? step : 1), s.len - (step ? step : 1)};
	}
	return (struct str){out, n};
}

int query_mend(struct str text, struct arena *a, struct query *ret_query)
{
	struct query q = {0};
	size_t most = count_parts(text);

	if (most > QUERY_MAX)
		return ERR_QUERY;
	q.at = ARENA_ARRAY(a, most, struct query_pair);
	while (q.at && text.len) {
		struct str value, part = str_cut(text, '&', &text);
		struct str name = str_cut(part, '=', &value);
		bool is_bad;

		if (!part.len)
			continue;
		q.at[q.count] = (struct query_pair){query_mended(unescape(name, a, &is_bad), a),
						    query_mended(unescape(value, a, &is_bad), a)};
		if (str_is_null(q.at[q.count].name) || str_is_null(q.at[q.count].value))
			return ERR_NOMEM;
		q.count++;
	}
	*ret_query = q;
	return q.at ? 0 : ERR_NOMEM;
}

struct str query_get(const struct query *q, struct str name)
{
	for (size_t i = 0; i < q->count; i++) {
		if (str_eq(q->at[i].name, name))
			return q->at[i].value;
	}
	return (struct str){NULL, 0};
}
