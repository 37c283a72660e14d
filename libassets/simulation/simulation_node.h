/*
 * The nodes of a simulation: which there are, which are kept, and what is read of one.
 */
#pragma once

#include "libassets/base/base.h"

enum simulation_dim {
	SIMULATION_ALL,     /* key 0 */
	SIMULATION_CPP,     /* key: the partnership's number */
	SIMULATION_PARTNER, /* key: the partner's number */
	/* Only where a scope asks for them: by the numbers that the asset names, or its decile. */
	SIMULATION_LOCALITY,
	SIMULATION_DECILE,
	SIMULATION_CLASS,
	SIMULATION_DIMS,
};

/*
 * Which nodes are kept, by dimension and key; a key beyond `keys` is not. Sums of a few nodes take
 * little memory however many there are: what one simulation has not kept another one may, and the
 * figures of a node are the same whichever others are kept beside it.
 */
struct simulation_scope {
	const bool *is_kept[SIMULATION_DIMS];
	uint32_t keys[SIMULATION_DIMS];
};

/* A node's total over the years, where a year may be named. */
#define SIMULATION_TOTAL UINT32_MAX

/* Percentile k of n sorted values is element ceil(k n / 100), with no interpolation. Pence. */
struct simulation_spread {
	int64_t p10_pence, p50_pence, p90_pence, mean_pence;
};

/* The adjustment is baseline less adjusted path by path, and then sorted. */
struct simulation_node {
	bool is_overflown; /* some sum may be beyond 64 bits; the figures mean nothing */
	struct simulation_spread baseline, adjusted, adjustment;
};
