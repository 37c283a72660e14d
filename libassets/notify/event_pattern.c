/*
 * Patterns of event types. A `*` stands at the end or not at all, so fitting is comparing a
 * beginning, and no pattern can take long.
 */
#include "event_pattern.h"

#include "libassets/base/err.h"

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] != '_' && (s.at[i] < 'a' || s.at[i] > 'z'))
			return false;
	}
	return s.len > 0;
}

int event_pattern_check(struct str pattern)
{
	struct str second;
	struct str first = str_cut(pattern, '.', &second);

	if (pattern.len > EVENT_PATTERN_LONGEST)
		return ERR_INVALID;
	if (str_eq(pattern, STR("*")))
		return 0;
	if (!is_word(first) || (!str_eq(second, STR("*")) && !is_word(second)))
		return ERR_INVALID;
	return 0;
}

bool event_pattern_has(struct str pattern, struct str type)
{
	/* "request.*" is the beginning "request.", and "*" the empty one. */
	if (pattern.len && pattern.at[pattern.len - 1] == '*')
		return str_starts(type, (struct str){pattern.at, pattern.len - 1});
	return str_eq(pattern, type);
}
