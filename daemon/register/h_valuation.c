/*
 * Valuations: added, never changed; a newer one takes an older one's place. So an asset's
 * history of value is its list of valuations, and a mistake is mended by another one. The
 * event's subject is the asset, whose version moves.
 */
#include "daemon/route/h.h"
#include "h_asset.h"
#include "libassets/register/valuation.h"
#include "q.h"

enum step_result valuation_add_load(struct flow *f)
{
	struct valuation *v = f->state = ARENA_NEW(f->arena, struct valuation);
	int r = v ? h_decode(f, &valuation_shape, SHAPE_CREATE, v) : ERR_NOMEM;

	if (r == 0)
		r = valuation_settle(v, f->today, &f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	q_asset_owner_show_add(flow_batch(f), &(struct q_asset_owner_show){.id = f->param[0]});
	return flow_send(f);
}

enum step_result valuation_add_store(struct flow *f)
{
	const struct valuation *v = f->state;
	struct q_asset_owner_show_row row;
	struct str id, fields, authority_id;
	int r = q_asset_owner_show_one(f->got, 0, &row);

	if (r == 0)
		r = row.gone ? ERR_GONE : h_may(f, PERM_VALUATION_WRITE, row.authority_id);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "val_");
	authority_id = arena_str(f->arena, row.authority_id);
	fields = h_json(f, &valuation_shape, v);
	/* The asset's version moves: a valuation is a part of it. */
	q_asset_move_add(flow_batch(f), &(struct q_asset_move){.id = f->param[0],
							       .effective_on = shape_day_text(
								       f->today, f->arena)});
	q_valuation_insert_add(
		flow_batch(f),
		&(struct q_valuation_insert){.id = id, .asset_id = f->param[0], .fields = fields});
	h_change(f, &(struct h_change){
			    .type = "asset.valued",
			    .subject = f->param[0],
			    .authority_id = authority_id,
			    .asset_id = f->param[0],
			    .data = arena_fmt(f->arena, "{\"valuation_id\":\"%s\",%s", id.at,
					      fields.at ? fields.at + 1 : "}"),
			    .is_now = fields,
			    .money = v->restricted.value ? "amount_pence" : NULL,
		    });
	return flow_store_end(f, "val", id, 201);
}

const struct flow_step flow_valuation_add[] = {
	{"load", valuation_add_load},
	{"store", valuation_add_store},
	{"answer", flow_store_answer},
	{0},
};
