/*
 * A borrowed view of bytes: pointer and length, no NUL promised, never owned. An absent
 * text is one whose `at` is NULL; an empty one has `at` set and `len` 0. All functions take
 * both, and treat the absent as empty where they do not say otherwise.
 *
 * Passed by value, and valid as long as what it looks into. Any thread.
 */
#pragma once

#include <string.h>

#include "base.h"

struct str {
	const char *at;
	size_t len;
};

/* A view of a literal without its NUL; STR_INIT is its form in a static table. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}

/* A view of a C string that may be NULL (then absent). */
static inline struct str str_of(const char *z)
{
	return (struct str){z, z ? strlen(z) : 0};
}

/* True for an absent text; false for an empty one. */
static inline bool str_is_null(struct str s)
{
	return s.at == NULL;
}

/* The same bytes. An absent text equals an empty one: ask str_is_null() to tell them apart. */
bool str_eq(struct str a, struct str b);

/*
 * The same bytes but for the case of ASCII letters, whatever the locale: for names of HTTP
 * fields (RFC 9110 section 5.1), schemes and columns.
 */
bool str_eq_nocase(struct str a, struct str b);

/* True if s begins with the prefix; every text begins with the empty one. */
bool str_starts(struct str s, struct str prefix);

/* True if `what` stands somewhere in s; the empty text stands in every one. */
bool str_holds(struct str s, struct str what);

/*
 * By the value of the bytes, which in UTF-8 is code point order; where one begins with the
 * other, the shorter comes first. <0, 0, >0.
 */
int str_cmp(struct str a, struct str b);

/*
 * The part before the first `sep`, and the rest after it; without one the whole text, and
 * *rest is absent. So `while (!str_is_null(rest))` sees every part, also empty ones.
 *
 * Example: "a=b=c" cut at '=' is "a", the rest "b=c"; "a" is "a", the rest absent.
 */
struct str str_cut(struct str s, char sep, struct str *rest);

/* Does a list such as "q,near,kind" hold that one? */
bool str_lists(struct str list, struct str one);

/* Without ASCII white space (space, \t \n \v \f \r) at both ends. */
struct str str_trim(struct str s);

/* True if every byte sequence is well-formed UTF-8 (RFC 3629) and none is NUL. */
bool str_is_utf8(struct str s);

/* How many code points a well-formed UTF-8 text has; of another, bytes that begin none. */
size_t str_code_points(struct str s);

/*
 * A whole decimal number, optional minus, no plus, no blanks, no leading zeros but "0", and
 * no "-0": each number has one spelling.
 * ERR_INVALID  not such a number.    ERR_RANGE  such a number, but it does not fit 64 bits.
 */
MUST_CHECK int str_to_i64(struct str s, int64_t *ret_value);
