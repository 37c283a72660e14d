/*
 * What the totals are and what they would become under a set of parameters that nobody has stored
 * yet: one question to the projector, one to its freezer, which works the whole register out anew
 * in a book of its own. Both answer what this reader may see.
 */
#include <stdlib.h>

#include "daemon/projector/projector.h"
#include "daemon/route/h.h"
#include "h_parameter.h"
#include "h_projection.h"

static enum step_result ask(struct flow *f, struct projector_question *q, int deadline_ms)
{
	const struct parameter_flow *s = f->state;

	q->group = GROUP_YEAR;
	q->scenario = SCENARIO_LIKELY;
	q->filter.authority_id = s->authority_id.len ? s->authority_id : (struct str){NULL, 0};
	q->reader = h_reader(f);
	return h_ask(f, q, deadline_ms);
}

/*
 * Parameters may be chosen so that a total is one asset's price: only who reads all the money
 * behind it may look, where a version that is set is seen by everybody.
 */
bool parameter_totals_may(struct flow *f)
{
	const struct parameter_flow *s = f->state;

	return s->authority_id.len ? principal_may_at(f->who, PERM_MONEY_READ, s->authority_id)
				   : h_reader(f).is_everywhere;
}

enum step_result parameter_totals_ask(struct flow *f)
{
	struct projector_question q = {.kind = ASK_RECEIPTS};

	return ask(f, &q, PROJECTOR_ANSWER_MS);
}

static struct str dumped(struct flow *f, const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	struct str kept = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};

	free(text);
	return kept;
}

enum step_result parameter_totals_next(struct flow *f)
{
	struct parameter_flow *s = f->state;
	json_auto_t *preview = json_loadb(s->shown.at, s->shown.len, 0, NULL);
	json_t *params = json_object_get(preview, "params");
	struct projector_question q = {.kind = ASK_FREEZE, .is_glance = true};

	if (flow_send_err(f) == 0)
		s->was = arena_str(f->arena, f->got_mail);
	if (s->authority_id.len) {
		json_auto_t *own = json_deep_copy(params);

		(void)json_object_set_new(own, "id", json_string(s->authority_id.at));
		q.settings = dumped(f, own);
	} else {
		q.parameters = dumped(f, params);
	}
	if (!q.settings.at && !q.parameters.at)
		return flow_fail(f, ERR_NOMEM);
	return ask(f, &q, PROJECTOR_RUN_MS);
}

/* --- side by side ------------------------------------------------------------------------- */

/* An amount, null where it is held back; a year that is not there is nothing. */
static json_t *amount(const json_t *item, const char *track)
{
	const json_t *value = receipts_net(item, track);

	if (!item)
		return json_integer(0);
	return json_is_integer(value) ? json_integer(json_integer_value(value)) : json_null();
}

static json_t *side(const json_t *answer, const char *year)
{
	const json_t *item = receipts_of_year(answer, year);

	return json_pack("{s:o, s:o, s:o}", "baseline_net_pence", amount(item, "baseline"),
			 "adjusted_net_pence", amount(item, "adjusted"), "adjustment_pence",
			 amount(item, NULL));
}

static json_t *sides(const json_t *was, const json_t *now, const char *year)
{
	return json_pack("{s:s?, s:o, s:o}", "year", year, "was", side(was, year), "would_be",
			 side(now, year));
}

/* Years of either, which both have: the horizon may be what changes. */
static json_t *both(const json_t *was, const json_t *now)
{
	const json_t *from[] = {was, now};
	json_t *items = json_array(), *item;
	size_t i;

	for (size_t k = 0; k < COUNT(from); k++) {
		json_array_foreach (json_object_get(from[k], "items"), i, item) {
			const char *year = json_string_value(
				json_object_get(json_object_get(item, "group"), "year"));

			if (year && (k == 0 || !receipts_of_year(was, year)))
				(void)json_array_append_new(items, sides(was, now, year));
		}
	}
	return json_pack("{s:s, s:O, s:O, s:o, s:o}", "scenario", "LIKELY", "as_of",
			 json_object_get(now, "as_of"), "position",
			 json_object_get(now, "position"), "items", items, "all",
			 sides(was, now, NULL));
}

int parameter_totals_take(struct flow *f)
{
	struct parameter_flow *s = f->state;
	json_auto_t *preview = json_loadb(s->shown.at, s->shown.len, 0, NULL);
	json_auto_t *was = s->was.at ? json_loadb(s->was.at, s->was.len, 0, NULL) : NULL;
	json_auto_t *now = NULL;
	int err = flow_send_err(f);

	if (err == 0)
		now = json_loadb(f->got_mail.at, f->got_mail.len, 0, NULL);
	if (json_object_set_new(preview, "totals",
				was && json_object_get(now, "items") ? both(was, now)
								     : json_null()) < 0)
		return ERR_NOMEM;
	s->shown = dumped(f, preview);
	if (!s->shown.at)
		return ERR_NOMEM;
	return err == ERR_DEADLINE ? ERR_NOT_READY : err;
}
