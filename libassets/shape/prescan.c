/*
 * Counting brackets, commas and string bytes in one pass, without recursion or memory. It may
 * count too many in what is not JSON, never too few in what is: so nothing that a parser would
 * take gets past the limits.
 */
#include "prescan.h"

#include <stdio.h>

#include "libassets/base/err.h"

static int too_much(struct flaws *flaws, size_t at, const char *what, int most)
{
	char detail[120];

	(void)snprintf(detail, sizeof(detail), "At byte %zu: more than %d %s", at + 1, most, what);
	flaw_add(flaws, STR(""), STR("TOO_LARGE"), str_of(detail),
		 STR("Send less at a time; files go to the import."));
	return ERR_JSON;
}

/* The index just past the string whose opening quote is at `from`. */
static size_t string_end(struct str text, size_t from)
{
	size_t i = from + 1;

	while (i < text.len && text.at[i] != '"')
		i += text.at[i] == '\\' ? 2 : 1;
	return i < text.len ? i + 1 : text.len;
}

int prescan_json(struct str text, struct flaws *flaws)
{
	int depth = 0, nodes = 1;

	for (size_t i = 0; i < text.len; i++) {
		size_t from = i;

		switch (text.at[i]) {
		case '"':
			i = string_end(text, from) - 1;
			if (i - from > PRESCAN_STRING_MAX + 1)
				return too_much(flaws, from, "bytes in a text", PRESCAN_STRING_MAX);
			break;
		case '[':
		case '{':
			nodes++;
			if (++depth > PRESCAN_DEPTH_MAX)
				return too_much(flaws, i, "levels", PRESCAN_DEPTH_MAX);
			break;
		case ']':
		case '}':
			depth--;
			break;
		case ',':
			nodes++;
			break;
		default:
			break;
		}
		if (nodes > PRESCAN_NODE_MAX)
			return too_much(flaws, from, "values", PRESCAN_NODE_MAX);
	}
	return 0;
}
