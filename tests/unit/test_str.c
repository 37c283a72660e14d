/*
 * Views of bytes: comparing, cutting, UTF-8 and whole numbers.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/base/str.h"

Test(str, utf8_accepts_rfc3629_and_nothing_else)
{
	static const struct {
		struct str s;
		bool ok;
	} rows[] = {
		{STR_INIT(""), true},
		{STR_INIT("Inbhir Nis"), true},
		{STR_INIT("\xC3\xA0"), true},
		{STR_INIT("\xF0\x9F\x8F\xA0"), true},
		{STR_INIT("\xC0\x80"), false},         /* overlong */
		{STR_INIT("\xED\xA0\x80"), false},     /* surrogate */
		{STR_INIT("\xF4\x90\x80\x80"), false}, /* past U+10FFFF */
		{STR_INIT("\xE2\x82"), false},         /* cut */
		{STR_INIT("a\0b"), false},
		{STR_INIT("\xA0"), false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(str_is_utf8(rows[i].s), rows[i].ok, "row %zu", i);
}

Test(str, whole_numbers)
{
	static const struct {
		struct str s;
		int err;
		int64_t value;
	} rows[] = {
		{STR_INIT("0"), 0, 0},
		{STR_INIT("-1"), 0, -1},
		{STR_INIT("9223372036854775807"), 0, INT64_MAX},
		{STR_INIT("-9223372036854775808"), 0, INT64_MIN},
		{STR_INIT("9223372036854775808"), ERR_RANGE, 0},
		{STR_INIT("99999999999999999999x"), ERR_INVALID, 0},
		{STR_INIT(""), ERR_INVALID, 0},
		{STR_INIT("-"), ERR_INVALID, 0},
		{STR_INIT("+1"), ERR_INVALID, 0},
		{STR_INIT("01"), ERR_INVALID, 0},
		{STR_INIT("1 "), ERR_INVALID, 0},
		{STR_INIT("1.0"), ERR_INVALID, 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = 0;

		cr_assert_eq(str_to_i64(rows[i].s, &value), rows[i].err, "row %zu", i);
		cr_assert_eq(value, rows[i].value, "row %zu", i);
	}
}

Test(str, lists)
{
	cr_assert(str_lists(STR("q,near,kind"), STR("q")));
	cr_assert(str_lists(STR("q,near,kind"), STR("kind")));
	cr_assert(str_lists(STR("q"), STR("q")));
	cr_assert(!str_lists(STR("q,near,kind"), STR("nea")));
	cr_assert(!str_lists(STR("q,near,kind"), STR("near,kind")));
	cr_assert(!str_lists(STR(""), STR("q")));
	cr_assert(!str_lists((struct str){NULL, 0}, STR("")));
}

Test(str, cut_and_trim)
{
	struct str rest;
	struct str first = str_cut(STR("a=b=c"), '=', &rest);

	cr_assert(str_eq(first, STR("a")));
	cr_assert(str_eq(rest, STR("b=c")));
	first = str_cut(STR("abc"), '=', &rest);
	cr_assert(str_eq(first, STR("abc")));
	cr_assert(str_is_null(rest));
	cr_assert(str_eq(str_trim(STR(" \t x y\r\n")), STR("x y")));
}
