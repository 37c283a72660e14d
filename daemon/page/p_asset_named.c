/*
 * Another asset, named in a form: officers know it by its reference, or have its page before them,
 * and the API takes its id. What is neither of the two is left to the API to refuse.
 */
#include "daemon/base/id.h"
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

/* "ast_…" of "https://land.example/assets/ast_…?valid_on=2026-01-01"; absent: it is no address. */
static struct str id_in(struct str typed)
{
	static const struct str path = STR_INIT("/assets/");

	for (size_t i = 0; i + path.len < typed.len; i++) {
		struct str rest = {typed.at + i, typed.len - i};

		if (!str_starts(rest, path))
			continue;
		rest = (struct str){rest.at + path.len, rest.len - path.len};
		rest.len = rest.len < ID_TEXT - 1 ? rest.len : ID_TEXT - 1;
		return rest;
	}
	return (struct str){NULL, 0};
}

static enum step_result put(struct flow *f, const char *field, struct str id)
{
	int r = json_object_set_new(f->body, field, json_stringn(id.at, id.len)) ? ERR_NOMEM : 0;

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

enum step_result asset_named_load(struct flow *f)
{
	const char *field = field_of(f), *authority;
	struct str typed, id;

	f->state = NULL;
	if (!field)
		return STEP_NEXT;
	typed = str_trim(str_of(json_string_value(json_object_get(f->body, field))));
	id = id_in(typed);
	if (shape_is_id(id))
		return put(f, field, id);
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
	if (r == 0)
		return put(f, field, row.id);
	if (r == ERR_NOT_FOUND) {
		h_flaw(f, field, "NOT_FOUND",
		       STR("No entry of this public body has that reference."),
		       STR("Give its reference, or the address of its page."));
		r = flaws_err(&f->flaws);
	}
	return flow_fail(f, r);
}
