/*
 * Community planning partnerships with their partners: made and changed by operators, read by
 * everybody. The list of partners is stored whole; who is in exactly one partnership gives it
 * to the assets it makes.
 */
#include "daemon/route/h.h"
#include "h_authority.h"
#include "libassets/register/authority.h"
#include "q.h"

/* One statement answers for both: what stands there, and whom of the partners nobody knows. */
static enum step_result load(struct flow *f, struct str id, struct shape_words partners)
{
	q_cpp_load_add(flow_batch(f),
		       &(struct q_cpp_load){.id = id, .partners = h_words(f, partners)});
	return flow_send(f);
}

static int check_partners(struct flow *f, const struct q_cpp_load_row *row)
{
	if (!str_is_null(row->unknown_partner))
		h_unknown(f, "partners");
	return flaws_err(&f->flaws);
}

static void put_partners(struct flow *f, struct str id, const struct cpp *c)
{
	q_cpp_partners_put_add(
		flow_batch(f),
		&(struct q_cpp_partners_put){.cpp_id = id, .partners = h_words(f, c->partners)});
}

static enum step_result add_load(struct flow *f)
{
	struct cpp *c = f->state = ARENA_NEW(f->arena, struct cpp);
	int r = c ? h_decode(f, &cpp_shape, SHAPE_CREATE, c) : ERR_NOMEM;

	/* An id that nobody has: the statement then looks at the partners alone. */
	return r < 0 ? flow_fail(f, r) : load(f, STR("cpp_"), c->partners);
}

static enum step_result add_store(struct flow *f)
{
	const struct cpp *c = f->state;
	struct q_cpp_load_row row;
	struct str id, fields;
	int r = q_cpp_load_one(f->got, 0, &row);

	if (r == 0)
		r = check_partners(f, &row);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "cpp_");
	fields = h_json(f, &cpp_shape, c);
	q_cpp_insert_add(flow_batch(f), &(struct q_cpp_insert){.id = id, .fields = fields});
	put_partners(f, id, c);
	h_change(f, &(struct h_change){.type = "cpp.created",
				       .subject = id,
				       .seq = 1,
				       .data = fields,
				       .is_now = fields});
	return flow_store_end(f, "cpp", id, 201);
}

const struct flow_step flow_cpp_add[] = {
	{"load", add_load},
	{"store", add_store},
	{"answer", flow_store_answer},
	{0},
};

static enum step_result patch_load(struct flow *f)
{
	struct cpp sent;
	int r;

	shape_clear(&cpp_shape, &sent);
	r = h_decode(f, &cpp_shape, SHAPE_PATCH, &sent);
	return r < 0 ? flow_fail(f, r) : load(f, f->param[0], sent.partners);
}

enum step_result cpp_patch_store(struct flow *f)
{
	struct q_cpp_load_row row;
	struct cpp c;
	struct str was, fields;
	int r = q_cpp_load_one(f->got, 0, &row);

	if (r == 0 && !row.has_version)
		r = ERR_NOT_FOUND;
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = check_partners(f, &row);
	if (r == 0)
		r = h_patch(f, row.fields, &cpp_shape, &c, &was);
	if (r < 0)
		return flow_fail(f, r);
	fields = h_json(f, &cpp_shape, &c);
	q_cpp_update_add(flow_batch(f), &(struct q_cpp_update){.id = f->param[0],
							       .seen = row.version,
							       .fields = fields,
							       .stale = h_stale(f)});
	put_partners(f, f->param[0], &c);
	h_change(f, &(struct h_change){.type = "cpp.updated",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .data = fields,
				       .was = was,
				       .is_now = fields});
	return flow_store_end(f, "cpp", f->param[0], 200);
}

const struct flow_step flow_cpp_patch[] = {
	{"load", patch_load},
	{"store", cpp_patch_store},
	{"answer", flow_store_answer},
	{0},
};
