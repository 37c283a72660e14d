/*
 * assetctl project: read the file, decode it, project each asset once, print as it goes. Two runs
 * in one file go to project_movement.c.
 *
 * By libassets alone, so that a figure of the daemon can be worked out again without it. The
 * output is flushed in pieces: a portfolio's is larger than anybody wants in memory twice.
 */
#include "project.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/projection.h"
#include "libassets/projection/projection_print.h"
#include "libassets/projection/projection_wire.h"
#include "libassets/simulation/simulation_print.h"
#include "project_movement.h"

#define FILE_MAX ((size_t)2 << 30)
#define ARENA_MAX ((size_t)16 << 30)
#define OUT_MAX ((size_t)2 << 30)

/* Bytes of output that are gathered before they are written. */
enum { FLUSH_AT = 1 << 16 };

/* What the text holds goes out in parts, so that a large register needs no large memory. */
static void flush(struct buf *out)
{
	struct str text = buf_view(out);

	(void)fwrite(text.at, 1, text.len, stdout);
	buf_clear(out);
}

static void print_head(const struct projection_model *m, struct buf *out)
{
	char day[DAY_TEXT], quarter[QUARTER_TEXT];

	day_format(m->as_of, day);
	quarter_format(m->first_quarter, quarter);
	buf_fmt(out,
		"{\"asof\":\"%s\",\"first_quarter\":\"%s\",\"horizon_quarters\":%" PRId64
		",\"assets\":[",
		day, quarter, m->params->horizon_quarters);
}

/* The parts of a run. */
struct run {
	const struct projection_input *in;
	const struct projection_model *model;
	struct projection_scratch *scratch;
	struct rollup rollup;
	struct simulation *simulation; /* or NULL: none is asked for */
	struct buf out;
	struct buf exceptions;
	struct buf left_out;
};

static int simulate(struct run *run, const struct projection_asset *a,
		    const struct projection_result *r)
{
	bool is_left_out = false;
	int err;

	if (!run->simulation)
		return 0;
	err = simulation_change(run->simulation, a, run->in->class_beta[a->class], r,
				SIMULATION_ADD, &is_left_out);
	if (err == 0 && simulation_is_full(run->simulation))
		err = simulation_finish(run->simulation);
	if (is_left_out)
		buf_fmt(&run->left_out, "%s%" PRId64, run->left_out.len ? "," : "", a->id);
	return err;
}

static int print_assets(struct run *run)
{
	const struct projection_input *in = run->in;
	bool is_first = true;

	for (uint32_t i = 0; i < in->assets; i++) {
		const struct projection_asset *a = &in->asset[i];
		const struct projection_result *r = projection_run(run->model, a, run->scratch);
		char id[24];
		int err, n = snprintf(id, sizeof(id), "%" PRId64, a->id);
		struct str id_text = {id, (size_t)n};

		if (i)
			buf_char(&run->out, ',');
		projection_print_asset(&run->out, id_text, a, r, in->partner.at);
		projection_print_exceptions(&run->exceptions, id_text, r, &is_first);
		err = rollup_add(&run->rollup, a, r);
		if (err == 0)
			err = simulate(run, a, r);
		if (err == 0)
			err = buf_err(&run->out);
		if (err < 0)
			return err;
		if (run->out.len > FLUSH_AT)
			flush(&run->out);
	}
	return 0;
}

static void print_dim(struct run *run, enum projection_scenario s, enum rollup_dim dim,
		      const struct names *names, const uint32_t *order, bool *is_first)
{
	for (uint32_t i = 0; i < names->count; i++) {
		struct rollup_key key = {dim, order[i], names->at[order[i]]};

		projection_print_rollup(&run->out, &run->rollup, &key, s, is_first);
		if (run->out.len > FLUSH_AT)
			flush(&run->out);
	}
}

/* Deciles are numbers, but sort as texts: 0, 1, 10, 2. */
static int decile_names(struct names *names, struct arena *arena)
{
	names_init(names, arena);
	for (unsigned i = 0; i <= 10; i++) {
		uint32_t number;
		int r = names_number(names, arena_fmt(arena, "%u", i), &number);

		if (r < 0)
			return r;
	}
	return 0;
}

static int print_rollups(struct run *run, struct arena *arena)
{
	struct names all, decile;
	const struct names *names[ROLLUPS] = {
		[ROLLUP_ALL] = &all,
		[ROLLUP_CLASS] = &run->in->class,
		[ROLLUP_CPP] = &run->in->cpp,
		[ROLLUP_DECILE] = &decile,
		[ROLLUP_LOCALITY] = &run->in->locality,
		[ROLLUP_PARTNER] = &run->in->partner,
	};
	uint32_t *order[ROLLUPS], number;
	bool is_first = true;
	int err = decile_names(&decile, arena);

	names_init(&all, arena);
	if (err == 0)
		err = names_number(&all, STR("ALL"), &number);
	for (enum rollup_dim d = 0; d < ROLLUPS && err == 0; d++)
		err = names_sorted(names[d], arena, &order[d]);
	for (enum projection_scenario s = 0; s < SCENARIOS && err == 0; s++) {
		for (enum rollup_dim d = 0; d < ROLLUPS; d++)
			print_dim(run, s, d, names[d], order[d], &is_first);
	}
	return err;
}

/* Percentiles of what was simulated; nothing where no simulation was asked for. */
static int print_simulation(struct run *run, struct arena *arena)
{
	const struct projection_input *in = run->in;
	int err = 0;

	if (run->simulation) {
		buf_fmt(&run->out,
			",\"mc\":{\"seed\":%" PRIu64 ",\"paths\":%" PRIu32 ",\"left_out\":[",
			in->mc_seed, in->mc_paths);
		buf_str(&run->out, buf_view(&run->left_out));
		buf_str(&run->out, STR("],\"nodes\":["));
		err = simulation_finish(run->simulation);
		if (err == 0)
			err = simulation_print_nodes(&run->out, run->simulation, run->model->fy,
						     &in->partner, arena);
		buf_str(&run->out, STR("]}"));
	}
	return err < 0 ? err : buf_err(&run->left_out);
}

static int print_run(struct run *run, struct arena *arena)
{
	int err;

	print_head(run->model, &run->out);
	err = print_assets(run);
	if (err < 0)
		return err;
	buf_str(&run->out, STR("],\"rollups\":["));
	err = print_rollups(run, arena);
	if (err < 0)
		return err;
	buf_str(&run->out, STR("],\"exceptions\":["));
	buf_str(&run->out, buf_view(&run->exceptions));
	buf_char(&run->out, ']');
	err = print_simulation(run, arena);
	buf_str(&run->out, STR("}\n"));
	if (err == 0)
		err = buf_err(&run->exceptions);
	return err < 0 ? err : buf_err(&run->out);
}

static int simulation_of(const struct projection_input *in, const struct projection_model *model,
			 struct simulation **ret)
{
	const struct simulation_plan plan = {in->mc_seed, in->mc_paths, SIMULATION_BEST, 0, NULL};

	*ret = NULL;
	return in->has_mc ? simulation_new(model, &plan, ret) : 0;
}

static int project_input(const struct projection_input *in, struct arena *arena)
{
	struct projection_model *model;
	struct run run = {.in = in,
			  .out = BUF(OUT_MAX),
			  .exceptions = BUF(OUT_MAX),
			  .left_out = BUF(OUT_MAX)};
	int err = projection_model_new(arena, &in->params, in->as_of, &model);

	if (err < 0)
		return err;
	model->partner = in->settings;
	model->class_index = in->class_index;
	run.model = model;
	run.scratch = projection_scratch_new();
	rollup_init(&run.rollup, model);
	err = run.scratch ? simulation_of(in, model, &run.simulation) : ERR_NOMEM;
	if (err == 0)
		err = print_run(&run, arena);
	if (err == 0)
		flush(&run.out);
	rollup_done(&run.rollup);
	simulation_free(run.simulation);
	projection_scratch_free(run.scratch);
	buf_done(&run.out);
	buf_done(&run.exceptions);
	buf_done(&run.left_out);
	return err;
}

/* Two runs in one file, whose movement is asked for. */
static bool is_movement(const json_t *root)
{
	const char *kind = json_string_value(wire_member(root, "kind"));

	return (kind && strcmp(kind, "movement") == 0) || wire_member(root, "old");
}

static int project_root(json_t *root, struct arena *arena, struct flaws *flaws)
{
	struct projection_input in;
	struct movement_input both;
	int err;

	if (is_movement(root)) {
		err = projection_movement_read(&both, root, arena, flaws);
		return err < 0 ? err : project_movement(&both, arena);
	}
	err = projection_input_read(&in, root, arena, flaws);
	return err < 0 ? err : project_input(&in, arena);
}

static int project_text(const char *path, struct str text, struct arena *arena)
{
	struct flaws flaws;
	json_auto_t *root = NULL;
	int err;

	flaws_init(&flaws, arena);
	err = wire_load(text, &flaws, &root);
	if (err == 0)
		err = project_root(root, arena, &flaws);
	if (flaws.count) {
		input_complain(path, &flaws);
		return EXIT_INVALID;
	}
	if (err < 0)
		complain("%s: %s", path, err_info(err)->title);
	return err < 0 ? EXIT_FAILED : EXIT_OK;
}

int project_run(const struct invocation *call)
{
	CLEANUP(buf_done) struct buf text = BUF(FILE_MAX);
	struct arena arena;
	int code;

	if (call->argc != 1) {
		complain("project takes one FILE; see assetctl project --help");
		return EXIT_USAGE;
	}
	code = input_read(call->argv[0], &text);
	if (code != EXIT_OK)
		return code;
	arena_init(&arena, ARENA_MAX);
	code = project_text(call->argv[0], buf_view(&text), &arena);
	arena_done(&arena);
	return code;
}
