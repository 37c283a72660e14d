/*
 * Another asset, named in a form: officers know it by its reference, or have its page before them,
 * of whose address form.c takes the id, and the API takes that.
 */
#include "daemon/route/h.h"
#include "libassets/shape/shape_form.h"
#include "p_asset_form.h"
#include "q.h"

/* The fields that name one, the first that a form has. */
static const char *const field_table[] = {"part_of", "into", "other_id", "asset_id"};

static const char *field_of(const struct flow *f)
{
	for (size_t i = 0; i < COUNT(field_table); i++) {
		if (json_string_length(json_object_get(f->body, field_table[i])))
			return field_table[i];
	}
	return NULL;
}

enum step_result asset_named_load(struct flow *f)
{
	const char *field = field_of(f), *authority;
	struct str typed;

	f->state = NULL;
	if (!field)
		return STEP_NEXT;
	typed = str_trim(str_of(json_string_value(json_object_get(f->body, field))));
	if (shape_is_id(typed) || !typed.len)
		return STEP_NEXT;
	authority = json_string_value(json_object_get(f->body, "authority_id"));
	f->state = (void *)(uintptr_t)field;
	q_asset_named_add(flow_batch(f),
			  &(struct q_asset_named){.reference = typed,
						  .authority_id = authority ? str_of(authority)
									    : (struct str){NULL, 0},
						  .of_id = f->param[0]});
	return flow_send(f);
}

enum step_result asset_named_found(struct flow *f)
{
	const char *field = f->state;
	struct q_asset_named_row row;
	int r;

	if (!field)
		return STEP_NEXT;
	f->state = NULL;
	r = q_asset_named_one(f->got, 0, &row);
	if (r == 0 && json_object_set_new(f->body, field, json_stringn(row.id.at, row.id.len)))
		r = ERR_NOMEM;
	if (r == ERR_NOT_FOUND) {
		h_flaw(f, field, "NOT_FOUND",
		       STR("No entry of this public body has that reference."),
		       STR("Give its reference, or the address of its page."));
		r = flaws_err(&f->flaws);
	}
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}
