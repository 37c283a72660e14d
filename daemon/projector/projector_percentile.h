/*
 * Percentiles of the projector's book: how far its simulation is, and what is to be given to the
 * simulator. On the projector's thread but where it is said.
 */
#pragma once

#include "projector_book.h"
#include "projector_simulator.h"

struct buf;
struct projector;

/* How far the simulation of the book is. All zero: none is wanted. */
struct course {
	struct simulator *simulator;
	struct simulation_plan plan; /* as the settings were when this began */
	struct simulation_asset *packer;
	struct span *next; /* what is to be given; NULL: nothing yet */
	bool is_begun;     /* a simulation of this book was given */
	bool is_given_up;  /* it takes more memory than it may: not before another book */
	uint32_t swept;    /* assets by number: those before are in it */
	bool is_under_way; /* a span is at the simulator's */
	int64_t given_us;  /* monotonic: when it left */
	int64_t due_us;  /* monotonic: of one under way until when it is waited for, else not before
			  */
	uint64_t turn;   /* answers to older ones are of no use */
	uint64_t number; /* of the span given last */
};

/* Percentiles: a thread for them, unless settings want none. ERR_NOMEM */
MUST_CHECK int percentile_init(struct projector *p);
/* The simulator has been stopped, the projector's loop closed. */
void percentile_done(struct projector *p);
/* Another book is served: all is simulated anew. */
void percentile_begin(struct projector *p);
/* Give the simulator what is due, if it has nothing to do. */
void percentile_turn(struct projector *p);
/* Say in the book what its percentiles include. */
void percentile_date(struct projector *p);

/* What a simulation's dimension is among those of the sums. */
extern const enum rollup_dim percentile_rollup[SIMULATION_DIMS];

/*
 * A node of the book in a year (after the run's) or SIMULATION_TOTAL; false: there are none
 * of this dimension, or not yet.
 */
bool percentile_find(const struct book *b, enum rollup_dim dim, uint32_t key, uint32_t year,
		     struct simulation_node *ret_node);

/* The figures of a node as the answer's `percentiles`. On any thread. */
void percentile_put(struct buf *out, const struct simulation_node *n);
