/*
 * Days are compared as texts: "2027-04-01" sorts as it stands, and parsing them would only
 * add a way to fail. Shared by the pages that show a request.
 */
#include "p_due.h"

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
static json_t *next_of(const json_t *request)
{
	const json_t *deadlines = json_object_get(request, "deadlines");
	json_t *next = first_running(deadlines, false);

	if (!next)
		next = first_running(deadlines, true);
	return next ? next : missed(request, deadlines);
}

void due_put(struct page *p, json_t *request)
{
	json_t *due = next_of(request);
	const char *style = "";
	char today[DAY_TEXT];

	day_format(p->today, today);
	if (!due)
		style = " next--over";
	else if (strcmp(text_of(due, "due_on"), today) < 0)
		style = " next--late";
	page_put_in(p, request, "next_class", json_string(style));
	if (due)
		page_put_in(p, request, "due", json_incref(due));
}

/* A time in which somebody may is over, and nothing was left undone. */
static bool is_over(const json_t *deadline)
{
	return strcmp(text_of(deadline, "state"), "MISSED") == 0 &&
	       strcmp(text_of(deadline, "whose"), "AUTHORITY") != 0 &&
	       strcmp(text_of(deadline, "whose"), "BOTH") != 0;
}

void dates_put(struct page *p, json_t *request)
{
	json_t *deadlines = json_object_get(request, "deadlines"), *deadline;
	const json_t *due = next_of(request);
	json_t *dates = json_array();
	size_t i;

	json_array_foreach (deadlines, i, deadline) {
		if (json_array_size(json_object_get(deadline, "skipped")))
			page_put_in(p, deadline, "has_skipped", json_true());
		if (deadline != due)
			json_array_append(dates, deadline);
		if (is_over(deadline))
			page_put_in(p, deadline, "state", json_string("ENDED"));
	}
	if (json_array_size(dates))
		page_put_in(p, request, "has_dates", json_true());
	page_put_in(p, request, "dates", dates);
	due_put(p, request);
}
