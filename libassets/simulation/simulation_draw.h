/*
 * The random numbers of the simulation: a counter in, bits out, so that a path of an asset draws
 * the same whoever asks, in whatever order, on whatever machine. Integers only.
 * Source: MODEL.md 11; Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011, as the Random123 library has it.
 */
#pragma once

#include "libassets/base/base.h"

/* Words of one block; standard normals are in units of 1 / SIMULATION_SIGMA. */
enum { SIMULATION_WORDS = 4, SIMULATION_SIGMA = 65536 };

/* The market's paths are drawn as though it were an asset of this id. */
enum { SIMULATION_MARKET = 0 };

/* What an asset draws in one path: uniform in 32 bits, and one standard normal. */
struct simulation_draws {
	uint32_t request;       /* which of those that hold takes the asset */
	uint32_t transfer_slip; /* how late a transfer is */
	uint32_t market;        /* whether the market takes it */
	uint32_t market_slip;   /* how late the market is */
	uint32_t late_request;  /* which of those that do not hold takes it */
	int32_t shock;          /* the price's own luck, in 1/65,536 of a deviation */
};

/* One block of four words. entity: the asset's id, or SIMULATION_MARKET. */
void simulation_block(uint64_t seed, uint64_t entity, uint32_t path, uint32_t block,
		      uint32_t ret_word[SIMULATION_WORDS]);

/*
 * A standard normal of six words: the sum of their twelve halves less 393,210 (Irwin and Hall).
 * Its variance is 65,536^2 - 1, its tails end at six deviations: good for P10 to P90.
 */
int32_t simulation_normal(const uint32_t word[6]);

/* All that an asset draws in a path. */
struct simulation_draws simulation_draw(uint64_t seed, uint64_t asset_id, uint32_t path);

/* The market's walk in a path: ret_walk[y] is the sum of the normals of years 0 to y. */
void simulation_walk(uint64_t seed, uint32_t path, uint32_t years, int32_t *ret_walk);

/* True if the draw falls below a share of `of` (at most 10^9): u / 2^32 < share / of, exactly. */
static inline bool simulation_hits(uint32_t u, uint64_t share, uint64_t of)
{
	return u * of < share << 32;
}
