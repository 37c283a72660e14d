/*
 * Which last day comes next is asked of the clocks that run (request_clock.h); what its passing
 * does is the row's. Undoing reads the ledger backwards: every entry says what it found.
 */
#include "request_time.h"

#include "request_do.h"
#include "request_move.h"

/* Moves that open a right on the very day that brings them about, and who then uses it. */
static bool opens_right(enum request_event event)
{
	return event == REQUEST_EVENT_NO_DECISION || event == REQUEST_EVENT_NO_CONTRACT;
}

static bool is_challenge(enum request_event event)
{
	return event == REQUEST_EVENT_REVIEW_APPLIED || event == REQUEST_EVENT_APPEAL_LODGED ||
	       event == REQUEST_EVENT_NO_CONTRACT_APPEAL_LODGED;
}

struct request_until request_until(enum request_event event, const struct request_act *act,
				   struct day today)
{
	bool is_longer = event == REQUEST_EVENT_EXTEND || event == REQUEST_EVENT_EXTEND_CONTRACT;
	struct day on = is_longer && !day_is_none(act->agreed_on) ? act->agreed_on : act->on;

	return (struct request_until){on, event, today};
}

bool request_until_is_over(const struct request_until *u, struct day last, bool opens)
{
	if (day_cmp(last, u->today) >= 0)
		return false;
	if (day_cmp(last, u->on) == 0)
		return opens && is_challenge(u->event);
	return day_cmp(last, u->on) < 0;
}

/* Has the move that belongs to day `last` happened before that? */
static bool is_before(enum request_event event, struct day last, const struct request_until *u)
{
	return request_until_is_over(u, last, opens_right(event));
}

/*
 * The last day whose passing the row waits for; DAY_NONE when no such clock runs or what follows
 * it waits. The end of a right of the body waits for the later of two readings.
 */
static struct day last_of(const struct request_move *row, const struct request_clocks *clocks)
{
	bool is_end = false;

	for (struct str rest = str_of(row->clocks); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);

		if (str_eq(word, STR("END"))) {
			is_end = true;
			continue;
		}
		if (!is_end || str_eq(word, STR("STOP")) || str_eq(word, STR("START")))
			break;
		for (size_t i = 0; i < clocks->count; i++) {
			const struct deadline *d = &clocks->at[i];

			if (d->state == DEADLINE_RUNNING && request_clock_is(d, word) &&
			    !d->is_held)
				return d->late_after_on;
		}
	}
	return DAY_NONE;
}

/* Time brings it about, and nobody tells of it. */
static bool is_by_time(const struct request_move *row)
{
	return row->event != REQUEST_EVENT_COUNT && request_event_info(row->event)->is_timed;
}

/*
 * The challenge that arrived on the very day with which its right opened, and waited for its end.
 * What is recorded between the two may be of any day, so the whole ledger is looked through.
 */
static const struct request_move *waiting(const struct request *r, struct request_asking *asking)
{
	const struct ledger_entry *entry = r->ledger.at;
	const struct request_move *row = NULL, *last;
	size_t n = r->ledger.count;
	struct request_act act;

	last = n ? request_move_of(&entry[n - 1]) : NULL;
	if (!last || !is_by_time(last) || !opens_right(last->event))
		return NULL;
	shape_clear(&request_act_shape, &act);
	act.on = entry[n - 1].on;
	asking->act = &act;
	for (size_t i = n - 1; !row && i-- > 0;) {
		enum request_event event;

		if (day_cmp(entry[i].on, act.on) == 0 &&
		    request_event_parse(entry[i].event, &event) == 0 && is_challenge(event) &&
		    str_eq(entry[i].state_from, entry[i].state_to))
			row = request_move_for(asking, event);
		if (row && row->to == REQUEST_SAME)
			row = NULL; /* a late one, kept */
	}
	asking->act = NULL;
	return row;
}

const struct request_move *request_time_next(const struct request *r, struct day *ret_on)
{
	const struct request_move *next, *row;
	struct request_asking asking;

	request_ask(r, &asking);
	next = waiting(r, &asking);
	if (next) {
		*ret_on = r->state_on;
		return next;
	}
	for (size_t i = 0; (row = request_move_at(i)); i++) {
		struct day last;

		if (!is_by_time(row) || request_move_for(&asking, row->event) != row)
			continue;
		last = last_of(row, &asking.clocks);
		if (day_is_none(last) || (next && day_cmp(last, *ret_on) >= 0))
			continue;
		next = row;
		*ret_on = last;
	}
	return next;
}

bool request_pass(struct request *r, const struct request_until *until, struct arena *a,
		  struct request_act *ret_act)
{
	struct day on;
	const struct request_move *row = request_time_next(r, &on);

	if (!row || !is_before(row->event, on, until))
		return false;
	shape_clear(&request_act_shape, ret_act);
	ret_act->event = str_of(request_event_info(row->event)->name);
	ret_act->on = on;
	if (request_take(r, row, ret_act, a) < 0)
		return false;
	request_ledger_last(r)->is_by_time = (struct shape_flag){true, true};
	return true;
}

static void flag_unset(struct request *r, struct str flag, struct arena *a)
{
	struct str *kept = ARENA_ARRAY(a, r->flags.count + 1, struct str);
	size_t n = 0;

	for (size_t i = 0; kept && i < r->flags.count; i++) {
		if (!str_eq(r->flags.at[i], flag))
			kept[n++] = r->flags.at[i];
	}
	if (kept)
		r->flags = (struct shape_words){kept, n};
}

static const char *model_of(struct str state)
{
	enum request_state s;

	return request_state_parse(state, &s) < 0 ? "" : request_state_info(s)->model;
}

void request_date(struct request *r)
{
	const struct ledger_entry *entry = r->ledger.at;

	for (size_t i = 0; i < r->ledger.count; i++) {
		bool is_first = str_is_null(entry[i].state_from);

		if (is_first || !str_eq(entry[i].state_from, entry[i].state_to))
			r->state_on = entry[i].on;
		if (is_first ||
		    strcmp(model_of(entry[i].state_from), model_of(entry[i].state_to)) != 0)
			r->model_state_on = entry[i].on;
		r->effective_on = entry[i].on;
		r->level = entry[i].level_to;
	}
}

/* A direction that lifted the bar is its end; an exemption that was there before it is none. */
static bool was_lifted(const struct request *r)
{
	const struct ledger_entry *entry = r->ledger.at;

	for (size_t i = 0; i < r->ledger.count; i++) {
		if (str_eq(entry[i].event, STR("BAR_LIFTED")))
			return true;
	}
	return false;
}

/* The last entry of the ledger was a move by time: as it found the request. */
static void take_back(struct request *r, const struct request_move *row, struct arena *a)
{
	const struct ledger_entry *last = (struct ledger_entry *)r->ledger.at + r->ledger.count - 1;
	enum request_state was;
	bool bars =
		request_state_parse(last->state_from, &was) == 0 && request_state_info(was)->bars;

	if (bars && !was_lifted(r) && day_cmp(r->bar_to, last->on) == 0)
		r->bar_to = DAY_NONE;
	if (*row->flag)
		flag_unset(r, str_of(row->flag), a);
	r->state = last->state_from;
	r->ledger.count--;
	request_date(r);
}

size_t request_rewind(struct request *r, const struct request_until *until, struct arena *a)
{
	size_t n = 0;

	while (r->ledger.count) {
		const struct ledger_entry *last =
			(struct ledger_entry *)r->ledger.at + r->ledger.count - 1;
		const struct request_move *row = request_move_of(last);

		if (!row || !(is_by_time(row) || last->is_by_time.value) ||
		    is_before(row->event, last->on, until))
			break;
		take_back(r, row, a);
		n++;
	}
	if (n)
		r->allowed = request_allowed(r, a);
	return n;
}

static bool is_between_readings(const struct request_clocks *clocks, struct day on)
{
	for (size_t i = clocks->count; i > 0; i--) {
		const struct deadline *d = &clocks->at[i - 1];

		if (request_clock_is_challenge(d) || request_clock_is(d, STR("K21")))
			return day_cmp(on, d->due_on) > 0 && day_cmp(on, d->late_after_on) <= 0;
	}
	return false;
}

static bool has_waited_long(const struct request *r, const struct request_clocks *clocks,
			    struct day on)
{
	for (size_t i = clocks->count; i > 0; i--) {
		struct day due, late;

		if (!request_clock_is(&clocks->at[i - 1], STR("K19")))
			continue;
		return request_clock_least(r, CLOCK_K21, clocks->at[i - 1].due_on, &due, &late) ==
			       0 &&
		       day_cmp(on, day_later(due, late)) > 0;
	}
	return false;
}

bool request_time_is_late_on_one_reading(const struct request *r, enum request_event event,
					 struct day on)
{
	struct request_clocks clocks;

	if (!is_challenge(event))
		return false;
	request_clocks(r, &clocks);
	return is_between_readings(&clocks, on) ||
	       (event == REQUEST_EVENT_NO_CONTRACT_APPEAL_LODGED &&
		has_waited_long(r, &clocks, on));
}
