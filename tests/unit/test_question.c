/*
 * A question that is kept: a query of known names, each once; everything wrong is told, each at
 * once.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/shape/question.h"

struct row {
	struct str question;
	int err;
	const char *code[3]; /* of its flaws, in order */
};

static const struct row table[] = {
	{STR_INIT(""), 0, {0}},
	{STR_INIT("q=hall&near=56.28%2C-3.4%2C3000"), 0, {0}},
	{STR_INIT("near=1&q=&kind="), 0, {0}},
	{STR_INIT("colour=red"), 0, {"UNKNOWN_PARAMETER"}},
	{STR_INIT("nea=1"), 0, {"UNKNOWN_PARAMETER"}},
	{STR_INIT("q=a&q=b"), 0, {"GIVEN_TWICE"}},
	{STR_INIT("q=&q="), 0, {"GIVEN_TWICE"}},
	{STR_INIT("q=a&colour=red&q=b&size=2"),
	 0,
	 {"UNKNOWN_PARAMETER", "GIVEN_TWICE", "UNKNOWN_PARAMETER"}},
	{STR_INIT("q=%zz&colour=red"), ERR_INVALID, {"BAD_FORM"}},
};

Test(question, form)
{
	for (size_t i = 0; i < COUNT(table); i++) {
		const struct row *row = &table[i];
		struct flaws flaws;
		struct arena a;
		size_t n = 0;

		arena_init(&a, 100000);
		flaws_init(&flaws, &a);
		cr_assert_eq(question_check(row->question, "q,near,kind", "/v1/assets", &a, &flaws),
			     row->err, "%s", row->question.at);
		while (n < COUNT(row->code) && row->code[n])
			n++;
		cr_assert_eq(flaws.count, n, "%s", row->question.at);
		for (size_t k = 0; k < n; k++) {
			cr_assert(str_eq(flaws.at[k].pointer, STR("/question")));
			cr_assert(str_eq(flaws.at[k].code, str_of(row->code[k])), "%s: %s",
				  row->question.at, flaws.at[k].code.at);
		}
		arena_done(&a);
	}
}

Test(question, says_where_to_find_one)
{
	struct flaws flaws;
	struct arena a;

	arena_init(&a, 100000);
	flaws_init(&flaws, &a);
	cr_assert_eq(question_check(STR("%"), "q", "/v1/assets", &a, &flaws), ERR_INVALID);
	cr_assert(str_eq(flaws.at[0].cure, STR("Send what stands behind the ? of /v1/assets.")));
	cr_assert_eq(question_check(STR("size=2"), "q,near", "/v1/assets", &a, &flaws), 0);
	cr_assert(str_eq(flaws.at[1].detail, STR("This is not for size.")));
	cr_assert(str_eq(flaws.at[1].cure, STR("It may be made of q,near.")));
	arena_done(&a);
}

Test(question, without_memory)
{
	struct flaws flaws;
	struct arena a;

	arena_init(&a, 1);
	flaws_init(&flaws, &a);
	cr_assert_eq(question_check(STR("q=hall"), "q", "/v1/assets", &a, &flaws), ERR_NOMEM);
	cr_assert_eq(flaws.count, 0);
	arena_done(&a);
}
