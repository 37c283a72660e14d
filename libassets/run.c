/*
 * The table of runs and its defaults.
 */
#include "run.h"

static const struct shape_field run_table[] = {
#define FIELD(...) SHAPE_ROW(run, __VA_ARGS__)
#include "run.def"
#undef FIELD
};

SHAPE(run, "");

enum { SEED = 1, PATHS = 10000 };

void run_settle(struct run *r, struct day today)
{
	if (day_is_none(r->as_of_on))
		r->as_of_on = today;
	if (str_is_null(r->tag))
		r->tag = STR("LIVE");
	if (!r->seed.is_set)
		r->seed = (struct shape_number){SEED, true};
	if (!r->paths.is_set)
		r->paths = (struct shape_number){PATHS, true};
}
