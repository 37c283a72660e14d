/*
 * What is done millions of times in a rebuild and once where somebody looks at a tree: the same
 * leaves for both.
 */
#include "projection_branch.h"

#include "libassets/base/exact.h"

struct branch branch_of_market(const struct tree *t, const struct price_book *book, struct day base,
			       int64_t ppb)
{
	const struct projection_plan *plan = &book->asset->plan;
	const struct projection_stage *stage = t->stage;

	return (struct branch){
		.slip = &book->model->params->slip[stage->slip],
		.slip_add = stage->is_contracted ? 0 : (int32_t)book->scenario->slip_add_quarters,
		.ppb = ppb,
		.base = base,
		.lease = plan->method == METHOD_LEASE && plan->has_lease ? &plan->lease : NULL,
	};
}

struct branch branch_of_request(const struct tree *t, uint32_t n, const struct price_book *book,
				int64_t ppb)
{
	const struct tree_request *r = &t->request[n];
	bool has_lease = r->request->kind != KIND_OWNERSHIP && r->request->has_lease;

	return (struct branch){
		.slip = &book->model->params->slip[r->state->slip],
		.slip_add =
			r->state->is_contracted ? 0 : (int32_t)book->scenario->slip_add_quarters,
		.ppb = ppb,
		.base = r->base,
		.lease = has_lease ? &r->request->lease : NULL,
		.request = r->request,
	};
}

uint32_t branch_spread(const struct branch *b, const struct projection_model *m,
		       struct branch_leaf ret_leaf[static PROJECTION_STEPS_MAX])
{
	int32_t first = projection_quarter(m, b->base);
	int64_t share_ppm = 0, before = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->slip->steps; i++) {
		int32_t late = b->slip->step[i].quarters + b->slip_add;
		int64_t upto;

		share_ppm += b->slip->step[i].ppm;
		upto = exact_rdiv_even(b->ppb * share_ppm, PPM);
		if (upto != before)
			ret_leaf[n++] = (struct branch_leaf){late, first + late, upto - before};
		before = upto;
	}
	return n;
}
