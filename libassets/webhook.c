/*
 * The tables of webhooks and their defaults. A pattern is checked as a form, so that a list
 * with one mistyped type says which one.
 */
#include "webhook.h"

#include "event_pattern.h"
#include "hook_url.h"
#include "shape_form.h"

static struct str webhook_form_pattern(struct str text, struct arena *a)
{
	return event_pattern_check(text) == 0 ? arena_str(a, text) : (struct str){NULL, 0};
}

static const struct shape_field webhook_filter_table[] = {
#define FIELD(...) SHAPE_ROW(webhook_filter, __VA_ARGS__)
#include "webhook_filter.def"
#undef FIELD
};

SHAPE(webhook_filter, NULL);

static const struct shape_field webhook_table[] = {
#define FIELD(...) SHAPE_ROW(webhook, __VA_ARGS__)
#include "webhook.def"
#undef FIELD
};

SHAPE(webhook, SHAPE_COMMON " authority_id state state_reason public_key");

void webhook_settle(struct webhook *w, struct arena *arena)
{
	if (!w->types.at || !w->types.count) {
		w->types.at = ARENA_NEW(arena, struct str);
		w->types.count = w->types.at ? 1 : 0;
		if (w->types.at)
			w->types.at[0] = STR("*");
	}
	if (str_is_null(w->mode))
		w->mode = STR("UNORDERED");
	if (str_is_null(w->payload))
		w->payload = STR("FULL");
	if (str_is_null(w->envelope))
		w->envelope = STR("STANDARD");
	if (!w->schema_version.is_set)
		w->schema_version = (struct shape_number){1, true};
}
