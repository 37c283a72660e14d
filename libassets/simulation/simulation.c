/*
 * Nodes and the queue. Sums wrap without harm and are looked at only where a bound says that none
 * has: an asset's largest amount is added to it and taken off again, so adding stays one
 * instruction. The sum of all years is not kept, it is added up where it is read.
 */
#include "simulation.h"

#include <assert.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "simulation_private.h"

/* Years that the horizon can touch. */
static uint32_t horizon_years(const struct projection_model *m)
{
	return (uint32_t)(quarter_fy(m->end_quarter - 1) - m->fy) + 1;
}

static void *taken(struct simulation *s, size_t n, size_t size)
{
	void *at;

	s->is_over |= s->plan.bytes_max && s->bytes + n * size > s->plan.bytes_max;
	at = s->is_over ? NULL : calloc(n, size);
	if (at)
		s->bytes += n * size;
	return at;
}

/* What went beyond the plan's memory says so. */
static int reason(const struct simulation *s, int r)
{
	return r == ERR_NOMEM && s->is_over ? ERR_LIMIT : r;
}

/* The market by year: what the walk comes to, in ppm of a price of beta 1. */
static int walk(struct simulation *s)
{
	int64_t sigma = s->model->params->mc_sigma_market;
	int32_t *one = calloc(s->walk_years, sizeof(*one));

	s->market = taken(s, (size_t)s->walk_years * s->room, sizeof(*s->market));
	if (!one || !s->market) {
		free(one);
		return ERR_NOMEM;
	}
	for (uint32_t path = 0; path < s->plan.paths; path++) {
		simulation_walk(s->plan.seed, path, s->walk_years, one);
		for (uint32_t year = 0; year < s->walk_years; year++)
			s->market[(size_t)year * s->room + path] =
				(int32_t)exact_rdiv_even(sigma * one[year], SIMULATION_SIGMA);
	}
	free(one);
	return 0;
}

int simulation_new(const struct projection_model *model, const struct simulation_plan *plan,
		   struct simulation **ret)
{
	struct simulation *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return ERR_NOMEM;
	s->bytes = sizeof(*s);
	s->model = model;
	s->plan = *plan;
	s->kernel = lane_kernel_of(plan->lanes);
	s->room = (plan->paths + 7) / 8 * 8;
	s->walk_years = (uint32_t)model->params->horizon_quarters / 4 + 1;
	s->fys = horizon_years(model);
	s->sigma_asset_ppm = model->params->mc_sigma_asset;
	s->floor_ppm = model->params->mc_floor_ppm;
	for (size_t i = 0; i < COUNT(s->amounts); i++)
		s->amounts[i] = taken(s, s->room, sizeof(*s->amounts[i]));
	r = walk(s);
	for (size_t i = 0; i < COUNT(s->amounts) && r == 0; i++)
		r = s->amounts[i] ? 0 : ERR_NOMEM;
	r = reason(s, r);
	if (r == 0 && !s->kernel)
		r = ERR_NOT_FOUND;
	if (r < 0) {
		simulation_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

static void group_done(const struct simulation *s, struct simulation_group *g)
{
	for (uint32_t fy = 0; g->rows.baseline && fy < s->fys; fy++)
		free(g->rows.baseline[fy]);
	for (uint32_t fy = 0; g->rows.other && fy < s->fys; fy++)
		free(g->rows.other[fy]);
	free(g->rows.baseline);
	free(g->rows.other);
	free(g->kept);
}

static void empty(struct simulation *s)
{
	for (uint32_t i = 0; i < s->queued; i++)
		free(s->queue[i]);
	s->queued = 0;
}

void simulation_free(struct simulation *s)
{
	if (!s)
		return;
	empty(s);
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		for (uint32_t i = 0; i < s->dim[d].count; i++)
			group_done(s, &s->dim[d].at[i]);
		free(s->dim[d].at);
	}
	for (size_t i = 0; i < COUNT(s->amounts); i++)
		free(s->amounts[i]);
	free(s->market);
	free(s->beta);
	free(s->packer);
	free(s);
}

/* Numbers of partners and partnerships come as they come: the table is doubled when passed. */
static int dim_reserve(struct simulation *s, enum simulation_dim dim, uint32_t key)
{
	uint32_t room = s->dim[dim].room ? s->dim[dim].room : 16;
	struct simulation_group *at;

	if (key < s->dim[dim].count)
		return 0;
	while (room <= key)
		room *= 2;
	if (room > s->dim[dim].room) {
		at = reallocarray(s->dim[dim].at, room, sizeof(*at));
		if (!at)
			return ERR_NOMEM;
		s->bytes += (room - s->dim[dim].room) * sizeof(*at);
		s->dim[dim].at = at;
		s->dim[dim].room = room;
	}
	memset(&s->dim[dim].at[s->dim[dim].count], 0, (key + 1 - s->dim[dim].count) * sizeof(*at));
	s->dim[dim].count = key + 1;
	return 0;
}

static int rows_open(struct simulation *s, int64_t **row, const struct lane_asset *a)
{
	for (uint32_t fy = a->first_fy; fy < a->end_fy; fy++) {
		if (!row[fy])
			row[fy] = taken(s, s->room, sizeof(**row));
		if (!row[fy])
			return ERR_NOMEM;
	}
	return 0;
}

static void forget(struct simulation_kept *k, const struct lane_asset *a)
{
	k->is_kept = false;
	k->is_adjustment_kept &= a->is_same;
}

/* A node that the asset adds to: room for its sums, and what is known of them no longer holds. */
static int group_open(struct simulation *s, enum simulation_dim dim, uint32_t key,
		      const struct lane_asset *a)
{
	int r = dim_reserve(s, dim, key);
	struct simulation_group *g;

	if (r < 0)
		return r;
	g = &s->dim[dim].at[key];
	if (!g->kept) {
		g->rows.baseline = taken(s, s->fys, sizeof(*g->rows.baseline));
		g->rows.other = taken(s, s->fys, sizeof(*g->rows.other));
		g->kept = taken(s, s->fys + 1, sizeof(*g->kept));
		if (!g->rows.baseline || !g->rows.other || !g->kept)
			return ERR_NOMEM;
	}
	g->bound_pence += a->is_taken_away ? -a->most_pence : a->most_pence;
	for (uint32_t fy = a->first_fy; fy < a->end_fy; fy++)
		forget(&g->kept[fy], a);
	forget(&g->kept[s->fys], a);
	r = rows_open(s, g->rows.baseline, a);
	return r < 0 || a->is_same ? r : rows_open(s, g->rows.other, a);
}

static int group_keep(struct simulation *s, enum simulation_dim dim, uint32_t key,
		      struct lane_asset *a)
{
	if (!scope_keeps(s->plan.scope, dim, key))
		return 0;
	a->kept |= UINT32_C(1) << dim;
	return group_open(s, dim, key, a);
}

static int groups_open(struct simulation *s, struct lane_asset *a)
{
	int r = 0;

	a->kept = 0;
	for (enum simulation_dim d = 0; r == 0 && d < SIMULATION_DIMS; d++) {
		if (d != SIMULATION_PARTNER)
			r = group_keep(s, d, a->key[d], a);
	}
	for (uint32_t i = 0; r == 0 && i < a->owners; i++)
		r = group_keep(s, SIMULATION_PARTNER, a->owner[i].partner, a);
	return r;
}

bool simulation_wants(const struct simulation *s, const struct projection_asset *a)
{
	const struct simulation_scope *scope = s->plan.scope;
	bool wants = scope_keeps(scope, SIMULATION_ALL, 0) ||
		     scope_keeps(scope, SIMULATION_CPP, a->cpp) ||
		     scope_keeps(scope, SIMULATION_LOCALITY, a->locality) ||
		     scope_keeps(scope, SIMULATION_DECILE, a->decile) ||
		     scope_keeps(scope, SIMULATION_CLASS, a->class);

	for (uint32_t i = 0; i < a->owners && !wants; i++)
		wants = scope_keeps(scope, SIMULATION_PARTNER, a->owner[i].partner);
	return wants;
}

/* Classes are many, what they have of the market is a few numbers. */
static int beta_number(struct simulation *s, int64_t beta_ppm, uint32_t *ret_number)
{
	uint32_t n = 0;
	int64_t *more;

	while (n < s->betas && s->beta[n] != beta_ppm)
		n++;
	*ret_number = n;
	if (n < s->betas)
		return 0;
	more = reallocarray(s->beta, n + 1, sizeof(*more));
	if (!more)
		return ERR_NOMEM;
	more[n] = beta_ppm;
	s->beta = more;
	s->betas++;
	return 0;
}

struct simulation_asset *simulation_packer_new(void)
{
	return calloc(1, sizeof(struct simulation_asset));
}

int simulation_pack(struct simulation_asset *packer, const struct projection_model *m,
		    const struct projection_asset *a, int64_t beta_ppm,
		    const struct projection_result *result, struct lane_asset **ret_packed)
{
	uint32_t walk_years = (uint32_t)m->params->horizon_quarters / 4 + 1;
	struct lane_asset *packed;

	*ret_packed = NULL;
	if (projection_is_error(result->status) ||
	    (!a->completed && !simulation_asset_make(packer, m, a, beta_ppm, walk_years)))
		return 0;
	packed = lane_pack(m, a, a->completed ? NULL : packer, &result->outcome[SCENARIO_LIKELY]);
	if (!packed)
		return ERR_NOMEM;
	packed->beta_ppm = beta_ppm;
	*ret_packed = packed;
	return 0;
}

int simulation_queue(struct simulation *s, struct lane_asset *packed, enum simulation_sign sign)
{
	int r;

	assert(!simulation_is_full(s));
	s->queue[s->queued++] = packed;
	packed->is_taken_away = sign == SIMULATION_TAKE_AWAY;
	r = beta_number(s, packed->beta_ppm, &packed->beta);
	return r < 0 ? r : reason(s, groups_open(s, packed));
}

int simulation_change(struct simulation *s, const struct projection_asset *a, int64_t beta_ppm,
		      const struct projection_result *result, enum simulation_sign sign,
		      bool *ret_is_left_out)
{
	struct lane_asset *packed;
	int r;

	if (!s->packer)
		s->packer = simulation_packer_new();
	if (!s->packer)
		return ERR_NOMEM;
	r = simulation_pack(s->packer, s->model, a, beta_ppm, result, &packed);
	if (r < 0)
		return r;
	*ret_is_left_out = !packed;
	return packed ? simulation_queue(s, packed, sign) : 0;
}

bool simulation_is_full(const struct simulation *s)
{
	return s->queued == SIMULATION_QUEUE;
}

void simulation_settle(struct simulation *s)
{
	empty(s);
}

int simulation_finish(struct simulation *s)
{
	int r = simulation_run(s, 0, simulation_blocks(s), NULL);

	simulation_settle(s);
	return r;
}

uint32_t simulation_years(const struct simulation *s)
{
	return s->fys;
}

size_t simulation_node_bytes(const struct simulation *s)
{
	return 2 * (size_t)s->fys * s->room * sizeof(int64_t);
}

uint32_t simulation_keys(const struct simulation *s, enum simulation_dim dim)
{
	return s->dim[dim].count;
}

size_t simulation_bytes(const struct simulation *s)
{
	return s->bytes;
}
