/*
 * Days are compared as texts: "2027-04-01" sorts as it stands, and parsing them would only
 * add a way to fail.
 */
#include "due.h"

#include <string.h>

#include "libassets/clock_rule.h"

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
	       clock_rule(id)->expiry == CLOCK_EXPIRY_ALARM;
}

static json_t *first_running(const json_t *deadlines, bool alarms)
{
	json_t *first = NULL, *deadline;
	size_t i;

	json_array_foreach (deadlines, i, deadline) {
		if (strcmp(text_of(deadline, "state"), "RUNNING") != 0 ||
		    is_alarm(deadline) != alarms)
			continue;
		if (!first || strcmp(text_of(deadline, "due_on"), text_of(first, "due_on")) < 0)
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

/* A community's answer hangs on the decision, not on the acknowledgement of its letter. */
json_t *due_next(const json_t *request)
{
	const json_t *deadlines = json_object_get(request, "deadlines");
	json_t *next = first_running(deadlines, false);

	if (!next)
		next = first_running(deadlines, true);
	return next ? next : missed(request, deadlines);
}

json_t *due_alarm(const json_t *request)
{
	return first_running(json_object_get(request, "deadlines"), true);
}
