/*
 * What an officer says when they ask the community body for a longer time.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/request/case.h"

static const struct day until = {20000};

/* How many fields of it are wrong. */
static size_t wrong_of(const struct extension *extension)
{
	struct arena arena;
	struct flaws flaws;
	size_t n;
	int r;

	arena_init(&arena, 1 << 16);
	flaws_init(&flaws, &arena);
	r = extension_check(extension, &flaws);
	n = flaws.count;
	cr_expect_eq(r, n ? ERR_INVALID : 0);
	arena_done(&arena);
	return n;
}

Test(case, an_offer_says_until_when_and_why)
{
	cr_expect_eq(wrong_of(&(struct extension){STR("OFFER"), until, STR("x")}), 0);
	cr_expect_eq(wrong_of(&(struct extension){STR("OFFER"), DAY_NONE, STR("x")}), 1);
	cr_expect_eq(wrong_of(&(struct extension){STR("OFFER"), DAY_NONE, {NULL, 0}}), 2);
}

Test(case, what_is_taken_back_says_nothing)
{
	cr_expect_eq(wrong_of(&(struct extension){STR("WITHDRAW"), DAY_NONE, {NULL, 0}}), 0);
	cr_expect_eq(wrong_of(&(struct extension){STR("WITHDRAW"), until, STR("x")}), 2);
}
