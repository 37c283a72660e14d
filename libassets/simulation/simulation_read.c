/*
 * Figures of a node: its sums by path, added up over the years where the total is asked for, in
 * their percentiles. Kept until an asset of the node changes.
 */
#include <assert.h>

#include "libassets/base/err.h"
#include "simulation_private.h"
#include "simulation_spread.h"

/* The sums of a track on each path; false if they are nothing on every path. */
static bool sum_rows(const struct simulation *s, int64_t *const *row, uint32_t from, uint32_t to,
		     int64_t *sum)
{
	uint64_t any = 0;

	memset(sum, 0, s->plan.paths * sizeof(*sum));
	for (uint32_t fy = from; fy < to; fy++) {
		for (uint32_t i = 0; row[fy] && i < s->plan.paths; i++)
			sum[i] = (int64_t)((uint64_t)sum[i] + (uint64_t)row[fy][i]);
	}
	for (uint32_t i = 0; i < s->plan.paths; i++)
		any |= (uint64_t)sum[i];
	return any;
}

static void make(struct simulation *s, const struct simulation_group *g, uint32_t year,
		 struct simulation_kept *k)
{
	uint32_t from = year == SIMULATION_TOTAL ? 0 : year, paths = s->plan.paths;
	uint32_t to = year == SIMULATION_TOTAL ? s->fys : year + 1;
	int64_t *base = s->amounts[0], *other = s->amounts[1], *adjusted = s->amounts[2];
	int64_t *room = s->amounts[3];
	bool is_any = sum_rows(s, g->rows.baseline, from, to, base);
	bool is_other = sum_rows(s, g->rows.other, from, to, other);
	struct simulation_spread adjustment = k->node.adjustment;
	bool is_adjustment_kept = k->is_adjustment_kept;

	*k = (struct simulation_kept){.is_kept = true, .is_nothing = !is_any && !is_other};
	k->node.is_overflown = g->bound_pence > INT64_MAX / 2;
	if (k->is_nothing || k->node.is_overflown)
		return;
	for (uint32_t i = 0; i < paths && is_other; i++)
		adjusted[i] = base[i] - other[i];
	k->node.baseline = k->node.adjusted = simulation_spread_of(base, paths, room);
	if (!is_other)
		return;
	k->node.adjusted = simulation_spread_of(adjusted, paths, room);
	k->node.adjustment =
		is_adjustment_kept ? adjustment : simulation_spread_of(other, paths, room);
	k->is_adjustment_kept = true;
}

int simulation_read(struct simulation *s, enum simulation_dim dim, uint32_t key, uint32_t year,
		    struct simulation_node *ret_node)
{
	struct simulation_group *g = key < s->dim[dim].count ? &s->dim[dim].at[key] : NULL;
	struct simulation_kept *k;

	assert(!s->queued);
	if (!g || !g->kept || (year != SIMULATION_TOTAL && year >= s->fys))
		return ERR_NOT_FOUND;
	k = &g->kept[year == SIMULATION_TOTAL ? s->fys : year];
	if (!k->is_kept)
		make(s, g, year, k);
	*ret_node = k->node;
	return k->is_nothing ? ERR_NOT_FOUND : 0;
}
