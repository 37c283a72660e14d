/*
 * One asset's projection as it was: its facts true on a day and known at a moment, the parameters
 * and settings that stood at that moment, seen from that day. Nothing of it is kept anywhere, and
 * the model is exact, so it is worked out anew, on the worker's thread, by the statement that a run
 * of then reads its inputs with: the same asset in such a run has the same figures.
 *
 * Who may see it is who may see the money today; what it was then is no ground.
 */
#include "daemon/projector/projector_asset.h"
#include "daemon/register/asset_gone.h"
#include "daemon/route/as_at.h"
#include "daemon/route/h.h"
#include "h_projection.h"
#include "libassets/base/moment.h"
#include "q.h"

enum { ANSWER_MAX = 4 << 20, ASSET = 0, INPUT, FRAME };

/* What one transaction changed is known a few microseconds after its moment (known_by in SQL). */
static const int64_t known_by_us = 50;

static int moment_of(struct flow *f, struct projection_at *p)
{
	char text[MOMENT_TEXT];
	int64_t us;

	p->moment = STR("infinity");
	if (str_is_null(p->at.known_at))
		return 0;
	if (moment_parse(p->at.known_at, &us) < 0)
		return ERR_BUG;
	moment_format(us + known_by_us, text);
	p->moment = arena_str(f->arena, str_of(text));
	return str_is_null(p->moment) ? ERR_NOMEM : 0;
}

enum step_result projection_then_load(struct flow *f, const struct as_at *at)
{
	struct projection_at *p = f->state = ARENA_NEW(f->arena, struct projection_at);
	struct str ids;
	int r = ERR_NOMEM;

	if (p) {
		p->at = *at;
		r = moment_of(f, p);
	}
	if (r < 0)
		return flow_fail(f, r);
	ids = db_text_array(f->arena, f->param, 1);
	if (str_is_null(ids))
		return flow_fail(f, ERR_NOMEM);
	q_projection_asset_add(flow_batch(f), &(struct q_projection_asset){.id = f->param[0]});
	q_freeze_inputs_add(flow_batch(f), &(struct q_freeze_inputs){.valid_on = p->at.valid_on,
								     .known_at = p->moment,
								     .after = STR(""),
								     .most = 1,
								     .ids = ids});
	q_projection_frame_at_add(
		flow_batch(f),
		&(struct q_projection_frame_at){.asset_id = f->param[0], .known_at = p->moment});
	return flow_send(f);
}

static enum step_result at_load(struct flow *f)
{
	struct as_at at;
	int r = as_at_read(f, &at);

	return r < 0 ? flow_fail(f, r) : projection_then_load(f, &at);
}

/* The day and the moment, as other items of then end with them. */
static int put_then(struct flow *f, const struct projection_at *p, struct buf *out)
{
	char now[MOMENT_TEXT];
	struct str known_at = p->at.known_at;

	if (str_is_null(known_at)) {
		moment_format(f->now_us, now);
		known_at = str_of(now);
	}
	out->len--; /* the brace that closes it */
	buf_fmt(out, ",\"valid_on\":\"%.*s\",\"known_at\":\"%.*s\"}", (int)p->at.valid_on.len,
		p->at.valid_on.at, (int)known_at.len, known_at.at);
	return buf_err(out);
}

static int put_answer(struct flow *f, const struct q_freeze_inputs_row *row, struct buf *out)
{
	const struct projection_at *p = f->state;
	struct q_projection_frame_at_row frame;
	struct projector_frame with;
	int r = q_projection_frame_at_one(f->got, FRAME, &frame);

	if (r < 0)
		return r;
	with = (struct projector_frame){.params = frame.params,
					.partners = frame.partners,
					.position = frame.feed_position};
	r = day_parse(p->at.valid_on, &with.as_of);
	if (r == 0)
		r = projector_asset_then(out,
					 &(struct book_row){.id = row->id,
							    .model_id = row->model_id,
							    .lead = row->lead,
							    .cpp = row->cpp,
							    .locality = row->locality,
							    .class = row->class,
							    .decile = row->decile,
							    .input = row->input},
					 &with);
	return r < 0 ? r : put_then(f, p, out);
}

int projection_then(struct flow *f, struct str *ret_json)
{
	CLEANUP(buf_done) struct buf out = BUF(ANSWER_MAX);
	struct q_projection_asset_row now;
	struct q_freeze_inputs_row row = {.gone = true};
	int r = q_projection_asset_one(f->got, ASSET, &now);

	if (r == 0 && !h_reads_money(f, now.lead, now.input))
		r = ERR_FORBIDDEN;
	if (r == 0 && db_rows(f->got, INPUT))
		r = q_freeze_inputs_row(f->got, INPUT, 0, &row);
	/* Without an authority there was none of it; else it had been removed by then. */
	if (r == 0 && row.gone)
		r = row.lead.len ? ERR_GONE : ERR_NOT_FOUND;
	if (r == 0)
		r = put_answer(f, &row, &out);
	if (r < 0)
		return r;
	*ret_json = arena_str(f->arena, buf_view(&out));
	return str_is_null(*ret_json) ? ERR_NOMEM : 0;
}

static enum step_result at_answer(struct flow *f)
{
	struct str json;
	int r = projection_then(f, &json);

	if (r == ERR_GONE)
		return asset_gone(f);
	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, json);
}

const struct flow_step flow_projection_asset_at[] = {
	{"load", at_load},
	{"answer", at_answer},
	{0},
};
