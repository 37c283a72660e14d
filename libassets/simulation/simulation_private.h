/*
 * What the files simulation*.c share: nodes with their sums of paths, and the queue.
 *
 *	simulation.c         life, nodes, the queue         simulation_asset.c   an asset's tree
 *	simulation_run.c     the queue worked off           simulation_pack.c    … as kernels read
 *it simulation_read.c    figures of nodes               simulation_spread.c  percentiles
 *	simulation_kernel.inc  by width: simulation_plain.c, simulation_avx2.c, simulation_avx512.c
 *	simulation_wide.c    by the model's words
 */
#pragma once

#include "simulation.h"
#include "simulation_lane.h"

/* Rows of sums by year; NULL until somebody adds to that year. */
struct simulation_rows {
	int64_t **baseline;
	int64_t **other; /* baseline less adjusted: most assets have the same on both tracks */
};

struct simulation_group {
	struct simulation_rows rows;
	uint128 bound_pence; /* no sum of it is larger */
	/* By year, then the total: what was read, and whether it still holds. */
	struct simulation_kept {
		bool is_kept, is_nothing;
		bool is_adjustment_kept; /* it follows from `other` alone, which most leave as it is
					  */
		struct simulation_node node;
	} * kept;
};

/* Is the node one of the scope's? */
static inline bool scope_keeps(const struct simulation_scope *scope, enum simulation_dim dim,
			       uint32_t key)
{
	return scope ? key < scope->keys[dim] && scope->is_kept[dim][key]
		     : dim <= SIMULATION_PARTNER;
}

/* SIMULATION_QUEUE: packed assets worked off at a time, for whoever runs them to share out. */
enum { SIMULATION_QUEUE = 1024 };

struct simulation {
	const struct projection_model *model; /* of simulation_change() alone */
	struct simulation_plan plan;
	lane_kernel *kernel;
	uint32_t room;       /* paths rounded up to what kernels take at a time: a row's length */
	uint32_t walk_years; /* of the market's walk */
	uint32_t fys;        /* financial years of the horizon */
	int32_t *market;     /* by year of the walk, then path: how far the market is from 0, ppm */
	int64_t *beta;       /* those that came, ppm */
	uint32_t betas;
	struct {
		struct simulation_group *at;
		uint32_t count, room;
	} dim[SIMULATION_DIMS];
	struct lane_asset *queue[SIMULATION_QUEUE];
	uint32_t queued;
	size_t bytes;
	bool is_over;        /* more was wanted than the plan has */
	int64_t *amounts[4]; /* by path: room to read a node in */
	int64_t sigma_asset_ppm, floor_ppm;
	struct simulation_asset *packer; /* NULL before simulation_change() */
};
