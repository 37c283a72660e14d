/*
 * See flow_sent.h. Read from the body once more: a form that failed may not have been read yet, or
 * not to its end.
 */
#include "flow_sent.h"

#include "daemon/http/http_form.h"
#include "daemon/route/router.h"
#include "flow_private.h"

/* Without memory, and where it is cut off: what there is. */
static void read_parts(struct flow *f, struct flow_sent *ret)
{
	struct http_form form = {0};
	int r = http_form_read(http_field_get(f->request, STR("content-type")), f->request->body,
			       f->arena, &form);

	*ret = (struct flow_sent){form.fields, form.file_name, r != ERR_MEDIA_TYPE};
	for (size_t i = 0; i < form.fields.count; i++) {
		struct query_pair *pair = &form.fields.at[i];

		pair->value = query_mended(pair->value, f->arena);
	}
}

static void read_sent(struct flow *f, struct flow_sent *ret)
{
	*ret = (struct flow_sent){0};
	if (flow_body_type(f, STR("application/x-www-form-urlencoded")) < 0)
		read_parts(f, ret);
	else if (query_mend(f->request->body, f->arena, &ret->fields) < 0)
		ret->fields.count = 0;
}

bool flow_sent(struct flow *f, struct flow_sent *ret)
{
	if (!(f->route->flags & ROUTE_FORM) || flow_is_safe(f) || !flow_is_ours(f))
		return false;
	read_sent(f, ret);
	return ret->fields.count > 0;
}

/* The character that stands for what is none. */
static bool is_mended(struct str s)
{
	return str_holds(s, STR("\xEF\xBF\xBD"));
}

void flow_sent_flaws(struct flow *f)
{
	struct flow_sent sent;

	if (!flow_is_ours(f))
		return;
	read_sent(f, &sent);
	for (size_t i = 0; i < sent.fields.count; i++) {
		const struct query_pair *pair = &sent.fields.at[i];

		if (is_mended(pair->value))
			flaw_add(&f->flaws,
				 arena_fmt(f->arena, "/%.*s", (int)pair->name.len, pair->name.at),
				 STR("BAD_FORM"),
				 STR("This holds a character that is no text, such as a NUL."),
				 STR("A mark stands in its place: take it out and send it again."));
	}
}
