/*
 * Days are compared as texts: "2027-04-01" sorts as it stands, and parsing them would only
 * add a way to fail.
 */
#include "due.h"

#include <string.h>

#include "libassets/clock/clock_rule.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* One of those by which an authority is reminded, and on which nothing else depends. */
static bool is_alarm(const json_t *deadline)
{
	enum clock_id id;

	return clock_parse(str_of(text_of(deadline, "clock")), &id) == 0 &&
	       clock_is_alarm(clock_rule(id));
}

/* Of two on one day that comes first on which something depends. */
static bool is_before(const json_t *a, const json_t *b)
{
	int order = strcmp(text_of(a, "due_on"), text_of(b, "due_on"));

	return order < 0 || (order == 0 && !is_alarm(a) && is_alarm(b));
}

/* By every reading of it, though nobody has noted that yet. */
static bool is_past(const json_t *deadline, const char *today)
{
	const char *late = text_of(deadline, "late_after_on");

	return strcmp(*late ? late : text_of(deadline, "due_on"), today) < 0;
}

static json_t *first_running(const json_t *deadlines, bool alarms, const char *since)
{
	json_t *first = NULL, *deadline;
	size_t i;

	json_array_foreach (deadlines, i, deadline) {
		if (strcmp(text_of(deadline, "state"), "RUNNING") != 0 ||
		    (!alarms && is_alarm(deadline)) || is_past(deadline, since))
			continue;
		if (!first || is_before(deadline, first))
			first = deadline;
	}
	return first;
}

/* An alarm that was missed and is all that the state waits for: doing it begins another clock or
 * ends the state (request.def). */
static json_t *missed(const json_t *request, const json_t *deadlines)
{
	static const struct {
		const char *state, *clock;
	} table[] = {{"RECEIVED", "K2"},
		     {"UNDER_REVIEW", "K15"},
		     {"UNDER_APPEAL", "K17"},
		     {"UNDER_NO_CONTRACT_APPEAL", "K22"}};
	json_t *last = json_array_get(deadlines, json_array_size(deadlines) - 1);

	for (size_t i = 0; last && i < COUNT(table); i++) {
		if (strcmp(text_of(request, "state"), table[i].state) == 0 &&
		    strcmp(text_of(last, "clock"), table[i].clock) == 0 &&
		    strcmp(text_of(last, "state"), "MISSED") == 0)
			return last;
	}
	return NULL;
}

json_t *due_next(const json_t *request, struct day today)
{
	const json_t *deadlines = json_object_get(request, "deadlines");
	char since[DAY_TEXT];
	json_t *next;

	day_format(today, since);
	next = first_running(deadlines, true, since);
	if (!next)
		next = first_running(deadlines, true, "");
	return next ? next : missed(request, deadlines);
}

json_t *due_binding(const json_t *request, struct day today)
{
	const json_t *next = due_next(request, today);
	char since[DAY_TEXT];

	day_format(today, since);
	if (!next || !is_alarm(next))
		return NULL;
	return first_running(json_object_get(request, "deadlines"), false, since);
}
