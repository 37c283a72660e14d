/*
 * Only scalar texts: a form's field is one. The shape decodes and checks them as it does those of
 * JSON, which also brings line breaks into one form. To take numbers or flags, add their types
 * here.
 */
#include "h_form.h"

static bool is_text(enum shape_type type)
{
	return type == SHAPE_TEXT || type == SHAPE_FORM || type == SHAPE_ENUM || type == SHAPE_ID ||
	       type == SHAPE_DATE;
}

/* An object of the shape's texts; prefix: before the form's names. NULL without memory. */
static json_t *read_fields(struct flow *f, const char *prefix, const struct shape *shape)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < shape->count; i++) {
		const struct shape_field *field = &shape->field[i];
		struct str name = arena_fmt(f->arena, "%s%s", prefix, field->name);
		struct str sent = {NULL, 0};

		if (is_text(field->type) && name.at)
			sent = flow_form(f, name.at);
		if (name.at && !sent.len)
			continue;
		if (!name.at ||
		    json_object_set_new(object, field->name, json_stringn(sent.at, sent.len))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

int h_form(struct flow *f, const struct shape *shape)
{
	json_decref(f->body);
	f->body = read_fields(f, "", shape);
	return f->body ? 0 : ERR_NOMEM;
}

int h_form_part(struct flow *f, const char *part, const struct shape *shape)
{
	struct str prefix = arena_fmt(f->arena, "%s_", part);
	json_t *object = prefix.at ? read_fields(f, prefix.at, shape) : NULL;

	if (!object)
		return ERR_NOMEM;
	if (!json_object_size(object)) {
		json_decref(object);
		return 0;
	}
	return json_object_set_new(f->body, part, object) ? ERR_NOMEM : 0;
}
