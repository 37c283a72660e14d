/*
 * The table of what must be true, and the walk along the names of a row.
 */
#include "request_must.h"

#include "libassets/base/err.h"

static const struct request_must must_table[] = {
#define MUST(name) {#name, must_##name, NULL},
#define OF_REGISTER(name, words) {#name, NULL, words},
#include "request_must.def"
};

const struct request_must *request_must_at(size_t n)
{
	return n < COUNT(must_table) ? &must_table[n] : NULL;
}

static const struct request_must *must_of(struct str name)
{
	for (size_t i = 0; i < COUNT(must_table); i++) {
		if (str_eq(name, str_of(must_table[i].name)))
			return &must_table[i];
	}
	return NULL;
}

int request_must(struct acting *a, const char *names)
{
	int err = 0;

	for (struct str rest = str_of(names); err == 0 && rest.len;) {
		const struct request_must *must = must_of(str_cut(rest, ' ', &rest));

		if (!must)
			return ERR_BUG;
		err = must->is_wrong ? must->is_wrong(a) : 0;
	}
	return err;
}
