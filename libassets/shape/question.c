/*
 * Names that are unknown or come twice are told one by one; a text that cannot be decoded, at once.
 */
#include "question.h"

#include "libassets/base/arena.h"
#include "libassets/base/err.h"
#include "query.h"

int question_check(struct str question, const char *names, const char *behind, struct arena *arena,
		   struct flaws *flaws)
{
	struct query query;
	int r = query_parse(question, arena, &query);

	if (r == ERR_QUERY)
		flaw_add(flaws, STR("/question"), STR("BAD_FORM"), STR("This is no query."),
			 arena_fmt(arena, "Send what stands behind the ? of %s.", behind));
	for (size_t i = 0; r == 0 && i < query.count; i++) {
		struct str name = query.at[i].name;

		if (!str_lists(str_of(names), name))
			flaw_add(flaws, STR("/question"), STR("UNKNOWN_PARAMETER"),
				 arena_fmt(arena, "This is not for %.60s.", name.at),
				 arena_fmt(arena, "It may be made of %s.", names));
		else if (query_get(&query, name).at != query.at[i].value.at)
			flaw_add(flaws, STR("/question"), STR("GIVEN_TWICE"),
				 arena_fmt(arena, "It has %s twice.", name.at),
				 STR("Send it once."));
	}
	return r == ERR_QUERY ? ERR_INVALID : r;
}
