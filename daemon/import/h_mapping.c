/*
 * Saved mappings, of one authority: made and taken away by those who load its lists. A mapping
 * is not changed: one of the same name takes its place once it is gone, and each import
 * keeps what it was read by.
 *
 * Load, store, answer as in h_asset.c.
 */
#include "h_mapping.h"

#include "daemon/route/h.h"
#include "libassets/import/mapping.h"
#include "q.h"

enum step_result mapping_add_store(struct flow *f)
{
	struct mapping *m = f->state = ARENA_NEW(f->arena, struct mapping);
	struct str id, fields;
	int r = m ? h_decode(f, &mapping_shape, SHAPE_CREATE, m) : ERR_NOMEM;

	if (r == 0)
		r = h_may(f, PERM_IMPORT_WRITE, m->authority_id);
	if (r == 0) {
		mapping_check(m, &f->flaws);
		r = flaws_err(&f->flaws);
	}
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "map_");
	fields = h_json(f, &mapping_shape, m);
	q_mapping_insert_add(flow_batch(f), &(struct q_mapping_insert){.id = id, .fields = fields});
	h_change(f, &(struct h_change){.type = "mapping.created",
				       .subject = id,
				       .seq = 1,
				       .authority_id = m->authority_id,
				       .data = fields,
				       .is_hidden = true});
	return flow_store_end(f, "map", id, 201);
}

const struct flow_step flow_mapping_add[] = {
	{"store", mapping_add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result mapping_remove_load(struct flow *f)
{
	q_mapping_load_add(flow_batch(f), &(struct q_mapping_load){.id = f->param[0]});
	return flow_send(f);
}

enum step_result mapping_remove_store(struct flow *f)
{
	struct q_mapping_load_row row;
	struct str authority_id;
	int r = q_mapping_load_one(f->got, 0, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r == 0)
		r = h_may(f, PERM_IMPORT_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	authority_id = arena_str(f->arena, row.authority_id);
	q_mapping_remove_add(flow_batch(f), &(struct q_mapping_remove){.id = f->param[0],
								       .seen = row.version,
								       .stale = h_stale(f)});
	h_change(f, &(struct h_change){.type = "mapping.removed",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .authority_id = authority_id,
				       .data = STR("{}"),
				       .is_hidden = true});
	return flow_store_end(f, "map", f->param[0], 204);
}

const struct flow_step flow_mapping_remove[] = {
	{"load", mapping_remove_load},
	{"store", mapping_remove_store},
	{"answer", flow_store_answer},
	{0},
};
