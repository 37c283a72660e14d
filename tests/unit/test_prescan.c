/*
 * A small body cannot make a large tree: each limit at its edge and one past it.
 */
#include <criterion/criterion.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/shape/prescan.h"

static int scan(struct str text)
{
	struct flaws flaws;
	struct arena a;
	int r;

	arena_init(&a, 100000);
	flaws_init(&flaws, &a);
	r = prescan_json(text, &flaws);
	cr_assert_eq(flaws.count, r ? 1 : 0);
	arena_done(&a);
	return r;
}

static int scan_repeated(const char *before, const char *unit, size_t n, const char *after)
{
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);

	buf_str(&text, str_of(before));
	for (size_t i = 0; i < n; i++)
		buf_str(&text, str_of(unit));
	buf_str(&text, str_of(after));
	cr_assert_eq(buf_err(&text), 0);
	return scan(buf_view(&text));
}

Test(prescan, depth)
{
	cr_assert_eq(scan_repeated("", "[", PRESCAN_DEPTH_MAX, ""), 0);
	cr_assert_eq(scan_repeated("", "[", PRESCAN_DEPTH_MAX + 1, ""), ERR_JSON);
	cr_assert_eq(scan_repeated("", "{\"a\":", PRESCAN_DEPTH_MAX + 1, ""), ERR_JSON);
	cr_assert_eq(scan_repeated("", "[]", 100, ""), 0);
}

Test(prescan, nodes)
{
	cr_assert_eq(scan_repeated("[1", ",1", PRESCAN_NODE_MAX - 2, "]"), 0);
	cr_assert_eq(scan_repeated("[1", ",1", PRESCAN_NODE_MAX - 1, "]"), ERR_JSON);
	cr_assert_eq(scan_repeated("", "[]", PRESCAN_NODE_MAX, ""), ERR_JSON);
}

Test(prescan, texts)
{
	cr_assert_eq(scan_repeated("\"", "a", PRESCAN_STRING_MAX, "\""), 0);
	cr_assert_eq(scan_repeated("\"", "a", PRESCAN_STRING_MAX + 1, "\""), ERR_JSON);
	cr_assert_eq(scan(STR("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}")), 0);
	cr_assert_eq(scan(STR("\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"")), 0);
}

Test(prescan, leaves_what_is_not_json_to_the_parser)
{
	static const struct str odd[] = {STR_INIT(""), STR_INIT("\""), STR_INIT("\"\\"),
					 STR_INIT("]]]]"), STR_INIT("{{}}")};

	for (size_t i = 0; i < COUNT(odd); i++)
		cr_assert_eq(scan(odd[i]), 0, "%s", odd[i].at);
}
