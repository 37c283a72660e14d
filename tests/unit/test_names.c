/*
 * Names and their numbers: the same name the same number, in order of first meeting.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/base/names.h"

Test(names, number_by_first_meeting)
{
	struct arena arena;
	struct names n;
	uint32_t number = 99;

	arena_init(&arena, 1 << 22);
	names_init(&n, &arena);
	cr_expect_eq(names_find(&n, STR("x"), &number), ERR_NOT_FOUND);
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 5000; i++) {
			cr_assert_eq(names_number(&n, arena_fmt(&arena, "n%u", i * 7919), &number),
				     0);
			cr_assert_eq(number, i);
		}
	}
	cr_expect_eq(n.count, 5000);
	cr_assert_eq(names_find(&n, STR("n7919"), &number), 0);
	cr_expect_eq(number, 1);
	cr_expect_eq(names_find(&n, STR("n7918"), &number), ERR_NOT_FOUND);
	arena_done(&arena);
}

Test(names, sort_by_code_point)
{
	struct arena arena;
	struct names n;
	uint32_t *order = NULL;

	arena_init(&arena, 1 << 20);
	names_init(&n, &arena);
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t number;

		cr_assert_eq(names_number(&n, arena_fmt(&arena, "%u", i * 7919 % 1000), &number),
			     0);
	}
	cr_assert_eq(names_sorted(&n, &arena, &order), 0);
	for (uint32_t i = 1; i < n.count; i++)
		cr_assert_lt(str_cmp(n.at[order[i - 1]], n.at[order[i]]), 0);
	arena_done(&arena);
}

Test(names, say_when_the_arena_is_full)
{
	struct arena arena;
	struct names n;
	uint32_t number;
	int r = 0;

	arena_init(&arena, 2000);
	names_init(&n, &arena);
	for (uint32_t i = 0; i < 1000 && r == 0; i++) {
		char name[2] = {(char)('0' + i % 64), (char)('0' + i / 64)};

		r = names_number(&n, (struct str){name, 2}, &number);
	}
	cr_expect_eq(r, ERR_NOMEM);
	arena_done(&arena);
}
