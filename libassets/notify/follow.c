/*
 * The table of following. What its question means, and whether the question is one, the daemon
 * knows, which answers it.
 */
#include "follow.h"

#include "libassets/shape/shape_form.h"

static const struct shape_field follow_table[] = {
#define FIELD(...) SHAPE_ROW(follow, __VA_ARGS__)
#include "follow.def"
#undef FIELD
};

SHAPE(follow, NULL);

void follow_settle(struct follow *f)
{
	if (str_is_null(f->question))
		f->question = STR("");
	if (str_is_null(f->rhythm))
		f->rhythm = STR("INSTANT");
}

bool follow_is_due(const struct follow *f)
{
	return str_eq(f->rhythm, STR("WEEKLY"));
}
