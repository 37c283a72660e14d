/*
 * The values that the algorithm's authors give.
 */
#include <criterion/criterion.h>

#include "libassets/base/fnv.h"

Test(fnv, is_that_of_its_authors)
{
	cr_expect_eq(fnv_text(FNV_BEGIN, STR("")), UINT64_C(0xcbf29ce484222325));
	cr_expect_eq(fnv_text(FNV_BEGIN, STR("a")), UINT64_C(0xaf63dc4c8601ec8c));
	cr_expect_eq(fnv_text(FNV_BEGIN, STR("foobar")), UINT64_C(0x85944171f73967e8));
	cr_expect_eq(fnv_text(fnv_text(FNV_BEGIN, STR("foo")), STR("bar")),
		     fnv_text(FNV_BEGIN, STR("foobar")));
	cr_expect_eq(fnv_unit(FNV_BEGIN, 'a'), fnv_text(FNV_BEGIN, STR("a")));
	cr_expect_neq(fnv_unit(FNV_BEGIN, 0x100), fnv_text(FNV_BEGIN, STR("\0")));
}
