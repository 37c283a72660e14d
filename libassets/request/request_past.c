/*
 * A day's ledger is what was recorded before the first act of a later day: acts stand in the order
 * in which they were recorded, and one of an earlier day that stands behind such an act counts
 * with it. All else follows from that ledger, and from what the request came to be since.
 */
#include "request_past.h"

#include "request_move.h"
#include "request_time.h"

/* How many entries there were on that day. */
static size_t entries_of(const struct request *r, struct day on)
{
	const struct ledger_entry *entry = r->ledger.at;
	size_t n = 0;

	while (n < r->ledger.count && day_cmp(entry[n].on, on) <= 0)
		n++;
	return n;
}

static void add_day(struct day day[REQUEST_DAYS_MAX], size_t *n, struct day d)
{
	size_t i = *n;

	while (i > 0 && day_cmp(day[i - 1], d) > 0)
		i--;
	if (i > 0 && day_cmp(day[i - 1], d) == 0)
		return;
	if (*n == REQUEST_DAYS_MAX) {
		if (i == 0)
			return;
		memmove(day, day + 1, --i * sizeof(*day)); /* the oldest gives way */
	} else {
		memmove(day + i + 1, day + i, (*n - i) * sizeof(*day));
		(*n)++;
	}
	day[i] = d;
}

size_t request_past_days(const struct request *r, struct day since, struct day today,
			 struct day ret_day[REQUEST_DAYS_MAX])
{
	const struct ledger_entry *entry = r->ledger.at;
	size_t n = 0;

	if (r->ledger.count && day_cmp(entry[0].on, since) <= 0 && day_cmp(since, today) < 0)
		add_day(ret_day, &n, since);
	for (size_t i = 0; i < r->ledger.count; i++) {
		if (day_cmp(entry[i].on, since) >= 0 && day_cmp(entry[i].on, today) < 0)
			add_day(ret_day, &n, entry[i].on);
	}
	return n;
}

static bool has_happened(struct shape_list ledger, const char *event)
{
	const struct ledger_entry *entry = ledger.at;

	for (size_t i = 0; i < ledger.count; i++) {
		if (str_eq(entry[i].event, str_of(event)))
			return true;
	}
	return false;
}

/* The bar of a state that bars runs, unless a direction has ended it. */
static void bar_then(const struct request *now, struct request *r)
{
	enum request_state state;
	bool is_lifted = has_happened(r->ledger, "BAR_LIFTED");

	if (!is_lifted && has_happened(now->ledger, "BAR_LIFTED")) {
		r->bar_exemption = (struct str){NULL, 0};
		r->bar_dated_on = DAY_NONE;
	}
	if (!is_lifted && request_state_parse(r->state, &state) == 0 &&
	    request_state_info(state)->bars)
		r->bar_to = DAY_NONE;
}

static void unvalidate(struct request *r)
{
	r->validated_on = r->bar_from = r->bar_to = r->bar_dated_on = DAY_NONE;
	r->bar_exemption = (struct str){NULL, 0};
	r->prohibits = (struct shape_flag){true, true};
}

/* Of what was told of, the last days that had passed by then. */
static void remind_then(struct request *r, struct day on, struct arena *a)
{
	const struct reminder *told = r->reminders.at;
	struct reminder *kept = ARENA_ARRAY(a, r->reminders.count + 1, struct reminder);
	size_t n = 0;

	for (size_t i = 0; kept && i < r->reminders.count; i++) {
		if (day_cmp(told[i].due_on, on) < 0)
			kept[n++] = told[i];
	}
	r->reminders = (struct shape_list){kept, n};
}

bool request_past(const struct request *r, struct day on, struct arena *a,
		  struct request *ret_request)
{
	const struct ledger_entry *entry = r->ledger.at;
	size_t n = entries_of(r, on);

	if (n == 0)
		return false;
	*ret_request = *r;
	ret_request->ledger.count = n;
	ret_request->state = entry[n - 1].state_to;
	request_date(ret_request);
	ret_request->received_on = entry[0].on;
	for (size_t i = 1; i < n; i++) {
		if (str_eq(entry[i].event, STR("SUBMIT")))
			ret_request->received_on = entry[i].on;
	}
	if (day_cmp(ret_request->acknowledged_on, on) > 0)
		ret_request->acknowledged_on = DAY_NONE;
	if (has_happened(ret_request->ledger, "VALIDATE"))
		bar_then(r, ret_request);
	else
		unvalidate(ret_request);
	remind_then(ret_request, on, a);
	ret_request->allowed = request_allowed(ret_request, a);
	return true;
}
