/*
 * Authorities with their duties: made and changed by operators, read by everybody. What duties
 * may be is libassets/register/authority.c's; they are stored whole, so a PATCH that names them
 * replaces them all.
 */
#include "h_authority.h"

#include "daemon/route/h.h"
#include "libassets/register/authority.h"
#include "q.h"

static int check(struct flow *f, const struct authority *a)
{
	authority_check(a, &f->flaws);
	return flaws_err(&f->flaws);
}

enum step_result authority_add_store(struct flow *f)
{
	struct authority a;
	struct str id, fields;
	int r = h_decode(f, &authority_shape, SHAPE_CREATE, &a);

	if (r == 0)
		r = check(f, &a);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "aut_");
	fields = h_json(f, &authority_shape, &a);
	q_authority_insert_add(flow_batch(f),
			       &(struct q_authority_insert){.id = id, .fields = fields});
	h_change(f, &(struct h_change){.type = "authority.created",
				       .subject = id,
				       .seq = 1,
				       .authority_id = id,
				       .data = fields,
				       .is_now = fields});
	return flow_store_end(f, "aut", id, 201);
}

const struct flow_step flow_authority_add[] = {
	{"store", authority_add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result authority_patch_load(struct flow *f)
{
	int r = flow_body(f);

	if (r < 0)
		return flow_fail(f, r);
	q_authority_load_add(flow_batch(f), &(struct q_authority_load){.id = f->param[0]});
	return flow_send(f);
}

enum step_result authority_patch_store(struct flow *f)
{
	struct q_authority_load_row row;
	struct authority a;
	struct str was, fields;
	int r = q_authority_load_one(f->got, 0, &row);

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = h_patch(f, row.fields, &authority_shape, &a, &was);
	if (r == 0)
		r = check(f, &a);
	if (r < 0)
		return flow_fail(f, r);
	fields = h_json(f, &authority_shape, &a);
	q_authority_update_add(flow_batch(f), &(struct q_authority_update){.id = f->param[0],
									   .seen = row.version,
									   .fields = fields,
									   .stale = h_stale(f)});
	q_authority_duties_clear_add(
		flow_batch(f), &(struct q_authority_duties_clear){.authority_id = f->param[0]});
	q_authority_duties_put_add(
		flow_batch(f),
		&(struct q_authority_duties_put){.authority_id = f->param[0],
						 .duties = h_json_list(f, &duty_shape, a.duties)});
	h_change(f, &(struct h_change){.type = "authority.updated",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .authority_id = f->param[0],
				       .data = fields,
				       .was = was,
				       .is_now = fields});
	return flow_store_end(f, "aut", f->param[0], 200);
}

const struct flow_step flow_authority_patch[] = {
	{"load", authority_patch_load},
	{"store", authority_patch_store},
	{"answer", flow_store_answer},
	{0},
};
