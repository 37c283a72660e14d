/*
 * JSON, the texts of parameters and partners as the book has them.
 */
#include "projector_rules.h"

#include <stdlib.h>

#include "libassets/base/err.h"

enum { RULES_ARENA_MAX = 1 << 20 /* flaws that nobody reads */ };

/* What is kept of a telling, of which programs before kept less: by theirs nobody knows what
 * follows (projector_atoms.c). */
enum { TELLING = 4 };

char *rules_of(const struct book *b)
{
	char as_of[DAY_TEXT], *text;
	json_t *rules;

	day_format(b->model->as_of, as_of);
	rules = json_pack("{s:s, s:s, s:s, s:s, s:i}", "as_of", as_of, "model", PROJECTION_VERSION,
			  "parameters", b->parameters, "partners", b->partners, "telling", TELLING);
	text = rules ? json_dumps(rules, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(rules);
	return text;
}

int rules_book(const struct book *b, const char *rules, struct book **ret_book)
{
	json_auto_t *r = json_loads(rules, 0, NULL);
	const char *as_of, *model, *parameters, *partners;
	struct arena arena;
	struct flaws flaws;
	struct day day;
	int err, telling;

	if (json_unpack(r, "{s:s, s:s, s:s, s:s, s:i}", "as_of", &as_of, "model", &model,
			"parameters", &parameters, "partners", &partners, "telling",
			&telling) < 0 ||
	    telling != TELLING || strcmp(model, PROJECTION_VERSION) != 0 ||
	    day_parse(str_of(as_of), &day) < 0)
		return ERR_INVALID;
	arena_init(&arena, RULES_ARENA_MAX);
	flaws_init(&flaws, &arena);
	err = book_bare(b, day, str_of(parameters), str_of(partners), &flaws, ret_book);
	arena_done(&arena);
	return err;
}
