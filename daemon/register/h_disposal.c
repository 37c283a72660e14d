/*
 * An asset is disposed of: by hand (POST …/disposals), or because a request was completed.
 *
 * The baseline is frozen from the asset as this transaction loaded it, before the disposal is
 * stored; a bar is the database's to say (409 disposal-barred), so that a request validated
 * in the same second is not overtaken.
 */
#include "h_disposal.h"

#include "daemon/request/baseline.h"
#include "daemon/route/h.h"
#include "q.h"

/* Each takes two statements of a batch, which has room for 64. */
enum { OTHER_REQUESTS_MAX = 20 };

/* Of a request whose land lies so to what was disposed of, all or part of it is gone. */
static struct str flag_of(struct str relation)
{
	return str_eq(relation, STR("SAME")) || str_eq(relation, STR("PART"))
		       ? STR("LAND_DISPOSED")
		       : STR("LAND_PARTLY_DISPOSED");
}

/* Each of the others stays in its state, and is told that its land is gone. */
static int flag_others(struct flow *f, const struct disposal_of *d)
{
	json_auto_t *ids = json_loadb(d->other_requests.at, d->other_requests.len, 0, NULL);
	const json_t *other;
	size_t i;

	if (!json_is_array(ids))
		return ERR_JSON;
	if (json_array_size(ids) > OTHER_REQUESTS_MAX)
		return ERR_LIMIT;
	json_array_foreach (ids, i, other) {
		struct str request_id = arena_str(
			f->arena, str_of(json_string_value(json_object_get(other, "id"))));
		struct str asset_id = arena_str(
			f->arena, str_of(json_string_value(json_object_get(other, "asset_id"))));
		struct str flag =
			flag_of(str_of(json_string_value(json_object_get(other, "relation"))));

		q_request_flag_add(flow_batch(f),
				   &(struct q_request_flag){.id = request_id, .flag = flag});
		h_change(f, &(struct h_change){
				    .type = "request.updated",
				    .subject = request_id,
				    .authority_id = d->authority_id,
				    .asset_id = asset_id,
				    .data = arena_fmt(f->arena, "{\"flag\":\"%s\"}", flag.at)});
	}
	return 0;
}

int disposal_store(struct flow *f, const struct disposal_of *d, struct str *ret_id)
{
	struct str id = h_id(f, "dsp_");
	struct str fields = h_json(f, &disposal_shape, d->disposal), baseline;
	int r = 0;

	baseline = d->baseline;
	if (str_is_null(baseline))
		r = baseline_of(d->input, f->arena, &baseline);

	if (r < 0)
		return r;
	q_land_hold_add(flow_batch(f), &(struct q_land_hold){.asset_id = d->asset_id});
	/* First, because nothing becomes DISPOSED without it while a bar runs. */
	q_disposal_insert_add(flow_batch(f),
			      &(struct q_disposal_insert){.id = id,
							  .asset_id = d->asset_id,
							  .fields = fields,
							  .request_id = d->request_id,
							  .baseline = baseline});
	q_asset_move_add(flow_batch(f),
			 &(struct q_asset_move){.id = d->asset_id,
						.lifecycle = STR("DISPOSED"),
						.effective_on = shape_day_text(
							d->disposal->completed_on, f->arena)});
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

enum step_result disposal_add_load(struct flow *f)
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

/* What was under way before the request was made may go on; what began after it may not. */
static int check_exemption(struct flow *f, const struct bar_of *b)
{
	struct day made;
	int r = day_parse(b->barred_from, &made);

	if (r < 0)
		return ERR_BUG;
	if (str_eq(b->exemption, STR("DIRECTION")))
		return 0;
	if (day_is_none(b->dated_on)) {
		h_flaw(f, "exemption_dated_on", "REQUIRED",
		       arena_fmt(f->arena,
				 "Request %.*s bars disposal unless this was so before it.",
				 (int)b->barred_by.len, b->barred_by.at),
		       STR("Say on which day the advertisement, negotiations or proceedings "
			   "began."));
		return ERR_INVALID;
	}
	if (day_cmp(b->dated_on, made) < 0)
		return 0;
	h_flaw(f, "exemption_dated_on", "OUT_OF_RANGE",
	       arena_fmt(f->arena, "Request %.*s was made on %s, which is not later (section 84).",
			 (int)b->barred_by.len, b->barred_by.at, shape_day_text(made, f->arena).at),
	       STR("Without an earlier day the disposal has to wait until the bar ends."));
	return ERR_BARRED;
}

int disposal_bar_check(struct flow *f, const struct bar_of *b)
{
	if (str_is_null(b->barred_by))
		return 0;
	if (!str_is_null(b->exemption))
		return check_exemption(f, b);
	flow_detail(f, arena_fmt(f->arena,
				 "Request %.*s bars disposal to anybody else (section 84)%s. If an "
				 "exemption holds, say which.",
				 (int)b->barred_by.len, b->barred_by.at, b->what));
	return ERR_BARRED;
}

/* An exemption says why a bar does not hold; else it does. */
static int check(struct flow *f, const struct disposal *d, const struct q_disposal_load_row *row)
{
	int r = row->gone ? ERR_GONE : h_may(f, PERM_DISPOSAL_WRITE, row->authority_id);

	if (r < 0)
		return r;
	if (row->is_disposed)
		return ERR_LAND_DISPOSED;
	return disposal_bar_check(f, &(struct bar_of){.barred_by = row->barred_by,
						      .barred_from = row->barred_from,
						      .exemption = d->exemption,
						      .dated_on = d->exemption_dated_on,
						      .what = ""});
}

enum step_result disposal_add_store(struct flow *f)
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
	{"load", disposal_add_load},
	{"store", disposal_add_store},
	{"answer", flow_store_answer},
	{0},
};
