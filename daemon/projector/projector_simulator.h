/*
 * The simulator: a thread of its own beside the projector's, that holds the sums of every path and
 * works changes off. It is given packed assets, span by span, one span at a time, and answers each
 * with the percentiles of all nodes; it knows neither book nor names.
 */
#pragma once

#include "daemon/base/loop.h"
#include "libassets/simulation/simulation.h"

/* Percentiles of every node. One that is not there is nothing on every path. */
struct figures {
	uint32_t years; /* those of a node, before its total */
	struct {
		bool is_read; /* its nodes were simulated, if there is one */
		uint32_t keys;
		struct simulation_node *node; /* by key, then year, then the total */
	} dim[SIMULATION_DIMS];
};

void figures_free(struct figures *f);
/* A year (after the run's) or SIMULATION_TOTAL of a node. */
struct simulation_node figures_at(const struct figures *f, enum simulation_dim dim, uint32_t key,
				  uint32_t year);
/* Room for so many keys of each dimension, none read yet. NULL without memory. */
struct figures *figures_new(uint32_t years, const uint32_t keys[SIMULATION_DIMS]);
/*
 * Read those of a simulation, from node *at on, which it moves, until a moment; true when all are
 * read. What the simulation has not stays as it is.
 */
bool figures_read(struct figures *f, struct simulation *s, uint32_t *at, int64_t until_us);

/* What the simulator does in one go. */
struct span {
	struct simulation *fresh; /* begin anew with this one; NULL: go on */
	struct span_item {
		struct lane_asset *packed;
		enum simulation_sign sign;
	} * item;
	uint32_t items, room;
	bool is_last; /* no more is known: read the figures */
	int64_t position;
	uint64_t turn, number; /* the projector's, for itself */
	/* Answered: */
	int err;
	struct figures *figures; /* if is_last */
};

/* NULL is accepted; what it still holds is freed with it. */
void span_free(struct span *s);
/* Own *packed whatever is answered. ERR_NOMEM */
MUST_CHECK int span_add(struct span *s, struct lane_asset *packed, enum simulation_sign sign);

/*
 * Work the queue off by so many threads, this one among them, and settle; is_over as in
 * simulation_run(). ERR_NOMEM, ERR_DRAINING
 */
MUST_CHECK int simulator_work_off(struct simulation *s, uint32_t threads,
				  const _Atomic bool *is_over);

struct simulator;

/* threads: that share the paths, the simulator's own among them. NULL without memory. */
struct simulator *simulator_new(uint32_t threads);
/*
 * Let it end: what it was given is answered, soon, and nothing more is taken. From any thread,
 * while another may still give. Both accept NULL.
 */
void simulator_stop(struct simulator *s);
void simulator_free(struct simulator *s);

/*
 * Work a span off, and call done(arg, span) on the loop `answer`, which owns the span again. One at
 * a time. ERR_BUSY, ERR_NOMEM, ERR_DRAINING  the span stays the caller's.
 */
MUST_CHECK int simulator_give(struct simulator *s, struct span *span, struct loop *answer,
			      void (*done)(void *arg, struct span *span), void *arg);
