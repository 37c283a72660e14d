/*
 * Views of bytes. Nothing here allocates or depends on the locale, and nothing reads past
 * `len`: a text may end at the last byte of its page.
 */
#include "str.h"

#include "err.h"

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	}
	return true;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool str_holds(struct str s, struct str what)
{
	for (; s.len >= what.len; s = (struct str){s.at + 1, s.len - 1}) {
		const char *at;

		if (!what.len)
			return true;
		at = memchr(s.at, what.at[0], s.len - what.len + 1);
		if (!at)
			return false;
		s = (struct str){at, s.len - (size_t)(at - s.at)};
		if (memcmp(s.at, what.at, what.len) == 0)
			return true;
	}
	return false;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int r = n ? memcmp(a.at, b.at, n) : 0;

	if (r)
		return r;
	return (a.len > b.len) - (a.len < b.len);
}

struct str str_cut(struct str s, char sep, struct str *rest)
{
	const char *at = s.len ? memchr(s.at, sep, s.len) : NULL;
	size_t n;

	if (!at) {
		*rest = (struct str){NULL, 0};
		return s;
	}
	n = (size_t)(at - s.at);
	*rest = (struct str){at + 1, s.len - n - 1};
	return (struct str){s.at, n};
}

bool str_lists(struct str list, struct str one)
{
	while (list.len) {
		if (str_eq(str_cut(list, ',', &list), one))
			return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len && is_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

/* Length of the well-formed sequence at p, 0 if there is none; RFC 3629 section 4. */
static size_t utf8_len(const unsigned char *p, size_t left)
{
	unsigned char lo = 0x80, hi = 0xBF;
	size_t n;

	if (p[0] == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (n > left)
		return 0;
	/* No overlong forms, no surrogates, nothing beyond U+10FFFF. */
	if (p[0] == 0xE0)
		lo = 0xA0;
	else if (p[0] == 0xED)
		hi = 0x9F;
	else if (p[0] == 0xF0)
		lo = 0x90;
	else if (p[0] == 0xF4)
		hi = 0x8F;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < n; i++) {
		if (p[i] < 0x80 || p[i] > 0xBF)
			return 0;
	}
	return n;
}

bool str_is_utf8(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.at;

	for (size_t i = 0; i < s.len;) {
		size_t n = utf8_len(p + i, s.len - i);

		if (!n)
			return false;
		i += n;
	}
	return true;
}

size_t str_code_points(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
	return n;
}

int str_to_i64(struct str s, int64_t *ret_value)
{
	bool minus = s.len && s.at[0] == '-';
	size_t i = minus;
	int64_t v = 0;

	if (i == s.len || (s.at[i] == '0' && (s.len > 1)))
		return ERR_INVALID;
	for (; i < s.len; i++) {
		int digit = s.at[i] - '0';

		if (digit < 0 || digit > 9)
			return ERR_INVALID;
		/* Below zero there is room for one number more: INT64_MIN is read this way. */
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, (int64_t)digit, &v)) {
			for (; i < s.len; i++) {
				if (s.at[i] < '0' || s.at[i] > '9')
					return ERR_INVALID;
			}
			return ERR_RANGE;
		}
	}
	if (!minus && __builtin_sub_overflow((int64_t)0, v, &v))
		return ERR_RANGE;
	*ret_value = v;
	return 0;
}
