/*
 * Which event takes which fields: what the one table of acts cannot say. All events share
 * one struct and one table (request_act.def), so that a field has one type whatever event
 * carries it; request_event.def says which of them an event takes and needs.
 */
#include "libassets/base/err.h"
#include "libassets/base/text.h"
#include "request.h"

/* A text that shows nothing is none, as everywhere (shape.h). */
static bool shows_nothing(const json_t *value)
{
	return json_is_string(value) &&
	       !text_is_visible((struct str){json_string_value(value), json_string_length(value)});
}

int request_act_check(const json_t *body, const struct request_act *act, struct flaws *flaws,
		      enum request_event *ret_event)
{
	const struct request_event_info *info;
	enum request_event event;
	void *i = json_object_iter((json_t *)(uintptr_t)body);
	int r = flaws_err(flaws);

	if (r < 0)
		return r;
	if (request_event_parse(act->event, &event) < 0)
		return ERR_BUG;
	info = request_event_info(event);
	for (; i; i = json_object_iter_next((json_t *)(uintptr_t)body, i)) {
		const char *key = json_object_iter_key(i);

		if (shape_is_word(str_of(key), "event on") ||
		    shape_is_word(str_of(key), info->takes))
			continue;
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, key), STR("UNKNOWN_FIELD"),
			  arena_fmt(flaws->arena, "%s does not take this field.", info->name),
			  *info->takes ? arena_fmt(flaws->arena, "It takes event, on and: %s.",
						   info->takes)
				       : STR("It takes event and on alone."));
	}
	for (struct str rest = str_of(info->needs); rest.len;) {
		struct str name = str_cut(rest, ' ', &rest);
		const char *key = arena_str(flaws->arena, name).at;
		const json_t *value = key ? json_object_get(body, key) : NULL;

		if (key && (!value || json_is_null(value) || shows_nothing(value)))
			wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, key), STR("REQUIRED"),
				  arena_fmt(flaws->arena, "%s needs this field.", info->name),
				  STR("Send it."));
	}
	r = flaws_err(flaws);
	if (r == 0)
		*ret_event = event;
	return r;
}
