/*
 * The input of a projection, from hostile JSON, and the engine over whatever is taken: the same
 * asset gives the same bytes again, what is added to the sums can be taken away, a simulation of
 * few paths can be printed, and a movement between two runs adds up.
 */
#include <assert.h>
#include <inttypes.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/movement.h"
#include "libassets/projection/projection.h"
#include "libassets/projection/projection_print.h"
#include "libassets/projection/projection_rollup.h"
#include "libassets/projection/projection_wire.h"
#include "libassets/simulation/simulation_print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Enough for what an input of this size can mean. */
enum { ARENA_BYTES_MAX = 64 << 20, OUT_MAX = 16 << 20, PATHS_MAX = 4 };

static struct projection_scratch *scratch; /* kept, because it is large: as a thread keeps it */

static void print(const struct projection_input *in, const struct projection_model *m,
		  const struct projection_asset *a, struct buf *out)
{
	projection_print_asset(out, STR("1"), a, projection_run(m, a, scratch), in->partner.at);
}

static void project(const struct projection_input *in, const struct projection_model *m,
		    const struct projection_asset *a, struct rollup *sums)
{
	CLEANUP(buf_done) struct buf first = BUF(OUT_MAX);
	CLEANUP(buf_done) struct buf second = BUF(OUT_MAX);

	print(in, m, a, &first);
	print(in, m, a, &second);
	assert(str_eq(buf_view(&first), buf_view(&second)));
	if (rollup_add(sums, a, projection_run(m, a, scratch)) == 0)
		assert(rollup_subtract(sums, a, projection_run(m, a, scratch)) == 0);
}

static void simulate(const struct projection_input *in, const struct projection_model *m,
		     struct arena *arena)
{
	CLEANUP(buf_done) struct buf out = BUF(OUT_MAX);
	struct simulation_plan plan = {in->mc_seed, in->mc_paths, SIMULATION_BEST, 0, NULL};
	struct simulation *s;
	bool is_left_out;
	int r;

	if (plan.paths > PATHS_MAX)
		plan.paths = PATHS_MAX;
	r = simulation_new(m, &plan, &s);
	for (uint32_t i = 0; r == 0 && i < in->assets && !simulation_is_full(s); i++)
		r = simulation_change(s, &in->asset[i], in->class_beta[in->asset[i].class],
				      projection_run(m, &in->asset[i], scratch), SIMULATION_ADD,
				      &is_left_out);
	if (r == 0)
		r = simulation_finish(s);
	if (r == 0)
		r = simulation_print_nodes(&out, s, m->fy, &in->partner, arena);
	assert(r == 0 || r == ERR_NOMEM);
	simulation_free(s);
}

static struct projection_model *model_of(const struct projection_input *in, struct day as_of,
					 struct arena *arena)
{
	struct projection_model *model;

	if (projection_model_new(arena, &in->params, as_of, &model) < 0)
		return NULL;
	model->partner = in->settings;
	model->class_index = in->class_index;
	return model;
}

static int add_row(void *arg, const struct movement_row *row)
{
	*(int128 *)arg += row->value;
	return 0;
}

static int128 sum(const struct movement *m)
{
	size_t n;
	const struct movement_cell *cell = movement_closing(m, &n);
	int128 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += cell[i].pence;
	return sum;
}

/* What came of an asset as new is what it was, and what moved it. */
static void move(json_t *root, struct arena *arena, struct flaws *flaws)
{
	struct movement_input in;
	struct movement_ground g;
	struct movement *m;

	if (projection_movement_read(&in, root, arena, flaws) < 0)
		return;
	g = (struct movement_ground){model_of(&in.before, in.before.as_of, arena),
				     model_of(&in.before, in.after.as_of, arena),
				     model_of(&in.after, in.after.as_of, arena), false,
				     &in.after.partner};
	m = g.before && g.rolled && g.after ? movement_new(&g) : NULL;
	for (uint32_t i = 0; m && i < in.before.assets && i < in.after.assets; i++) {
		struct movement_pair both = {&in.before.asset[i], &in.kept[i], &in.after.asset[i],
					     false};
		struct movement_pair old = {&in.before.asset[i], &in.kept[i], NULL, false};
		int128 moved = 0, was = 0;

		assert(movement_asset(m, &both, add_row, &moved) == 0);
		moved -= sum(m);
		assert(movement_asset(m, &old, add_row, &was) == 0);
		assert(moved == was);
	}
	movement_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	struct str text = {(const char *)data, size};
	struct projection_input in;
	struct projection_model *model;
	json_auto_t *root = NULL;
	struct flaws flaws;
	struct rollup sums;

	arena_init(&arena, ARENA_BYTES_MAX);
	flaws_init(&flaws, &arena);
	if (!scratch)
		scratch = projection_scratch_new();
	if (!scratch || wire_load(text, &flaws, &root) < 0)
		return 0;
	if (wire_member(root, "old")) {
		move(root, &arena, &flaws);
		return 0;
	}
	if (projection_input_read(&in, root, &arena, &flaws) < 0 || flaws.count ||
	    projection_model_new(&arena, &in.params, in.as_of, &model) < 0)
		return 0;
	model->partner = in.settings;
	model->class_index = in.class_index;
	rollup_init(&sums, model);
	for (uint32_t i = 0; i < in.assets; i++)
		project(&in, model, &in.asset[i], &sums);
	rollup_done(&sums);
	if (in.has_mc)
		simulate(&in, model, &arena);
	return 0;
}
