/*
 * The movement between the two inputs of one file: assets of both in ascending order of their ids,
 * each printed as soon as it is known.
 */
#include "project_movement.h"

#include <inttypes.h>
#include <stdio.h>

#include "libassets/base/err.h"
#include "libassets/projection/movement.h"
#include "libassets/projection/movement_print.h"

/* Bytes of output, and how many are gathered before they are written. */
enum { OUT_MAX = 1 << 30, FLUSH_AT = 1 << 16 };

struct movement_run {
	const struct movement_input *in;
	int64_t id; /* of the asset under way */
	struct buf out;
	bool is_first;
	int128 total;
};

static void flush(struct buf *out)
{
	struct str text = buf_view(out);

	(void)fwrite(text.at, 1, text.len, stdout);
	buf_clear(out);
}

static int take_row(void *arg, const struct movement_row *row)
{
	struct movement_run *run = arg;
	char id[24];
	int n = snprintf(id, sizeof(id), "%" PRId64, run->id);

	movement_print_row(&run->out, (struct str){id, (size_t)n}, row, run->in->after.partner.at,
			   &run->is_first);
	run->total += row->value;
	if (run->out.len > FLUSH_AT)
		flush(&run->out);
	return buf_err(&run->out);
}

/* The next asset of either input, or of both, and its id. */
static struct movement_pair next_of(const struct movement_input *in, uint32_t *o, uint32_t *n,
				    int64_t *ret_id)
{
	const struct projection_asset *before = &in->before.asset[*o],
				      *after = &in->after.asset[*n];
	bool has_before = *o < in->before.assets, has_after = *n < in->after.assets;
	struct movement_pair pair = {0};

	if (has_before && (!has_after || before->id <= after->id)) {
		pair.before = before;
		pair.kept = &in->kept[*o];
		*ret_id = before->id;
	}
	if (has_after && (!has_before || after->id <= before->id)) {
		pair.after = after;
		*ret_id = after->id;
	}
	*o += pair.before != NULL;
	*n += pair.after != NULL;
	return pair;
}

static int print_rows(struct movement_run *run, struct movement *m)
{
	const struct movement_input *in = run->in;
	uint32_t o = 0, n = 0;
	int err = 0;

	buf_str(&run->out, STR("{\"scenario\":\"LIKELY\",\"rows\":["));
	while (err == 0 && (o < in->before.assets || n < in->after.assets)) {
		struct movement_pair pair = next_of(in, &o, &n, &run->id);

		err = movement_asset(m, &pair, take_row, run);
	}
	buf_str(&run->out, STR("],\"total\":"));
	movement_print_sum(&run->out, run->total);
	buf_str(&run->out, STR("}\n"));
	return err < 0 ? err : buf_err(&run->out);
}

/* A model as these parameters and settings of partners have it. */
static int model_of(const struct projection_input *in, struct day as_of, struct arena *arena,
		    const struct projection_model **ret_model)
{
	struct projection_model *model;
	int err = projection_model_new(arena, &in->params, as_of, &model);

	if (err < 0)
		return err;
	model->partner = in->settings;
	model->class_index = in->class_index;
	*ret_model = model;
	return 0;
}

int project_movement(const struct movement_input *in, struct arena *arena)
{
	struct movement_ground ground = {.partner = &in->after.partner};
	struct movement_run run = {.in = in, .out = BUF(OUT_MAX), .is_first = true};
	struct movement *m = NULL;
	int err = model_of(&in->before, in->before.as_of, arena, &ground.before);

	if (err == 0)
		err = model_of(&in->before, in->after.as_of, arena, &ground.rolled);
	if (err == 0)
		err = model_of(&in->after, in->after.as_of, arena, &ground.after);
	if (err == 0) {
		m = movement_new(&ground);
		err = m ? print_rows(&run, m) : ERR_NOMEM;
	}
	if (err == 0)
		flush(&run.out);
	movement_free(m);
	buf_done(&run.out);
	return err;
}
