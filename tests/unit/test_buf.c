/*
 * Bounded bytes and arenas: what does not fit is refused and said, never cut in silence.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "libassets/base/arena.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

Test(buf, refuses_past_its_maximum_and_stays_failed)
{
	CLEANUP(buf_done) struct buf b = BUF(4);

	buf_str(&b, STR("abcd"));
	cr_assert_eq(buf_err(&b), 0);
	buf_char(&b, 'e');
	cr_assert_eq(buf_err(&b), ERR_LIMIT);
	buf_clear(&b);
	buf_fmt(&b, "%d", 12);
	cr_assert(str_eq(buf_view(&b), STR("12")));
}

Test(buf, json_escapes)
{
	CLEANUP(buf_done) struct buf b = BUF(200);

	buf_json(&b, STR("a\"\\\n\x01\x7F\xC3\xA0\xFF z"));
	cr_assert_str_eq(b.at, "\"a\\\"\\\\\\n\\u0001\\u007f\xC3\xA0\xEF\xBF\xBD z\"");
}

Test(arena, gives_zeroed_memory_up_to_its_maximum)
{
	struct arena a;
	char *p;

	arena_init(&a, 1000);
	p = arena_alloc(&a, 100);
	cr_assert_not_null(p);
	for (int i = 0; i < 100; i++)
		cr_assert_eq(p[i], 0);
	cr_assert_null(arena_alloc(&a, 1000));
	cr_assert_null(arena_array(&a, SIZE_MAX, 16));
	cr_assert(str_eq(arena_fmt(&a, "%s-%d", "x", 7), STR("x-7")));
	arena_done(&a);
	cr_assert_not_null(arena_alloc(&a, 900));
	arena_done(&a);
}
