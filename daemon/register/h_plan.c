/*
 * The one disposal plan of an asset: put and taken away. The asset's lifecycle follows it, and
 * both are stored in one batch. If-None-Match: * makes the first, its ETag changes it; the
 * event's subject is the asset.
 */
#include "daemon/route/h.h"
#include "h_asset.h"
#include "h_disposal.h"
#include "libassets/register/asset.h"
#include "libassets/register/plan.h"
#include "q.h"

/* Of a change, what only readers of money are shown. */
#define PLAN_MONEY "agreed_price_pence cost_fixed_pence lease"

/* Missives are a contract to dispose, which a bar forbids as it does the disposal itself. */
static int check_bar(struct flow *f, const struct q_plan_load_row *row, const struct plan *before,
		     const struct plan *p)
{
	if (!plan_contracts(before, p))
		return 0;
	return disposal_bar_check(
		f, &(struct bar_of){.barred_by = row->barred_by,
				    .barred_from = row->barred_from,
				    .exemption = p->exemption,
				    .dated_on = p->exemption_dated_on,
				    .what = ", and missives are a contract to dispose"});
}

static int check(struct flow *f, const struct q_plan_load_row *row)
{
	int r = row->gone ? ERR_GONE : h_may(f, PERM_PLAN_WRITE, row->authority_id);

	return r < 0 ? r : flow_if_match(f, row->has_version ? row->version : 0);
}

/* The plan is a part: its asset's version moves, and is the event's subject_seq. */
static void move_asset(struct flow *f, struct str lifecycle, struct str effective_on)
{
	q_asset_move_add(flow_batch(f), &(struct q_asset_move){.id = f->param[0],
							       .lifecycle = lifecycle,
							       .effective_on = effective_on});
}

static enum step_result put_load(struct flow *f)
{
	struct plan *p = f->state = ARENA_NEW(f->arena, struct plan);
	int r = p ? h_decode(f, &plan_shape, SHAPE_CREATE, p) : ERR_NOMEM;

	if (r == 0)
		r = plan_settle(p, f->today, &f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	q_plan_load_add(flow_batch(f), &(struct q_plan_load){.asset_id = f->param[0]});
	return flow_send(f);
}

static void put_row(struct flow *f, const struct q_plan_load_row *row, struct str id,
		    struct str fields)
{
	if (row->has_version)
		q_plan_update_add(flow_batch(f), &(struct q_plan_update){.id = id,
									 .seen = row->version,
									 .fields = fields,
									 .stale = h_stale(f)});
	else
		q_plan_insert_add(flow_batch(f), &(struct q_plan_insert){.id = id,
									 .asset_id = f->param[0],
									 .fields = fields});
}

static enum step_result put_store(struct flow *f)
{
	const struct plan *p = f->state;
	struct q_plan_load_row row;
	struct plan before;
	struct str id, fields;
	int r = q_plan_load_one(f->got, 0, &row);

	if (r == 0)
		r = check(f, &row);
	if (r == 0 && row.is_disposed)
		r = ERR_LAND_DISPOSED;
	shape_clear(&plan_shape, &before);
	if (r == 0 && row.has_version)
		r = h_stored(f, row.fields, &plan_shape, &before);
	if (r == 0)
		r = check_bar(f, &row, &before, p);
	if (r < 0)
		return flow_fail(f, r);
	id = row.has_version ? arena_str(f->arena, row.plan_id) : h_id(f, "pln_");
	fields = h_json(f, &plan_shape, p);
	move_asset(f, asset_lifecycle_of_plan(p->method, p->stage),
		   shape_day_text(p->effective_on, f->arena));
	put_row(f, &row, id, fields);
	h_change(f, &(struct h_change){
			    .type = "plan.changed",
			    .subject = f->param[0],
			    .authority_id = arena_str(f->arena, row.authority_id),
			    .asset_id = f->param[0],
			    .data = arena_fmt(f->arena, "{\"plan_id\":\"%s\",%s", id.at,
					      fields.at ? fields.at + 1 : "}"),
			    .was = row.has_version ? h_json(f, &plan_shape, &before) : STR("{}"),
			    .is_now = fields,
			    .money = PLAN_MONEY,
		    });
	return flow_store_end(f, "pln", f->param[0], row.has_version ? 200 : 201);
}

enum step_result plan_form_load(struct flow *f)
{
	q_plan_load_add(flow_batch(f), &(struct q_plan_load){.asset_id = f->param[0]});
	return flow_send(f);
}

enum step_result plan_form_store(struct flow *f)
{
	struct plan *p = f->state = ARENA_NEW(f->arena, struct plan);
	struct q_plan_load_row row;
	int r = p ? q_plan_load_one(f->got, 0, &row) : ERR_NOMEM;

	/* Who may not is not told what is wrong with the rest. */
	if (r == 0)
		r = check(f, &row);
	if (r == 0) {
		shape_clear(&plan_shape, p);
		r = row.has_version ? h_stored(f, row.fields, &plan_shape, p) : 0;
	}
	if (r == 0)
		r = h_decode(f, &plan_shape, row.has_version ? SHAPE_PATCH : SHAPE_CREATE, p);
	if (r == 0)
		r = plan_settle(p, f->today, &f->flaws);
	return r < 0 ? flow_fail(f, r) : put_store(f);
}

const struct flow_step flow_plan_put[] = {
	{"load", put_load},
	{"store", put_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result plan_remove_load(struct flow *f)
{
	q_plan_load_add(flow_batch(f), &(struct q_plan_load){.asset_id = f->param[0]});
	return flow_send(f);
}

/* Without a plan the lifecycle stays where the plan left it, and may be said again. */
enum step_result plan_remove_store(struct flow *f)
{
	struct q_plan_load_row row;
	struct plan before;
	struct str id;
	int r = q_plan_load_one(f->got, 0, &row);

	if (r == 0 && !row.has_version)
		r = row.gone ? ERR_GONE : ERR_NOT_FOUND;
	if (r == 0)
		r = check(f, &row);
	if (r == 0)
		r = h_stored(f, row.fields, &plan_shape, &before);
	if (r < 0)
		return flow_fail(f, r);
	id = arena_str(f->arena, row.plan_id);
	move_asset(f, (struct str){NULL, 0}, shape_day_text(f->today, f->arena));
	q_plan_delete_add(
		flow_batch(f),
		&(struct q_plan_delete){.id = id, .seen = row.version, .stale = h_stale(f)});
	h_change(f, &(struct h_change){
			    .type = "plan.changed",
			    .subject = f->param[0],
			    .authority_id = arena_str(f->arena, row.authority_id),
			    .asset_id = f->param[0],
			    .data = arena_fmt(f->arena, "{\"plan_id\":\"%s\",\"removed\":true}",
					      id.at),
			    .was = h_json(f, &plan_shape, &before),
			    .is_now = STR("{}"),
			    .money = PLAN_MONEY,
		    });
	return flow_store_end(f, "ast", f->param[0], 204);
}

const struct flow_step flow_plan_remove[] = {
	{"load", plan_remove_load},
	{"store", plan_remove_store},
	{"answer", flow_store_answer},
	{0},
};
