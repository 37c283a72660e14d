/*
 * One asset through the engine of libassets, and its baseline cells as JSON. A disposal is
 * rare, so the engine is made for it and thrown away: what is in the projector's memory may
 * be a moment behind, and what is frozen must be the asset as this transaction found it.
 */
#include "baseline.h"

#include <inttypes.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/projection.h"
#include "libassets/projection/projection_wire.h"

/* Bytes: of the JSON, and of the engine with its tables. */
enum { BASELINE_MAX = 256 * 1024, ENGINE_ARENA_MAX = 64 << 20 };

DEFINE_CLEANUP(struct projection_scratch *, projection_scratch_free)

static void encode(const struct projection_track *track, struct buf *out)
{
	buf_char(out, '{');
	for (size_t i = 0; i < track->cells; i++) {
		const struct projection_cell *c = &track->cell[i];
		char quarter[QUARTER_TEXT];

		quarter_format(c->quarter, quarter);
		buf_fmt(out,
			"%s\"%s\":{\"GM\":%" PRId64 ",\"CM\":%" PRId64 ",\"RENT\":%" PRId64 "}",
			i ? "," : "", quarter, c->line[LINE_GM], c->line[LINE_CM],
			c->line[LINE_RENT]);
	}
	buf_char(out, '}');
}

/* Our own query rendered it: a fault in it is ours, whatever kind it is. */
static int read_input(struct str text, struct arena *a, struct projection_input *ret_in)
{
	struct flaws flaws;
	json_t *root = NULL;
	int r;

	flaws_init(&flaws, a);
	r = wire_load(text, &flaws, &root);
	if (r == 0)
		r = projection_input_read(ret_in, root, a, &flaws);
	json_decref(root);
	if (r < 0)
		return r == ERR_NOMEM ? r : ERR_BUG;
	return ret_in->assets == 1 ? 0 : ERR_BUG;
}

static int project(const struct projection_input *in, struct arena *a, struct buf *out)
{
	CLEANUP(projection_scratch_free_p)
	struct projection_scratch *scratch = projection_scratch_new();
	struct projection_model *model;
	const struct projection_result *result;
	int r = scratch ? projection_model_new(a, &in->params, in->as_of, &model) : ERR_NOMEM;

	if (r < 0)
		return r;
	model->partner = in->settings;
	model->class_index = in->class_index;
	result = projection_run(model, &in->asset[0], scratch);
	if (projection_is_error(result->status))
		buf_str(out, STR("{}"));
	else
		encode(&result->outcome[SCENARIO_LIKELY].baseline, out);
	return buf_err(out);
}

int baseline_of(struct str input, struct arena *a, struct str *ret_json)
{
	CLEANUP(buf_done) struct buf out = BUF(BASELINE_MAX);
	CLEANUP(arena_done) struct arena engine;
	struct projection_input in;
	int r;

	arena_init(&engine, ENGINE_ARENA_MAX);
	r = read_input(input, &engine, &in);
	if (r == 0)
		r = project(&in, &engine, &out);
	if (r < 0)
		return r;
	*ret_json = arena_str(a, buf_view(&out));
	return str_is_null(*ret_json) ? ERR_NOMEM : 0;
}
