/*
 * Percentiles of a run, of every node that its reader is shown: the live ones' and, for whoever is
 * shown those, localities, deciles and classes.
 *
 * A node's sums are some 2 MB at 10,000 paths, so all of them at once would take what the machine
 * has. Nodes are taken in passes of as many as have room; an asset is drawn anew in each pass that
 * has a node of it, at most one more for each dimension, and its draws depend on seed, asset and
 * path alone: what a node comes to is the same in whichever pass.
 */
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "libassets/base/err.h"
#include "projector_freeze.h"
#include "projector_private.h"
#include "projector_shown.h"

enum {
	DECILES = 11,         /* and none */
	PIECE_PATHS = 2 << 20 /* assets times paths between two looks at the clock */
};

struct freeze_course {
	struct arena arena;
	struct shown_to to;
	struct simulation_plan plan;
	struct simulation_scope scope;
	bool *is_kept[SIMULATION_DIMS]; /* what the scope names */
	struct held **order;            /* assets that add up to the same stand together */
	uint32_t assets, next;          /* of them were given to this pass */
	enum simulation_dim dim;        /* the first node that was in no pass yet */
	uint32_t key;
	struct simulation *now; /* NULL: between two passes */
	struct simulation_asset *packer;
	struct figures *figures;
	uint32_t read;           /* nodes of this pass */
	uint32_t passes, passed; /* that there will be, and that were begun */
};

void freeze_course_free(struct freeze_course *c)
{
	if (!c)
		return;
	simulation_free(c->now);
	figures_free(c->figures);
	free(c->packer);
	arena_done(&c->arena);
	free(c);
}

static int by_nodes(const void *x, const void *y)
{
	const struct projection_asset *a = &(*(struct held *const *)x)->in;
	const struct projection_asset *b = &(*(struct held *const *)y)->in;
	const uint32_t of_a[] = {a->owners ? a->owner[0].partner : 0, a->cpp, a->locality,
				 a->decile, a->class};
	const uint32_t of_b[] = {b->owners ? b->owner[0].partner : 0, b->cpp, b->locality,
				 b->decile, b->class};

	for (size_t i = 0; i < COUNT(of_a); i++) {
		if (of_a[i] != of_b[i])
			return of_a[i] < of_b[i] ? -1 : 1;
	}
	return 0;
}

static int put_in_order(struct freeze_course *c, const struct book *b)
{
	c->order = ARENA_ARRAY(&c->arena, b->room + 1, struct held *);
	if (!c->order)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < b->room; i++) {
		if (b->held[i])
			c->order[c->assets++] = b->held[i];
	}
	qsort(c->order, c->assets, sizeof(struct held *), by_nodes);
	return 0;
}

static int begin(struct freeze *z)
{
	const uint32_t keys[SIMULATION_DIMS] = {
		[SIMULATION_ALL] = 1,
		[SIMULATION_CPP] = z->book->cpp.count,
		[SIMULATION_PARTNER] = z->book->partner.count,
		[SIMULATION_LOCALITY] = z->book->locality.count,
		[SIMULATION_DECILE] = DECILES,
		[SIMULATION_CLASS] = z->book->class.count,
	};
	const struct projector_question *q = &z->ask->q;
	const struct projection_model *m = z->book->model;
	struct freeze_course *c = z->course = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return ERR_NOMEM;
	arena_init(&c->arena, PROJECTOR_BATCH_MAX);
	c->plan = (struct simulation_plan){q->seed, q->paths, SIMULATION_BEST, 0, &c->scope};
	z->book->seed = q->seed;
	z->book->paths = q->paths;
	c->packer = simulation_packer_new();
	c->figures = figures_new((uint32_t)(quarter_fy(m->end_quarter - 1) - m->fy) + 1, keys);
	err = c->packer && c->figures ? shown_init(&c->to, z->book, q, &c->arena) : ERR_NOMEM;
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS && err == 0; d++) {
		c->is_kept[d] = ARENA_ARRAY(&c->arena, keys[d] + 1, bool);
		c->scope.is_kept[d] = c->is_kept[d];
		c->scope.keys[d] = keys[d];
		c->figures->dim[d].is_read = true;
		err = c->is_kept[d] ? 0 : ERR_NOMEM;
	}
	return err < 0 ? err : put_in_order(c, z->book);
}

/* One whose percentiles are shown, and that something inside the horizon adds to; the others are
 * nothing. */
static bool is_due(const struct freeze *z, enum simulation_dim d, uint32_t key)
{
	const struct rollup *sums = &z->book->live;
	enum rollup_dim dim = percentile_rollup[d];

	return shown_reads_money(&z->course->to, dim, key) &&
	       rollup_read(sums, dim, key, SCENARIO_LIKELY, rollup_total(sums)).cells > 0;
}

/* The next nodes, at most so many; false when there are none. */
static bool choose(struct freeze *z, size_t most)
{
	struct freeze_course *c = z->course;
	size_t nodes = 0;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++)
		memset(c->is_kept[d], 0, c->scope.keys[d] * sizeof(*c->is_kept[d]));
	for (; c->dim < SIMULATION_DIMS; c->dim++, c->key = 0) {
		for (; c->key < c->scope.keys[c->dim]; c->key++) {
			if (!is_due(z, c->dim, c->key))
				continue;
			if (nodes == most)
				return true;
			c->is_kept[c->dim][c->key] = true;
			nodes++;
		}
	}
	return nodes > 0;
}

/* How many nodes there are in all. */
static size_t nodes_due(const struct freeze *z)
{
	const struct freeze_course *c = z->course;
	size_t n = 0;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		for (uint32_t key = 0; key < c->scope.keys[d]; key++)
			n += is_due(z, d, key);
	}
	return n;
}

void freeze_simulated(const struct freeze *z, uint32_t *ret_done, uint32_t *ret_of)
{
	const struct freeze_course *c = z->course;
	uint32_t begun = c && c->passed ? c->passed - 1 : 0;

	*ret_of = c ? c->passes * c->assets : 0;
	*ret_done = c && begun < c->passes ? begun * c->assets + c->next : *ret_of;
}

/* Another pass, however little room there is; *ret_is_done: every node has its figures. */
static int pass_begin(struct freeze *z, const struct freeze_means *means, bool *ret_is_done)
{
	struct freeze_course *c = z->course;
	size_t node, most;
	int err = simulation_new(z->book->model, &c->plan, &c->now);

	if (err < 0)
		return err;
	node = simulation_node_bytes(c->now);
	most = means->bytes > node ? means->bytes / node : 1;
	if (!c->passed++)
		c->passes = (uint32_t)((nodes_due(z) + most - 1) / most);
	c->next = 0;
	c->read = 0;
	*ret_is_done = !choose(z, most);
	return 0;
}

static int give(struct freeze *z, struct held *h)
{
	struct freeze_course *c = z->course;
	const struct projection_asset *a = &h->in;
	int64_t beta = projection_beta_of_class(&z->book->params, z->book->class.at[a->class]);
	const struct projection_result *r;
	struct lane_asset *packed;
	int err;

	r = book_project(z->book, h);
	err = simulation_pack(c->packer, z->book->model, a, beta, r, &packed);
	if (err < 0)
		return err;
	h->is_left_out = !packed && !projection_is_error(r->status);
	return packed ? simulation_queue(c->now, packed, SIMULATION_ADD) : 0;
}

/* As many assets as make a piece of work. */
static int piece(struct freeze *z, const struct freeze_means *means)
{
	struct freeze_course *c = z->course;
	uint32_t most = PIECE_PATHS / c->plan.paths + 1;
	int err = 0;

	while (c->next < c->assets && most && !simulation_is_full(c->now) && err == 0) {
		struct held *h = c->order[c->next++];

		if (!simulation_wants(c->now, &h->in))
			continue;
		err = give(z, h);
		most--;
	}
	return err < 0 ? err : simulator_work_off(c->now, means->threads, NULL);
}

int freeze_simulate(struct freeze *z, const struct freeze_means *means, int64_t until_us,
		    bool *ret_is_done)
{
	struct freeze_course *c;
	int err = z->course ? 0 : begin(z);

	*ret_is_done = false;
	c = z->course;
	if (err == 0 && !c->now)
		err = pass_begin(z, means, ret_is_done);
	if (err < 0 || *ret_is_done) {
		z->book->figures = err < 0 ? NULL : TAKE(c->figures);
		z->book->figures_position = z->position;
		freeze_course_free(TAKE(z->course));
		return err;
	}
	while (c->next < c->assets && clock_mono_us() < until_us && err == 0)
		err = piece(z, means);
	if (err == 0 && c->next == c->assets &&
	    figures_read(c->figures, c->now, &c->read, until_us)) {
		simulation_free(c->now);
		c->now = NULL;
	}
	return err;
}
