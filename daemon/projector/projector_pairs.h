/*
 * Sums by two dimensions at once, of which neither is time: partnership by class, authority by
 * decile. The live sums have one dimension each, so these are added up anew for each answer, over
 * the assets that the filters leave, inside the horizon, in one scenario.
 */
#pragma once

#include "projector.h"
#include "projector_book.h"

/* What is left by the filters, as numbers of the book. */
struct wanted {
	bool has_partner, has_cpp, has_locality, has_class, has_stage;
	uint32_t partner, cpp, locality, class;
	/* Of what is planned, as the parameters number stages; is_unplanned: of nothing. */
	uint32_t stage;
	bool is_unplanned;
};

/* As numbers, how many filters there are; what nothing is called leaves nothing. */
int wanted_of(const struct book *b, const struct projector_filter *f, struct wanted *w);

/* Of what came in nothing is planned any more. */
static inline bool has_plan(const struct projection_asset *a)
{
	return a->plan.method != METHOD_NONE && !a->completed;
}

static inline bool is_of_stage(const struct wanted *w, const struct projection_asset *a)
{
	return w->is_unplanned ? !has_plan(a) : has_plan(a) && a->plan.stage == w->stage;
}

static inline bool is_wanted(const struct wanted *w, const struct projection_asset *a)
{
	return (!w->has_cpp || w->cpp == a->cpp) &&
	       (!w->has_locality || w->locality == a->locality) &&
	       (!w->has_class || w->class == a->class) && (!w->has_stage || is_of_stage(w, a));
}

struct pair_sums {
	uint32_t key[2];
	struct rollup_sums sums;
};

/* Different dimensions, neither of them ALL. keys: of each, in the order wanted. */
struct pairs_ask {
	enum rollup_dim dim[2];
	const uint32_t *order[2]; /* keys as they are to be listed; NULL: as they are numbered */
	uint32_t keys[2];
	enum projection_scenario scenario;
	struct wanted wanted;
};

/*
 * Those pairs that have a cell, by the first key and then the second; in the arena.
 * ERR_LIMIT  more than PROJECTOR_PAIRS_MAX, or too many keys to look at    ERR_NOMEM
 */
MUST_CHECK int pairs_sum(struct book *b, const struct pairs_ask *ask, struct arena *arena,
			 struct pair_sums **ret_pairs, size_t *ret_count);
