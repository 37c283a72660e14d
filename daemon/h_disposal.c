/*
 * An asset is disposed of: by hand (POST …/disposals), or because a request was completed.
 *
 * The baseline is frozen from the asset as this transaction loaded it, before the disposal is
 * stored; a bar is the database's to say (409 disposal-barred), so that a request validated
 * in the same second is not overtaken.
 */
#include "h_disposal.h"

#include "baseline.h"
#include "h.h"
#include "q.h"

/* Each takes two statements of a batch, which has room for 64. */
enum { OTHER_REQUESTS_MAX = 20 };

/* Each of the others stays in its state, and is told that its land is gone. */
static int flag_others(struct flow *f, const struct disposal_of *d)
{
	json_auto_t *ids = json_loadb(d->other_requests.at, d->other_requests.len, 0, NULL);
	const json_t *id;
	size_t i;

	if (!json_is_array(ids))
		return ERR_JSON;
	if (json_array_size(ids) > OTHER_REQUESTS_MAX)
		return ERR_LIMIT;
	json_array_foreach (ids, i, id) {
		struct str request_id = arena_str(f->arena, str_of(json_string_value(id)));

		q_request_flag_add(
			flow_batch(f),
			&(struct q_request_flag){.id = request_id, .flag = STR("LAND_DISPOSED")});
		h_change(f, &(struct h_change){.type = "request.updated",
					       .subject = request_id,
					       .authority_id = d->authority_id,
					       .asset_id = d->asset_id,
					       .data = STR("{\"flag\":\"LAND_DISPOSED\"}")});
	}
	return 0;
}

int disposal_store(struct flow *f, const struct disposal_of *d, struct str *ret_id)
{
	struct str id = h_id(f, "dsp_");
	struct str fields = h_json(f, &disposal_shape, d->disposal);
	struct str baseline;
	int r = baseline_of(d->input, f->arena, &baseline);

	if (r < 0)
		return r;
	q_asset_move_add(flow_batch(f),
			 &(struct q_asset_move){.id = d->asset_id,
						.lifecycle = STR("DISPOSED"),
						.effective_on = shape_day_text(
							d->disposal->completed_on, f->arena)});
	q_disposal_insert_add(flow_batch(f),
			      &(struct q_disposal_insert){.id = id,
							  .asset_id = d->asset_id,
							  .fields = fields,
							  .request_id = d->request_id,
							  .baseline = baseline});
	h_change(f, &(struct h_change){.type = "asset.disposed",
				       .subject = d->asset_id,
				       .authority_id = d->authority_id,
				       .asset_id = d->asset_id,
				       .data = arena_fmt(f->arena, "{\"disposal_id\":\"%s\",%s",
							 id.at, fields.at ? fields.at + 1 : "}"),
				       .is_now = fields});
	*ret_id = id;
	return flag_others(f, d);
}

static enum step_result add_load(struct flow *f)
{
	struct disposal *d = f->state = ARENA_NEW(f->arena, struct disposal);
	struct str completed_on;
	int r = d ? h_decode(f, &disposal_shape, SHAPE_CREATE, d) : ERR_NOMEM;

	if (r == 0)
		r = disposal_settle(d, f->today, &f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	completed_on = shape_day_text(d->completed_on, f->arena);
	q_disposal_load_add(flow_batch(f), &(struct q_disposal_load){.asset_id = f->param[0],
								     .completed_on = completed_on});
	q_baseline_input_add(flow_batch(f), &(struct q_baseline_input){.asset_id = f->param[0],
								       .as_of = completed_on});
	return flow_send(f);
}

/* An exemption says why a bar does not hold; else it does. */
static int check(struct flow *f, const struct disposal *d, const struct q_disposal_load_row *row)
{
	int r = row->gone ? ERR_GONE : h_may(f, PERM_DISPOSAL_WRITE, row->authority_id);

	if (r < 0)
		return r;
	if (row->is_disposed)
		return ERR_LAND_DISPOSED;
	if (str_is_null(row->barred_by) || !str_is_null(d->exemption))
		return 0;
	flow_detail(f, arena_fmt(f->arena,
				 "Request %.*s bars disposal to anybody else (section 84). If an "
				 "exemption holds, say which.",
				 (int)row->barred_by.len, row->barred_by.at));
	return ERR_BARRED;
}

static enum step_result add_store(struct flow *f)
{
	const struct disposal *d = f->state;
	struct q_disposal_load_row row;
	struct q_baseline_input_row input;
	struct str id;
	int r = q_disposal_load_one(f->got, 0, &row);

	if (r == 0)
		r = check(f, d, &row);
	if (r == 0)
		r = q_baseline_input_one(f->got, 1, &input);
	if (r == 0)
		r = disposal_store(f,
				   &(struct disposal_of){
					   .asset_id = f->param[0],
					   .authority_id = arena_str(f->arena, row.authority_id),
					   .disposal = d,
					   .input = input.input,
					   .other_requests = row.live_requests,
				   },
				   &id);
	if (r < 0)
		return flow_fail(f, r);
	return flow_store_end(f, "dsp", id, 201);
}

const struct flow_step flow_disposal_add[] = {
	{"load", add_load},
	{"store", add_store},
	{"answer", flow_store_answer},
	{0},
};
