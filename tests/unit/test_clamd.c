/*
 * Answers of clamd as it gives them, as it may not, and when a file is tried again.
 */
#include <criterion/criterion.h>

#include "libassets/file/clamd.h"

static const struct {
	struct str reply;
	enum clamd_verdict verdict;
	const char *name;
} answers[] = {
	{STR_INIT("stream: OK\0"), CLAMD_CLEAN, ""},
	{STR_INIT("stream: Eicar.Test.UNOFFICIAL FOUND\0"), CLAMD_FOUND, "Eicar.Test.UNOFFICIAL"},
	{STR_INIT("stream: Win.Test FOUND FOUND\0"), CLAMD_FOUND, "Win.TestFOUND"},
	{STR_INIT("stream: \x1b[2J\r\n FOUND\0"), CLAMD_FOUND, "[2J"},
	{STR_INIT("stream: \xc3\xa9 FOUND\0"), CLAMD_FOUND, "unnamed"},
	{STR_INIT("stream:  FOUND\0"), CLAMD_FOUND, "unnamed"},
	{STR_INIT("stream: FOUND\0"), CLAMD_FAILED, ""},
	{STR_INIT("INSTREAM size limit exceeded. ERROR\0"), CLAMD_TOO_LARGE, ""},
	{STR_INIT("stream: Can't allocate memory ERROR\0"), CLAMD_FAILED, ""},
	{STR_INIT("UNKNOWN COMMAND\0"), CLAMD_FAILED, ""},
	/* Cut off, said twice, in other words, of a file: none of these lets one through. */
	{STR_INIT("stream: OK"), CLAMD_FAILED, ""},
	{STR_INIT("stream: OK\n"), CLAMD_FAILED, ""},
	{STR_INIT("stream: OK\0\0"), CLAMD_FAILED, ""},
	{STR_INIT("stream: OK\0stream: OK\0"), CLAMD_FAILED, ""},
	{STR_INIT("stream: ok\0"), CLAMD_FAILED, ""},
	{STR_INIT(" stream: OK\0"), CLAMD_FAILED, ""},
	{STR_INIT("plan.pdf: OK\0"), CLAMD_FAILED, ""},
	{STR_INIT("OK\0"), CLAMD_FAILED, ""},
	{STR_INIT("\0"), CLAMD_FAILED, ""},
	{STR_INIT(""), CLAMD_FAILED, ""},
};

Test(clamd, answers)
{
	char name[CLAMD_NAME_MAX + 1];

	for (size_t i = 0; i < COUNT(answers); i++) {
		cr_assert_eq(clamd_answer(answers[i].reply, name), answers[i].verdict, "row %zu",
			     i);
		cr_assert_str_eq(name, answers[i].name, "row %zu", i);
	}
}

Test(clamd, a_long_name_is_cut)
{
	char reply[CLAMD_REPLY_MAX], name[CLAMD_NAME_MAX + 1];
	int n = snprintf(reply, sizeof(reply), "stream: %0900d FOUND", 0);

	cr_assert_eq(clamd_answer((struct str){reply, (size_t)n + 1}, name), CLAMD_FOUND);
	cr_assert_eq(strlen(name), CLAMD_NAME_MAX);
}

Test(clamd, what_it_is_told)
{
	unsigned char head[CLAMD_HEAD];

	cr_assert(str_eq(clamd_begin(), STR("zINSTREAM\0")));
	clamd_head(0x10203, head);
	cr_assert_arr_eq(head, ((unsigned char[]){0, 1, 2, 3}), CLAMD_HEAD);
	clamd_head(0, head);
	cr_assert_arr_eq(head, ((unsigned char[]){0, 0, 0, 0}), CLAMD_HEAD);
}

Test(clamd, it_is_tried_again_ever_later_and_for_ever)
{
	int64_t before = 0;

	for (int attempt = 1; attempt <= 100; attempt++) {
		int64_t least = clamd_wait_ms(attempt, 0);

		cr_assert(least >= before && least <= 600000);
		before = least;
		for (uint64_t seed = 1; seed < 1000; seed++) {
			int64_t wait = clamd_wait_ms(attempt, seed * 7919);

			cr_assert(wait >= least && wait <= least + least / 5);
			cr_assert_leq(wait, CLAMD_WAIT_MAX_MS);
		}
	}
	cr_assert_eq(clamd_wait_ms(1, 0), 2000);
	cr_assert_eq(clamd_wait_ms(2147483647, 0), 600000);
}
