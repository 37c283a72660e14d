/*
 * Community bodies: national and public, each with a contact that is personal data of the
 * authority that holds it. The contact stands in one table, in no change, no fact and no log.
 *
 * Who holds it: the authority named in the query or the form (authority_id), else the first on
 * which the caller has the right; nobody but the operators when a caller has it everywhere.
 */
#include "h_body.h"

#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "libassets/register/body.h"
#include "q.h"

/* The authority that the caller acts for here; absent: for none in particular. */
static int holder_of(struct flow *f, struct str *ret_holder)
{
	struct str named = f->route->flags & ROUTE_FORM ? flow_form(f, "authority_id")
							: flow_query(f, "authority_id");

	*ret_holder = named;
	if (named.len)
		return h_may(f, PERM_BODY_WRITE, named);
	*ret_holder = (struct str){NULL, 0};
	for (size_t i = 0; i < f->who->grant_count; i++) {
		struct str at = f->who->grant[i].authority_id;

		if (principal_may_at(f->who, PERM_BODY_WRITE, at)) {
			*ret_holder = at;
			return 0;
		}
	}
	return 0;
}

/* The public part alone. */
static struct str public_json(struct flow *f, const struct body *b)
{
	struct body shown = *b;

	shown.contact = NULL;
	return h_json(f, &body_shape, &shown);
}

static void put_contact(struct flow *f, struct str holder, struct str id, const struct body *b)
{
	q_body_contact_put_add(flow_batch(f),
			       &(struct q_body_contact_put){
				       .authority_id = holder,
				       .body_id = id,
				       .contact = b->contact ? h_json(f, &contact_shape, b->contact)
							     : (struct str){NULL, 0},
			       });
}

enum step_result body_add_store(struct flow *f)
{
	struct body b;
	struct str id, holder, fields;
	int r = h_decode(f, &body_shape, SHAPE_CREATE, &b);

	if (r == 0)
		r = holder_of(f, &holder);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "cbo_");
	fields = public_json(f, &b);
	q_body_insert_add(
		flow_batch(f),
		&(struct q_body_insert){.id = id, .authority_id = holder, .fields = fields});
	if (b.contact)
		put_contact(f, holder, id, &b);
	h_change(f, &(struct h_change){.type = "body.created",
				       .subject = id,
				       .seq = 1,
				       .authority_id = holder,
				       .data = fields,
				       .is_now = fields});
	return flow_store_end(f, "cbo", id, 201);
}

const struct flow_step flow_body_add[] = {
	{"store", body_add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result body_patch_load(struct flow *f)
{
	struct str *holder = f->state = ARENA_NEW(f->arena, struct str);
	int r = holder ? flow_body(f) : ERR_NOMEM;

	if (r == 0)
		r = holder_of(f, holder);
	if (r < 0)
		return flow_fail(f, r);
	q_body_load_add(flow_batch(f),
			&(struct q_body_load){.id = f->param[0], .holder_id = *holder});
	return flow_send(f);
}

/* Whoever recorded the body may change what is public of it, and an operator may. */
static bool may_change(const struct flow *f, const struct q_body_load_row *row)
{
	return f->who->is_operator ||
	       (!str_is_null(row->authority_id) &&
		principal_may_at(f->who, PERM_BODY_WRITE, row->authority_id));
}

/* Anybody who keeps bodies may hold a contact of its own of any of them. */
static int check(struct flow *f, const struct q_body_load_row *row, struct str holder)
{
	bool is_contact =
		json_object_size(f->body) == 1 && json_object_get(f->body, "contact") != NULL;

	if (!may_change(f, row) && (!is_contact || str_is_null(holder)))
		return ERR_FORBIDDEN;
	return flow_if_match(f, row->version);
}

/* The body's next version, with its fields where they are the caller's to change. */
static void put_public(struct flow *f, const struct q_body_load_row *row, struct str fields)
{
	if (may_change(f, row))
		q_body_update_add(flow_batch(f), &(struct q_body_update){.id = f->param[0],
									 .seen = row->version,
									 .fields = fields,
									 .stale = h_stale(f)});
	else
		q_body_contact_move_add(flow_batch(f),
					&(struct q_body_contact_move){.id = f->param[0],
								      .seen = row->version,
								      .stale = h_stale(f)});
}

enum step_result body_patch_store(struct flow *f)
{
	const struct str *holder = f->state;
	struct q_body_load_row row;
	struct body b;
	struct str was, fields;
	int r = q_body_load_one(f->got, 0, &row);

	if (r == 0)
		r = check(f, &row, *holder);
	if (r == 0)
		r = h_stored(f, row.fields, &body_shape, &b);
	if (r < 0)
		return flow_fail(f, r);
	was = public_json(f, &b);
	r = h_decode(f, &body_shape, SHAPE_PATCH, &b);
	if (r < 0)
		return flow_fail(f, r);
	fields = public_json(f, &b);
	put_public(f, &row, fields);
	if (json_object_get(f->body, "contact"))
		put_contact(f, *holder, f->param[0], &b);
	h_change(f,
		 &(struct h_change){.type = "body.updated",
				    .subject = f->param[0],
				    .seq = row.version + 1,
				    .authority_id = may_change(f, &row)
							    ? arena_str(f->arena, row.authority_id)
							    : *holder,
				    .data = fields,
				    .was = was,
				    .is_now = fields});
	return flow_store_end(f, "cbo", f->param[0], 200);
}

const struct flow_step flow_body_patch[] = {
	{"load", body_patch_load},
	{"store", body_patch_store},
	{"answer", flow_store_answer},
	{0},
};
