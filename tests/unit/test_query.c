/*
 * Names and values of a query: what is decoded, and what is refused rather than repaired.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/shape/query.h"

struct good {
	struct str text;
	size_t count;
	struct str name, value; /* of the last pair */
};

static const struct good good_table[] = {
	{STR_INIT(""), 0, {0}, {0}},
	{STR_INIT("a=b"), 1, STR_INIT("a"), STR_INIT("b")},
	{STR_INIT("a=b&c=d"), 2, STR_INIT("c"), STR_INIT("d")},
	{STR_INIT("&&a=b&"), 1, STR_INIT("a"), STR_INIT("b")},
	{STR_INIT("a"), 1, STR_INIT("a"), STR_INIT("")},
	{STR_INIT("a=b=c"), 1, STR_INIT("a"), STR_INIT("b=c")},
	{STR_INIT("q=old+hall%2B%26"), 1, STR_INIT("q"), STR_INIT("old hall+&")},
	{STR_INIT("created_at%5Bgte%5D=x"), 1, STR_INIT("created_at[gte]"), STR_INIT("x")},
	{STR_INIT("q=%C3%A0"), 1, STR_INIT("q"), STR_INIT("\xC3\xA0")},
};

static const struct str bad_table[] = {
	STR_INIT("a=%"),   STR_INIT("a=%4"),  STR_INIT("a=%4g"),       STR_INIT("%zz=1"),
	STR_INIT("a=%00"), STR_INIT("a=%C3"), STR_INIT("a=%ED%A0%80"), STR_INIT("a=\xFF"),
};

Test(query, decodes)
{
	struct arena a;

	arena_init(&a, 100000);
	for (size_t i = 0; i < COUNT(good_table); i++) {
		const struct good *g = &good_table[i];
		struct query q;

		cr_assert_eq(query_parse(g->text, &a, &q), 0, "%s", g->text.at);
		cr_assert_eq(q.count, g->count, "%s", g->text.at);
		if (!g->count)
			continue;
		cr_assert(str_eq(q.at[q.count - 1].name, g->name), "%s", g->text.at);
		cr_assert(str_eq(q.at[q.count - 1].value, g->value), "%s", g->text.at);
		cr_assert(str_eq(query_get(&q, g->name), g->value));
		cr_assert(str_is_null(query_get(&q, STR("nothing"))));
	}
	arena_done(&a);
}

Test(query, refuses)
{
	struct arena a;

	arena_init(&a, 100000);
	for (size_t i = 0; i < COUNT(bad_table); i++) {
		struct query q;

		cr_assert_eq(query_parse(bad_table[i], &a, &q), ERR_QUERY, "%s", bad_table[i].at);
	}
	arena_done(&a);
}

Test(query, is_bounded)
{
	char many[2 * QUERY_MAX + 3];
	struct arena a;
	struct query q;

	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = i % 2 ? '&' : 'a';
	arena_init(&a, 100000);
	cr_assert_eq(query_parse((struct str){many, 2 * QUERY_MAX - 1}, &a, &q), 0);
	cr_assert_eq(q.count, QUERY_MAX);
	cr_assert_eq(query_parse((struct str){many, 2 * QUERY_MAX + 1}, &a, &q), ERR_QUERY);
	arena_done(&a);
	arena_init(&a, 10);
	cr_assert_eq(query_parse(STR("a=b"), &a, &q), ERR_NOMEM);
	arena_done(&a);
}

struct mend {
	struct str text, value; /* of the last pair */
};

static const struct mend mend_table[] = {
	{STR_INIT("a=b"), STR_INIT("b")},
	{STR_INIT("a=%00"), STR_INIT("\xEF\xBF\xBD")},
	{STR_INIT("a=x%00y+z"), STR_INIT("x\xEF\xBF\xBDy z")},
	{STR_INIT("a=%"), STR_INIT("%")},
	{STR_INIT("a=%4g%41"), STR_INIT("%4gA")},
	{STR_INIT("a=%C3%A0%C3"), STR_INIT("\xC3\xA0\xEF\xBF\xBD")},
	{STR_INIT("a=%F0%9F%99%82%ED%A0%80"),
	 STR_INIT("\xF0\x9F\x99\x82\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
	{STR_INIT("b=1&&a"), STR_INIT("")},
};

Test(query, mends_what_it_refuses)
{
	struct arena a;

	arena_init(&a, 100000);
	for (size_t i = 0; i < COUNT(mend_table); i++) {
		const struct mend *m = &mend_table[i];
		struct query q;

		cr_assert_eq(query_mend(m->text, &a, &q), 0, "%s", m->text.at);
		cr_assert(str_eq(query_get(&q, STR("a")), m->value), "%s", m->text.at);
		cr_assert(str_is_utf8(query_get(&q, STR("a"))), "%s", m->text.at);
	}
	for (size_t i = 0; i < COUNT(bad_table); i++) {
		struct query q;

		cr_assert_eq(query_mend(bad_table[i], &a, &q), 0, "%s", bad_table[i].at);
	}
	arena_done(&a);
}
