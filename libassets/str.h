/*
 * A borrowed view of bytes: pointer and length, no NUL promised, never owned. An absent
 * text is one whose `at` is NULL; an empty one has `at` set and `len` 0.
 */
#pragma once

#include <string.h>

#include "base.h"

struct str {
	const char *at;
	size_t len;
};

/* A view of a literal; STR_INIT is its form in a static table. */
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

static inline bool str_is_null(struct str s)
{
	return s.at == NULL;
}

bool str_eq(struct str a, struct str b);

/* Compare without case, ASCII letters only: for header and column names. */
bool str_eq_nocase(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);

/* By code point order of the bytes, shorter first on a tie: <0, 0, >0. */
int str_cmp(struct str a, struct str b);

/* The part before the first `sep`, and the rest after it; *rest is absent when none. */
struct str str_cut(struct str s, char sep, struct str *rest);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/* True if every byte sequence is well-formed UTF-8 (RFC 3629) and none is NUL. */
bool str_is_utf8(struct str s);

/* How many code points a well-formed UTF-8 text has. */
size_t str_code_points(struct str s);

/*
 * A whole decimal number, optional minus, no plus, no blanks, no leading zeros but "0".
 * ERR_INVALID  not such a number.    ERR_RANGE  does not fit 64 bits.
 */
MUST_CHECK int str_to_i64(struct str s, int64_t *ret_value);
