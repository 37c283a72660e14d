/*
 * Localities, of partnerships or statistical: made and changed by operators, read by everybody.
 * Assets name one; a forecast can be grouped by them.
 *
 * Load, store, answer as in h_asset.c. Their fields are in libassets/register/locality.def; a
 * locality is never removed, since assets and kept runs name it.
 */
#include "daemon/route/h.h"
#include "h_authority.h"
#include "libassets/register/authority.h"
#include "q.h"

static enum step_result load(struct flow *f, struct str id, struct str cpp_id)
{
	q_locality_load_add(flow_batch(f), &(struct q_locality_load){.id = id, .cpp_id = cpp_id});
	return flow_send(f);
}

static enum step_result add_load(struct flow *f)
{
	struct locality *l = f->state = ARENA_NEW(f->arena, struct locality);
	int r = l ? h_decode(f, &locality_shape, SHAPE_CREATE, l) : ERR_NOMEM;

	/* An id that nobody has: the statement then looks at the partnership alone. */
	return r < 0 ? flow_fail(f, r) : load(f, STR("loc_"), l->cpp_id);
}

static enum step_result add_store(struct flow *f)
{
	struct q_locality_load_row row;
	struct str id, fields;
	int r = q_locality_load_one(f->got, 0, &row);

	if (r == 0 && !row.has_cpp)
		h_unknown(f, "cpp_id");
	if (r == 0)
		r = flaws_err(&f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "loc_");
	fields = h_json(f, &locality_shape, f->state);
	q_locality_insert_add(flow_batch(f),
			      &(struct q_locality_insert){.id = id, .fields = fields});
	h_change(f, &(struct h_change){.type = "locality.created",
				       .subject = id,
				       .seq = 1,
				       .data = fields,
				       .is_now = fields});
	return flow_store_end(f, "loc", id, 201);
}

const struct flow_step flow_locality_add[] = {
	{"load", add_load},
	{"store", add_store},
	{"answer", flow_store_answer},
	{0},
};

static enum step_result patch_load(struct flow *f)
{
	struct locality *sent = f->state = ARENA_NEW(f->arena, struct locality);
	int r = ERR_NOMEM;

	if (sent) {
		shape_clear(&locality_shape, sent);
		r = h_decode(f, &locality_shape, SHAPE_PATCH, sent);
	}
	return r < 0 ? flow_fail(f, r) : load(f, f->param[0], sent->cpp_id);
}

static enum step_result patch_store(struct flow *f)
{
	const struct locality *sent = f->state;
	struct q_locality_load_row row;
	struct locality l;
	struct str was, fields;
	int r = q_locality_load_one(f->got, 0, &row);

	if (r == 0 && !row.has_version)
		r = ERR_NOT_FOUND;
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0 && !str_is_null(sent->cpp_id) && !row.has_cpp)
		h_unknown(f, "cpp_id");
	if (r == 0)
		r = flaws_err(&f->flaws);
	if (r == 0)
		r = h_patch(f, row.fields, &locality_shape, &l, &was);
	if (r < 0)
		return flow_fail(f, r);
	fields = h_json(f, &locality_shape, &l);
	q_locality_update_add(flow_batch(f), &(struct q_locality_update){.id = f->param[0],
									 .seen = row.version,
									 .fields = fields,
									 .stale = h_stale(f)});
	h_change(f, &(struct h_change){.type = "locality.updated",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .data = fields,
				       .was = was,
				       .is_now = fields});
	return flow_store_end(f, "loc", f->param[0], 200);
}

const struct flow_step flow_locality_patch[] = {
	{"load", patch_load},
	{"store", patch_store},
	{"answer", flow_store_answer},
	{0},
};
