/*
 * The table of err.def with its look-ups. Add an error there, and nowhere else.
 *
 * The rows are few and looked up on failures only, so they are walked, not indexed.
 */
#include "err.h"

static const struct err_info err_table[] = {
#define ERR(id, number, status, slug, title) {-(number), status, #id, slug, title},
#include "err.def"
#undef ERR
};

const struct err_info *err_info(int err)
{
	const struct err_info *bug = NULL;

	for (size_t i = 0; i < COUNT(err_table); i++) {
		if (err_table[i].err == err)
			return &err_table[i];
		if (err_table[i].err == ERR_BUG)
			bug = &err_table[i];
	}
	return bug;
}

const struct err_info *err_at(size_t n)
{
	return n < COUNT(err_table) ? &err_table[n] : NULL;
}

const struct err_info *err_by_slug(const char *slug)
{
	for (size_t i = 0; i < COUNT(err_table); i++) {
		if (strcmp(err_table[i].slug, slug) == 0)
			return &err_table[i];
	}
	return NULL;
}
