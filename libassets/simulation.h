/*
 * Simulation of a portfolio's receipts: on each path every asset draws what becomes of it, and
 * sums over assets give a distribution for the whole, each year and each partner. The same seed,
 * paths and inputs give the same bits on every machine. Source: MODEL.md 11.
 *
 * One writer at a time. Percentiles do not add up across nodes; sums of paths do.
 */
#pragma once

#include "projection_input.h"
#include "projection_model.h"
#include "projection_result.h"

/* PATHS_MAX bounds memory: two sums of eight bytes a path and node. */
enum { SIMULATION_PATHS = 10000, SIMULATION_PATHS_MAX = 1000000 };

struct simulation;

/* What is simulated, how often. */
struct simulation_plan {
	uint64_t seed;
	uint32_t paths;            /* 1 to SIMULATION_PATHS_MAX */
	uint32_t partners;         /* numbers of owners are below it */
	const int64_t *class_beta; /* ppm by the asset's class (projection_beta_of_class) */
};

/*
 * An empty simulation; draws the market's walk. model and plan's betas are borrowed until
 * simulation_free(), which takes NULL.
 * ERR_NOMEM
 */
MUST_CHECK int simulation_new(const struct projection_model *model,
			      const struct simulation_plan *plan, struct simulation **ret);
void simulation_free(struct simulation *s);

/*
 * Add an asset. result: its projection by the same model (projection_run).
 * *ret_is_left_out: it has an error status or a possible price above SIMULATION_GROSS_MAX, and
 * added nothing.
 * ERR_NOMEM  no room for a node; the simulation is then of no more use.
 */
MUST_CHECK int simulation_add(struct simulation *s, const struct projection_asset *a,
			      const struct projection_result *result, bool *ret_is_left_out);

enum simulation_dim {
	SIMULATION_ALL,     /* key 0 */
	SIMULATION_FY,      /* key: years after the run's */
	SIMULATION_PARTNER, /* key: the partner's number */
};

/* How many keys a dimension may have; those that are zero on every path are no nodes. */
uint32_t simulation_keys(const struct simulation *s, enum simulation_dim dim);

/* Percentile k of n sorted values is element ceil(k n / 100), with no interpolation. Pence. */
struct simulation_spread {
	int64_t p10_pence, p50_pence, p90_pence, mean_pence;
};

/* The adjustment is baseline less adjusted path by path, and then sorted. */
struct simulation_node {
	bool is_overflown; /* some sum may be beyond 64 bits; the figures mean nothing */
	struct simulation_spread baseline, adjusted, adjustment;
};

/*
 * ERR_NOT_FOUND  no such node, or zero on every path of both tracks.    ERR_NOMEM
 */
MUST_CHECK int simulation_read(const struct simulation *s, enum simulation_dim dim, uint32_t key,
			       struct simulation_node *ret_node);
