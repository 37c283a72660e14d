/*
 * Sharing of cells. Present values are shared, not computed again, so that they too sum.
 *
 * Each line is apportioned on its own, by the largest remainder (money.h); NET is then summed
 * from the owner's lines, since the parts' nets must be what their own lines say.
 */
#include "projection_share.h"

#include <assert.h>

#include "libassets/base/money.h"

static const enum projection_line shared[] = {LINE_GM,   LINE_CM, LINE_GT, LINE_CT,
					      LINE_RENT, LINE_PV, LINE_PVR};

static void share_amount(const struct projection_asset *a, int64_t pence, int64_t *ret_part)
{
	int64_t units[PROJECTION_OWNERS_MAX];
	int r;

	memset(ret_part, 0, a->owners * sizeof(*ret_part));
	if (!pence)
		return;
	for (uint32_t i = 0; i < a->owners; i++)
		units[i] = a->owner[i].units;
	r = money_apportion(pence, units, a->owners, ret_part);
	assert(r == 0);
	(void)r;
}

static int128 net_of(const struct projection_cell *c)
{
	return (int128)c->line[LINE_GM] - c->line[LINE_CM] + c->line[LINE_GT] - c->line[LINE_CT];
}

void projection_share(const struct projection_asset *a, const struct projection_cell *cell,
		      struct projection_cell *ret_part)
{
	int64_t part[PROJECTION_OWNERS_MAX];

	for (size_t k = 0; k < COUNT(shared); k++) {
		share_amount(a, cell->line[shared[k]], part);
		for (uint32_t i = 0; i < a->owners; i++)
			ret_part[i].line[shared[k]] = part[i];
	}
	share_amount(a, cell->forgone_pence, part);
	for (uint32_t i = 0; i < a->owners; i++) {
		ret_part[i].quarter = cell->quarter;
		ret_part[i].forgone_pence = part[i];
		ret_part[i].line[LINE_NET] = (int64_t)net_of(&ret_part[i]);
	}
}

static bool parts_fit(const struct projection_asset *a, const struct projection_cell *cell)
{
	struct projection_cell part[PROJECTION_OWNERS_MAX];

	projection_share(a, cell, part);
	for (uint32_t i = 0; i < a->owners; i++) {
		if (!money_fits(net_of(&part[i])))
			return false;
	}
	return true;
}

bool projection_share_fits(const struct projection_asset *a, const struct projection_cell *cell)
{
	int64_t net = cell->line[LINE_NET];

	/* An owner's net is its part of the whole, but for some pence of rounding. */
	if (net > INT64_MIN / 2 && net < INT64_MAX / 2)
		return true;
	return parts_fit(a, cell);
}
