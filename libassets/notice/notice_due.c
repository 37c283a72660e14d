/*
 * Which notices a request's acts ask for and have not got. One that is given once for a request is
 * due only while none was issued, and then of the newest act that asks for it; a decision notice
 * is due of the newest decision alone; every other of each act by itself. One that is given ahead
 * of the act that it tells of is due until then, and if it was issued that act asks for none.
 */
#include "notice_due.h"

static const struct shape_field notice_act_table[] = {
#define FIELD(...) SHAPE_ROW(notice_act, __VA_ARGS__)
#include "notice_act.def"
#undef FIELD
};

SHAPE(notice_act, NULL);

static const struct notice_variant *variant_of(enum notice_code code, const struct notice_act *act)
{
	struct notice_facts facts;

	shape_clear(&notice_facts_shape, &facts);
	facts.event = act->event;
	facts.state_from = act->state_from;
	facts.state_to = act->state_to;
	facts.level_to = act->level_to;
	facts.prohibits = act->prohibits;
	facts.bar_exemption = act->bar_exemption;
	facts.terms_differ = act->terms_differ;
	return notice_variant_of(code, &facts);
}

static bool is_issued(enum notice_code code, const struct notice_act *act)
{
	return !str_is_null(act->issued) &&
	       shape_is_word(str_of(notice_info(code)->code), act->issued.at);
}

/* Ahead of what it tells of it is due until that is recorded, or the request has moved past it. */
static bool is_past(enum notice_code code, const struct notice_act *act, size_t n, size_t at)
{
	for (size_t i = at + 1; i < n; i++) {
		if (variant_of(code, &act[i]) || !str_eq(act[i].state_to, act[at].state_to))
			return true;
	}
	return false;
}

/* Was it given ahead of this act? Then it was issued of the act before that asks for it. */
static bool was_ahead(enum notice_code code, const struct notice_act *act, size_t at)
{
	const struct notice_variant *v;

	while (at-- > 0) {
		v = variant_of(code, &act[at]);
		if (v)
			return v->is_ahead && is_issued(code, &act[at]);
	}
	return false;
}

/* Does another act stand in for this one: a later one that asks for the same, or any with its
 * notice? */
static bool is_covered(enum notice_code code, const struct notice_act *act, size_t n, size_t at)
{
	bool is_once = notice_info(code)->is_once;
	const struct notice_variant *v = variant_of(code, &act[at]);

	if (was_ahead(code, act, at) || (v && v->is_ahead && is_past(code, act, n, at)))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (is_once && is_issued(code, &act[i]))
			return true;
		if (i > at && (is_once || code == NOTICE_N7) && variant_of(code, &act[i]))
			return true;
	}
	return is_issued(code, &act[at]);
}

static void put_due(enum notice_code code, const struct notice_variant *v,
		    const struct notice_act *act, struct arena *a, struct buf *out)
{
	buf_fmt(out, "%s{\"code\":\"%s\",\"variant\":\"%s\",\"name\":", out->len > 1 ? "," : "",
		notice_info(code)->code, v->id);
	buf_json(out, str_of(notice_info(code)->name));
	buf_str(out, STR(",\"title\":"));
	buf_json(out, str_of(v->title));
	buf_str(out, STR(",\"event_id\":"));
	buf_json(out, act->id);
	buf_str(out, STR(",\"event\":"));
	buf_json(out, act->event);
	buf_str(out, STR(",\"on\":"));
	buf_json(out, shape_day_text(act->on, a));
	buf_str(out, STR(",\"citation\":"));
	buf_json(out, str_of(notice_info(code)->citation));
	buf_char(out, '}');
}

int notices_due(struct shape_list acts, struct arena *a, struct buf *out)
{
	const struct notice_act *act = acts.at;

	buf_char(out, '[');
	for (size_t i = 0; i < acts.count; i++) {
		for (int code = 0; code < NOTICE_COUNT; code++) {
			const struct notice_variant *v =
				variant_of((enum notice_code)code, &act[i]);

			if (v && !is_covered((enum notice_code)code, act, acts.count, i))
				put_due((enum notice_code)code, v, &act[i], a, out);
		}
	}
	buf_char(out, ']');
	return buf_err(out);
}
