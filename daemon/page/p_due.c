/*
 * Days are compared as texts: "2027-04-01" sorts as it stands, and parsing them would only
 * add a way to fail. Shared by the pages that show a request.
 */
#include "p_due.h"

#include "daemon/request/due.h"

void due_put(struct page *p, json_t *request)
{
	json_t *due = due_next(request, p->today), *binding = due_binding(request, p->today);
	const char *style = "";
	char today[DAY_TEXT];

	day_format(p->today, today);
	if (!due)
		style = " next--over";
	else if (strcmp(page_text(due, "due_on"), today) < 0)
		style = " next--late";
	page_put_in(p, request, "next_class", json_string(style));
	if (due)
		page_put_in(p, request, "due", json_incref(due));
	if (binding)
		page_put_in(p, request, "binding", json_incref(binding));
}

/* A time in which somebody may is over, and nothing was left undone. */
static bool is_over(const json_t *deadline)
{
	return strcmp(page_text(deadline, "state"), "MISSED") == 0 &&
	       strcmp(page_text(deadline, "whose"), "AUTHORITY") != 0 &&
	       strcmp(page_text(deadline, "whose"), "BOTH") != 0;
}

/* Days that were left out are named by the rules and lists of holidays. */
static void put_skipped(struct page *p, json_t *deadline)
{
	json_t *skipped = json_object_get(deadline, "skipped"), *day;
	size_t i;

	json_array_foreach (skipped, i, day)
		page_put_in(p, day, "is_said", json_true());
	if (i)
		page_put_in(p, deadline, "has_skipped", json_true());
}

void dates_put(struct page *p, json_t *request)
{
	json_t *deadlines = json_object_get(request, "deadlines"), *deadline;
	const json_t *due = due_next(request, p->today);
	json_t *dates = json_array();
	size_t i;

	json_array_foreach (deadlines, i, deadline) {
		put_skipped(p, deadline);
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

const json_t *due_window(const json_t *request, const char *clock)
{
	const json_t *deadline, *window = NULL;
	size_t i;

	json_array_foreach (json_object_get(request, "deadlines"), i, deadline) {
		if (strcmp(page_text(deadline, "clock"), clock) == 0)
			window = deadline;
	}
	return window;
}

void due_put_window(struct page *p, json_t *object, const json_t *window)
{
	json_t *copy = window ? json_deep_copy(window) : NULL;

	if (!window)
		return;
	page_put_in(p, object, "window", copy);
	page_put_in(p, copy, "is_running",
		    json_boolean(strcmp(page_text(window, "state"), "RUNNING") == 0));
}
