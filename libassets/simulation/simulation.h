/*
 * Simulation of a portfolio's receipts: on each path every asset draws what becomes of it, and
 * sums over assets give a distribution for the whole, each partnership and each partner, by year
 * and in total. The same seed, paths and inputs give the same bits on every machine, by however
 * many threads, in whatever order; an asset taken away again leaves what there was before it.
 * Source: MODEL.md 11.
 *
 * Changes are queued, then worked off block by block of the paths: one writer queues and reads,
 * and any number of threads may work off different blocks in between. No thread is made here:
 *
 *	simulation_change() …        until simulation_is_full() or no more are at hand
 *	simulation_run(), in shares  from any threads, together all blocks
 *	simulation_settle()
 *
 * Percentiles do not add up across nodes; sums of paths do.
 */
#pragma once

#include "libassets/projection/projection_input.h"
#include "libassets/projection/projection_model.h"
#include "libassets/projection/projection_result.h"
#include "simulation_node.h"

struct simulation_asset;

/* How many paths are followed at a time, by what instructions. The bits are the same. */
enum simulation_lanes {
	SIMULATION_BEST, /* the widest that this machine has */
	SIMULATION_WIDE, /* in 128 bits, as the model words it: slow */
	SIMULATION_PLAIN,
	SIMULATION_AVX2,
	SIMULATION_AVX512,
};

/* As a person reads it; of SIMULATION_BEST that which it is here. */
const char *simulation_lanes_word(enum simulation_lanes lanes);

struct simulation;

/* What is simulated, how often. */
struct simulation_plan {
	uint64_t seed;
	uint32_t paths; /* 1 to SIMULATION_PATHS_MAX */
	enum simulation_lanes lanes;
	size_t bytes_max; /* of rows of sums and what they are read with; 0: any */
	/* Borrowed as long as assets are queued; NULL: the whole, each partnership and partner. */
	const struct simulation_scope *scope;
};

/*
 * An empty simulation; draws the market's walk. model is borrowed as long as simulation_change()
 * is called. simulation_free() takes NULL.
 * ERR_NOMEM    ERR_LIMIT  beyond bytes_max    ERR_NOT_FOUND  this machine has not those lanes
 */
MUST_CHECK int simulation_new(const struct projection_model *model,
			      const struct simulation_plan *plan, struct simulation **ret);
void simulation_free(struct simulation *s);

enum simulation_sign { SIMULATION_ADD, SIMULATION_TAKE_AWAY };

/* An asset as kernels read it: one block that stands for itself, to be handed to any thread. */
struct lane_asset;

/* Does the asset add to a node that is kept? One that does not is simulated for nothing. */
bool simulation_wants(const struct simulation *s, const struct projection_asset *a);

/* Room to pack in, for one thread; free() it. NULL without memory. */
struct simulation_asset *simulation_packer_new(void);

/*
 * Pack an asset. result: its projection by the model of the simulation (projection_run); beta_ppm:
 * its class's (projection_beta_of_class). *ret_packed: free() it or hand it on; NULL if the asset
 * is left out, as it has an error status or a possible price above SIMULATION_GROSS_MAX. ERR_NOMEM
 */
MUST_CHECK int simulation_pack(struct simulation_asset *packer, const struct projection_model *m,
			       const struct projection_asset *a, int64_t beta_ppm,
			       const struct projection_result *result,
			       struct lane_asset **ret_packed);

/*
 * Queue a packed asset to be added; or to be taken away, if the same was added. It is the queue's
 * from now on, whatever is answered. Nothing of the model is read any more.
 * ERR_NOMEM, ERR_LIMIT  no memory, or beyond bytes_max: the simulation is then of no more use.
 */
MUST_CHECK int simulation_queue(struct simulation *s, struct lane_asset *packed,
				enum simulation_sign sign);

/* Pack by the simulation's own model and queue, where both are on one thread. Errors as above. */
MUST_CHECK int simulation_change(struct simulation *s, const struct projection_asset *a,
				 int64_t beta_ppm, const struct projection_result *result,
				 enum simulation_sign sign, bool *ret_is_left_out);

/* True if the queue should be worked off before more is put into it. */
bool simulation_is_full(const struct simulation *s);

/* Blocks of paths, for simulation_run(). */
uint32_t simulation_blocks(const struct simulation *s);

/*
 * Work the queue off for the blocks from `from` to below `to`. Each block once before
 * simulation_settle(); different blocks from any threads at once. is_over: looked at before each
 * block, for whoever cannot wait for all of them; NULL: nobody.
 * ERR_NOMEM, ERR_DRAINING  not all was done: the simulation is then of no more use.
 */
MUST_CHECK int simulation_run(struct simulation *s, uint32_t from, uint32_t to,
			      const _Atomic bool *is_over);
/* Every block was run: the queue is empty. */
void simulation_settle(struct simulation *s);
/* All blocks by this thread, and settle. ERR_NOMEM  as above. */
MUST_CHECK int simulation_finish(struct simulation *s);

/* Years that a node may have: those of the horizon, 0 being the run's. */
uint32_t simulation_years(const struct simulation *s);

/* Bytes that the sums of one node take at most. */
size_t simulation_node_bytes(const struct simulation *s);

/* How many keys a dimension has had so far. */
uint32_t simulation_keys(const struct simulation *s, enum simulation_dim dim);

/*
 * A node in a year or SIMULATION_TOTAL, with nothing in the queue. What has not changed since it
 * was read last is not worked out again.
 * ERR_NOT_FOUND  no such node, or zero on every path of both tracks
 */
MUST_CHECK int simulation_read(struct simulation *s, enum simulation_dim dim, uint32_t key,
			       uint32_t year, struct simulation_node *ret_node);

/* Bytes that it holds, for whoever must bound them. */
size_t simulation_bytes(const struct simulation *s);
