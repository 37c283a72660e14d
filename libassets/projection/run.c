/*
 * The table of runs and its defaults. The same data, date, parameters, seed and paths give the
 * same bytes (MODEL.md 8), so what is left out must be settled before a run is named.
 */
#include "run.h"

#include "libassets/base/err.h"
#include "libassets/base/moment.h"

static const struct shape_field run_table[] = {
#define FIELD(...) SHAPE_ROW(run, __VA_ARGS__)
#include "run.def"
#undef FIELD
};

SHAPE_BESIDE(run, NULL, "parameters overlay");

bool run_is_as_at(const struct run *r)
{
	return !day_is_none(r->valid_on) || !str_is_null(r->known_at);
}

/* Nobody has known anything yet after now. */
static int settle_known_at(struct run *r, int64_t now_us, struct flaws *flaws)
{
	char now[MOMENT_TEXT];
	int64_t known_us;

	moment_format(now_us, now);
	if (str_is_null(r->known_at)) {
		r->known_at = arena_str(flaws->arena, str_of(now));
		return str_is_null(r->known_at) ? ERR_NOMEM : 0;
	}
	if (moment_parse(r->known_at, &known_us) == 0 && known_us <= now_us)
		return 0;
	flaw_add(
		flaws, STR("/known_at"), STR("MOMENT_IN_FUTURE"),
		arena_fmt(flaws->arena, "It is %s now; nobody knows yet what comes after.", now),
		STR("Send a moment that has passed, or leave it out for now; for what will be true "
		    "on a later day send valid_on."));
	return ERR_INVALID;
}

int run_settle(struct run *r, struct day today, int64_t now_us, struct flaws *flaws)
{
	if (day_is_none(r->as_of_on))
		r->as_of_on = today;
	if (str_is_null(r->tag))
		r->tag = STR("LIVE");
	if (!r->seed.is_set)
		r->seed = (struct shape_number){RUN_SEED, true};
	if (!r->paths.is_set)
		r->paths = (struct shape_number){RUN_PATHS, true};
	if (!run_is_as_at(r))
		return 0;
	if (day_is_none(r->valid_on))
		r->valid_on = today;
	return settle_known_at(r, now_us, flaws);
}
