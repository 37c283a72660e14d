/*
 * Sums of paths by node. Sums wrap without harm and are looked at only where a bound says that
 * none has: an asset's largest amount is added to it, so adding stays one instruction.
 */
#include "simulation.h"

#include <stdlib.h>

#include "err.h"
#include "simulation_asset.h"

/* A node's sums by path, NULL until somebody adds to it. */
struct node {
	int64_t *baseline, *adjusted;
};

struct simulation {
	const struct projection_model *model;
	struct simulation_plan plan;
	uint32_t years;    /* of the walk, and of nodes */
	int32_t *walk;     /* by path, then year */
	struct node *node; /* all; the years; the partners */
	uint128 bound;     /* no sum of any node is larger */
	struct simulation_asset asset;
};

/* Years that the horizon can touch. */
static uint32_t horizon_years(const struct projection_model *m)
{
	return (uint32_t)(quarter_fy(m->end_quarter - 1) - m->fy) + 1;
}

static uint32_t nodes(const struct simulation *s)
{
	return 1 + horizon_years(s->model) + s->plan.partners;
}

/* Where the nodes of a dimension begin. */
static uint32_t first_node(const struct simulation *s, enum simulation_dim dim)
{
	switch (dim) {
	case SIMULATION_ALL:
		return 0;
	case SIMULATION_FY:
		return 1;
	case SIMULATION_PARTNER:
		return 1 + horizon_years(s->model);
	}
	return 0;
}

static struct node *node_of(const struct simulation *s, enum simulation_dim dim, uint32_t key)
{
	return &s->node[first_node(s, dim) + key];
}

int simulation_new(const struct projection_model *model, const struct simulation_plan *plan,
		   struct simulation **ret)
{
	struct simulation *s = calloc(1, sizeof(*s));

	*ret = s;
	if (!s)
		return ERR_NOMEM;
	s->model = model;
	s->plan = *plan;
	s->years = (uint32_t)model->params->horizon_quarters / 4 + 1;
	s->walk = calloc((size_t)plan->paths * s->years, sizeof(*s->walk));
	s->node = calloc(nodes(s), sizeof(*s->node));
	if (!s->walk || !s->node) {
		simulation_free(s);
		*ret = NULL;
		return ERR_NOMEM;
	}
	for (uint32_t path = 0; path < plan->paths; path++)
		simulation_walk(plan->seed, path, s->years, s->walk + (size_t)path * s->years);
	return 0;
}

void simulation_free(struct simulation *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; s->node && i < nodes(s); i++) {
		free(s->node[i].baseline);
		free(s->node[i].adjusted);
	}
	free(s->node);
	free(s->walk);
	free(s);
}

static int node_open(const struct simulation *s, struct node *n)
{
	if (!n->baseline)
		n->baseline = calloc(s->plan.paths, sizeof(*n->baseline));
	if (!n->adjusted)
		n->adjusted = calloc(s->plan.paths, sizeof(*n->adjusted));
	return n->baseline && n->adjusted ? 0 : ERR_NOMEM;
}

/* Every node that the asset may add to. */
static int open_nodes(struct simulation *s, const struct projection_asset *a)
{
	int r = node_open(s, node_of(s, SIMULATION_ALL, 0));

	for (uint32_t y = 0; r == 0 && y < horizon_years(s->model); y++)
		r = node_open(s, node_of(s, SIMULATION_FY, y));
	for (uint32_t i = 0; r == 0 && i < a->owners; i++)
		r = node_open(s, node_of(s, SIMULATION_PARTNER, a->owner[i].partner));
	return r;
}

/* One amount of one path and track: to all, its year and its owners. */
struct amount {
	uint32_t path, fy;
	bool is_baseline;
	int64_t net_pence;
};

static void put(struct node *n, const struct amount *m, int64_t pence)
{
	int64_t *sum = (m->is_baseline ? n->baseline : n->adjusted) + m->path;

	*sum = (int64_t)((uint64_t)*sum + (uint64_t)pence);
}

static void put_owners(struct simulation *s, const struct projection_asset *a,
		       const struct amount *m)
{
	int64_t units[PROJECTION_OWNERS_MAX], part[PROJECTION_OWNERS_MAX];

	if (a->owners == 1) {
		put(node_of(s, SIMULATION_PARTNER, a->owner[0].partner), m, m->net_pence);
		return;
	}
	for (uint32_t i = 0; i < a->owners; i++)
		units[i] = a->owner[i].units;
	if (money_apportion(m->net_pence, units, a->owners, part) < 0)
		return; /* no owner has units: an error status, which came not so far */
	for (uint32_t i = 0; i < a->owners; i++)
		put(node_of(s, SIMULATION_PARTNER, a->owner[i].partner), m, part[i]);
}

static void put_amount(struct simulation *s, const struct projection_asset *a,
		       const struct amount *m, uint64_t *most)
{
	uint64_t size = m->net_pence < 0 ? -(uint64_t)m->net_pence : (uint64_t)m->net_pence;

	if (!size)
		return;
	*most = size > *most ? size : *most;
	put(node_of(s, SIMULATION_ALL, 0), m, m->net_pence);
	put(node_of(s, SIMULATION_FY, m->fy), m, m->net_pence);
	put_owners(s, a, m);
}

static void put_leaf(struct simulation *s, const struct projection_asset *a,
		     const struct simulation_leaf *leaf, struct amount *m, int32_t shock,
		     uint64_t *most)
{
	const int32_t *walk = s->walk + (size_t)m->path * s->years;

	if (!leaf || !leaf->is_counted)
		return;
	m->fy = leaf->fy;
	m->net_pence = simulation_net(&s->asset, leaf, s->model->params, walk, shock);
	put_amount(s, a, m, most);
}

static void put_paths(struct simulation *s, const struct projection_asset *a)
{
	uint64_t most = 0;

	for (uint32_t path = 0; path < s->plan.paths; path++) {
		struct simulation_draws d = simulation_draw(s->plan.seed, (uint64_t)a->id, path);
		struct simulation_path way = simulation_follow(&s->asset, &d);
		struct amount m = {.path = path, .is_baseline = true};

		put_leaf(s, a, way.baseline, &m, d.shock, &most);
		m.is_baseline = false;
		put_leaf(s, a, way.adjusted, &m, d.shock, &most);
	}
	s->bound += most;
}

/* What came in of an asset that is gone, on every path. */
static void put_track(struct simulation *s, const struct projection_asset *a,
		      const struct projection_track *t, bool is_baseline)
{
	for (size_t i = 0; i < t->cells; i++) {
		struct amount m = {
			.fy = (uint32_t)(quarter_fy(t->cell[i].quarter) - s->model->fy),
			.is_baseline = is_baseline,
			.net_pence = t->cell[i].line[LINE_NET],
		};
		uint64_t most = 0;

		if (!projection_in_horizon(s->model, t->cell[i].quarter))
			continue;
		for (m.path = 0; m.path < s->plan.paths; m.path++)
			put_amount(s, a, &m, &most);
		s->bound += most;
	}
}

int simulation_add(struct simulation *s, const struct projection_asset *a,
		   const struct projection_result *result, bool *ret_is_left_out)
{
	const struct projection_outcome *o = &result->outcome[SCENARIO_LIKELY];
	int r = 0;

	*ret_is_left_out =
		projection_is_error(result->status) ||
		(!a->completed && !simulation_asset_make(&s->asset, s->model, a,
							 s->plan.class_beta[a->class], s->years));
	if (*ret_is_left_out)
		return 0;
	r = open_nodes(s, a);
	if (r < 0)
		return r;
	if (!a->completed) {
		put_paths(s, a);
		return 0;
	}
	put_track(s, a, &o->baseline, true);
	put_track(s, a, &o->adjusted, false);
	return 0;
}

uint32_t simulation_keys(const struct simulation *s, enum simulation_dim dim)
{
	switch (dim) {
	case SIMULATION_ALL:
		return 1;
	case SIMULATION_FY:
		return horizon_years(s->model);
	case SIMULATION_PARTNER:
		return s->plan.partners;
	}
	return 0;
}

static int by_amount(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts what it is given. */
static struct simulation_spread spread_of(int64_t *pence, uint32_t n)
{
	int128 sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += pence[i];
	qsort(pence, n, sizeof(*pence), by_amount);
#define AT(k) pence[((uint64_t)(k)*n + 99) / 100 - 1]
	return (struct simulation_spread){
		.p10_pence = AT(10),
		.p50_pence = AT(50),
		.p90_pence = AT(90),
		.mean_pence = (int64_t)money_rdiv(sum, n),
	};
#undef AT
}

static bool is_zero(const int64_t *pence, uint32_t n)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < n; i++)
		any |= (uint64_t)pence[i];
	return !any;
}

static void read_node(const struct simulation *s, const struct node *n, int64_t *room,
		      struct simulation_node *ret)
{
	uint32_t paths = s->plan.paths;

	memcpy(room, n->baseline, paths * sizeof(*room));
	ret->baseline = spread_of(room, paths);
	memcpy(room, n->adjusted, paths * sizeof(*room));
	ret->adjusted = spread_of(room, paths);
	for (uint32_t i = 0; i < paths; i++)
		room[i] = n->baseline[i] - n->adjusted[i];
	ret->adjustment = spread_of(room, paths);
}

int simulation_read(const struct simulation *s, enum simulation_dim dim, uint32_t key,
		    struct simulation_node *ret_node)
{
	const struct node *n = node_of(s, dim, key);
	int64_t *room;

	*ret_node = (struct simulation_node){.is_overflown = s->bound > INT64_MAX / 2};
	if (!n->baseline ||
	    (is_zero(n->baseline, s->plan.paths) && is_zero(n->adjusted, s->plan.paths)))
		return ERR_NOT_FOUND;
	if (ret_node->is_overflown)
		return 0;
	room = calloc(s->plan.paths, sizeof(*room));
	if (!room)
		return ERR_NOMEM;
	read_node(s, n, room, ret_node);
	free(room);
	return 0;
}
