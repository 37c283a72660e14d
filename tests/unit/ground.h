/*
 * Land from its JSON with all that it is projected and simulated with, for tests of the simulation
 * and of the thread that runs it. Random land is portfolio.h.
 */
#pragma once

#include "libassets/projection/projection.h"
#include "libassets/projection/projection_wire.h"
#include "tests/unit/vectors.h"

struct ground {
	struct arena arena;
	struct projection_input in;
	struct projection_model *model;
	struct projection_scratch *scratch;
};

static inline void ground_init(struct ground *g, const char *text)
{
	struct flaws flaws;
	json_auto_t *root = test_load(str_of(text));

	*g = (struct ground){0};
	arena_init(&g->arena, 1 << 24);
	flaws_init(&flaws, &g->arena);
	cr_assert_eq(projection_input_read(&g->in, root, &g->arena, &flaws), 0);
	cr_assert_eq(projection_model_new(&g->arena, &g->in.params, g->in.as_of, &g->model), 0);
	g->model->partner = g->in.settings;
	g->model->class_index = g->in.class_index;
	g->scratch = projection_scratch_new();
	cr_assert_not_null(g->scratch);
}

static inline void ground_done(struct ground *g)
{
	projection_scratch_free(g->scratch);
	arena_done(&g->arena);
}
