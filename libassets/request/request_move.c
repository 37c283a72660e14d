/*
 * The rows of request.def with their guards: pure questions to the request as it stands and to
 * the act, each with the name that stands in the table. A guard chooses between rows; what
 * else an act must fulfil the row names, and request_must.h says with an error that tells why.
 *
 * Without an act (what is allowed next?) a guard answers whether some act would do.
 */
#include "request_move.h"

#include "request_item.h"

/* --- What stands in the ledger ----------------------------------------------------------- */

static const struct deadline *running(const struct request_asking *a, const char *id)
{
	return request_clock_running(&a->clocks, id);
}

struct str request_came_from(const struct request *r, enum request_state now)
{
	const struct ledger_entry *entry = r->ledger.at;
	struct str name = str_of(request_state_info(now)->name);

	for (size_t i = r->ledger.count; i > 0; i--) {
		if (str_eq(entry[i - 1].state_to, name) && !str_eq(entry[i - 1].state_from, name))
			return entry[i - 1].state_from;
	}
	return (struct str){NULL, 0};
}

static bool was(const struct request_asking *a, enum request_state now, const char *state)
{
	return str_eq(request_came_from(a->r, now), str_of(state));
}

static bool is_said(const struct request_asking *a, struct str said, const char *word)
{
	return !a->act || str_eq(said, str_of(word));
}

#define OUTCOME(a, word) is_said(a, (a)->act ? (a)->act->outcome : (struct str){NULL, 0}, word)
#define DECISION(a, word) is_said(a, (a)->act ? (a)->act->decision : (struct str){NULL, 0}, word)

/* --- Guards, in the order of request.def ------------------------------------------------- */

static bool always(const struct request_asking *a)
{
	(void)a;
	return true;
}

/* What reg 4(2) wants to be there before anything can be called missing. */
static bool has_least(const struct request *r)
{
	static const char *const least[] = {"NAME", "ADDRESS", "PART5"};

	for (size_t i = 0; i < COUNT(least); i++) {
		const struct item *item = request_item_of(r, str_of(least[i]));

		if (!item || day_is_none(item->received_on))
			return false;
	}
	return true;
}

static bool least_is_in(const struct request_asking *a)
{
	return has_least(a->r);
}

static bool least_is_out(const struct request_asking *a)
{
	return !has_least(a->r);
}

static bool unacknowledged(const struct request_asking *a)
{
	return day_is_none(a->r->acknowledged_on);
}

static bool was_represented(const struct request_asking *a)
{
	const struct ledger_entry *entry = a->r->ledger.at;

	for (size_t i = 0; i < a->r->ledger.count; i++) {
		if (str_eq(entry[i].event, STR("REPRESENTATION_RECEIVED")) &&
		    !entry[i].is_set_aside.value)
			return true;
	}
	return false;
}

static bool was_not_represented(const struct request_asking *a)
{
	return !was_represented(a);
}

static bool copies_sent(const struct request_asking *a)
{
	return running(a, "K5");
}

static bool copies_not_sent(const struct request_asking *a)
{
	return !running(a, "K5");
}

/* One that was there by the closing date is not late because it was recorded later. */
static bool window_is_over(const struct request_asking *a)
{
	const struct deadline *window = NULL;

	for (size_t i = 0; i < a->clocks.count; i++) {
		if (request_clock_is(&a->clocks.at[i], STR("K4")))
			window = &a->clocks.at[i];
	}
	return a->act && window && day_cmp(a->act->on, window->late_after_on) > 0;
}

static bool level_is_first(const struct request_asking *a)
{
	return a->level == REQUEST_FIRST;
}

static bool level_is_review(const struct request_asking *a)
{
	return a->level == REQUEST_REVIEW;
}

static bool route_is(const struct request_asking *a, const char *route)
{
	return str_eq(a->r->route, str_of(route));
}

static bool route_is_council(const struct request_asking *a)
{
	return request_route_is_council(a->r->route);
}

static bool route_is_ministers(const struct request_asking *a)
{
	return route_is(a, "MINISTERS_REVIEW");
}

static bool route_is_not_ministers(const struct request_asking *a)
{
	return !route_is_ministers(a);
}

/*
 * Is the act in time for that clock? Between the two readings of working days an officer has
 * to accept it, with a reason (statute 17.1).
 */
static bool is_in_time(const struct deadline *d, const struct request_act *act)
{
	if (!d)
		return false;
	if (!act || day_cmp(act->on, d->due_on) <= 0)
		return true;
	return day_cmp(act->on, d->late_after_on) <= 0 && !str_is_null(act->override_reason);
}

/*
 * The right was there, and the day has passed for this act, whether the right lapsed or was given
 * up by an offer or a withdrawal before. One that was made in time, but stands behind a late one
 * that an officer recorded before it, is not late: that one is to be corrected.
 */
static bool is_late(const struct request_asking *a, const char *ids)
{
	const struct deadline *last = NULL;

	for (size_t i = 0; i < a->clocks.count; i++) {
		if (shape_is_word(str_of(a->clocks.at[i].clock->id), ids))
			last = &a->clocks.at[i];
	}
	if (!a->act || !last || last->state == DEADLINE_MET)
		return false;
	if (last->state == DEADLINE_RUNNING)
		return !is_in_time(last, a->act);
	return day_cmp(a->act->on,
		       last->state == DEADLINE_MISSED ? last->due_on : last->late_after_on) > 0;
}

static bool may_be_reviewed(const struct request_asking *a)
{
	return level_is_first(a) && !route_is(a, "MINISTERS_APPEAL") &&
	       is_in_time(running(a, "CH"), a->act);
}

static bool may_be_appealed(const struct request_asking *a)
{
	return (level_is_review(a) || (level_is_first(a) && route_is(a, "MINISTERS_APPEAL"))) &&
	       is_in_time(running(a, "CH"), a->act);
}

static bool review_is_late(const struct request_asking *a)
{
	return is_late(a, "K8 K9 K10");
}

static bool appeal_is_late(const struct request_asking *a)
{
	return is_late(a, "K11 K12 K13");
}

static bool challenge_is_over(const struct request_asking *a)
{
	return !running(a, "CH");
}

/* A decision on review, whichever body gives it. */
static bool confirms_refusal(const struct request_asking *a)
{
	return OUTCOME(a, "CONFIRM") && (was(a, REQUEST_UNDER_REVIEW, "REFUSED"));
}

static bool confirms_terms(const struct request_asking *a)
{
	return OUTCOME(a, "CONFIRM") && was(a, REQUEST_UNDER_REVIEW, "AGREED");
}

static bool is_changed(const struct request_asking *a)
{
	return OUTCOME(a, "MODIFY") || OUTCOME(a, "SUBSTITUTE");
}

static bool answers_yes(const struct request_asking *a)
{
	return is_changed(a) && DECISION(a, "AGREE");
}

static bool answers_no(const struct request_asking *a)
{
	return is_changed(a) && DECISION(a, "REFUSE");
}

static bool council_confirms_refusal(const struct request_asking *a)
{
	return route_is_council(a) && confirms_refusal(a);
}

static bool council_confirms_terms(const struct request_asking *a)
{
	return route_is_council(a) && confirms_terms(a);
}

static bool council_agrees(const struct request_asking *a)
{
	return route_is_council(a) && answers_yes(a);
}

static bool council_refuses(const struct request_asking *a)
{
	return route_is_council(a) && answers_no(a);
}

static bool late_review_confirms_refusal(const struct request_asking *a)
{
	return level_is_review(a) && confirms_refusal(a);
}

static bool late_review_confirms_terms(const struct request_asking *a)
{
	return level_is_review(a) && confirms_terms(a);
}

static bool late_review_agrees(const struct request_asking *a)
{
	return level_is_review(a) && answers_yes(a);
}

static bool late_review_refuses(const struct request_asking *a)
{
	return level_is_review(a) && answers_no(a);
}

static bool ministers_refuse(const struct request_asking *a)
{
	return route_is_ministers(a) && (confirms_refusal(a) || answers_no(a));
}

static bool ministers_agree(const struct request_asking *a)
{
	return route_is_ministers(a) && (confirms_terms(a) || answers_yes(a));
}

static bool appeal_is_allowed(const struct request_asking *a)
{
	return OUTCOME(a, "ALLOW");
}

static bool terms_stand(const struct request_asking *a)
{
	return OUTCOME(a, "DISMISS") && was(a, REQUEST_UNDER_APPEAL, "AGREED");
}

static bool refusal_stands(const struct request_asking *a)
{
	return OUTCOME(a, "DISMISS") && !was(a, REQUEST_UNDER_APPEAL, "AGREED");
}

static bool direction_is_pending(const struct request_asking *a)
{
	const struct deadline *k19 = running(a, "K19");

	return k19 && k19->is_held;
}

static bool may_ask_direction(const struct request_asking *a)
{
	const struct deadline *k19 = running(a, "K19");

	return k19 && !k19->is_held && route_is_not_ministers(a) && is_in_time(k19, a->act);
}

static bool refused_with_days_left(const struct request_asking *a)
{
	return direction_is_pending(a) && is_in_time(running(a, "K19"), a->act);
}

static bool refused_at_the_end(const struct request_asking *a)
{
	return direction_is_pending(a) && a->act && !is_in_time(running(a, "K19"), a->act);
}

static bool contract_appeal_in_time(const struct request_asking *a)
{
	return is_in_time(running(a, "K21"), a->act);
}

static bool contract_appeal_is_late(const struct request_asking *a)
{
	return is_late(a, "K21");
}

/* The last day of that clock is the act's own: what its silence opens, opens that day. */
static bool ends_that_day(const struct request_asking *a, const char *clock)
{
	const struct deadline *d = running(a, clock);

	return a->act && d && !d->is_held && day_cmp(d->due_on, a->act->on) == 0;
}

static bool decision_ends_that_day(const struct request_asking *a)
{
	return ends_that_day(a, "K6") || ends_that_day(a, "K7");
}

static bool review_on_last_day(const struct request_asking *a)
{
	return !route_is(a, "MINISTERS_APPEAL") && decision_ends_that_day(a);
}

static bool appeal_on_last_day(const struct request_asking *a)
{
	return route_is(a, "MINISTERS_APPEAL") && decision_ends_that_day(a);
}

static bool review_ends_that_day(const struct request_asking *a)
{
	return route_is_council(a) && ends_that_day(a, "K14");
}

static bool contract_ends_that_day(const struct request_asking *a)
{
	return route_is_not_ministers(a) && ends_that_day(a, "K19");
}

static bool direction_is_late(const struct request_asking *a)
{
	return route_is_not_ministers(a) && !running(a, "K19") && is_late(a, "K19");
}

static bool contract_appeal_is_allowed(const struct request_asking *a)
{
	return OUTCOME(a, "ALLOW");
}

static bool contract_appeal_is_dismissed(const struct request_asking *a)
{
	return OUTCOME(a, "DISMISS");
}

static bool bar_runs(const struct request_asking *a)
{
	return request_is_barring(a->r);
}

/* --- The table --------------------------------------------------------------------------- */

#define REQUEST_LEVEL_SAME REQUEST_SAME_LEVEL
#define REQUEST_LEVEL_FIRST REQUEST_FIRST
#define REQUEST_LEVEL_REVIEW REQUEST_REVIEW
#define REQUEST_LEVEL_LAST REQUEST_LAST

static const struct request_move move_table[] = {
#define BEGIN(row, state, clocks, produces, citation, mark)                                        \
	{#row,                                                                                     \
	 "-",                                                                                      \
	 REQUEST_EVENT_COUNT,                                                                      \
	 REQUEST_##state,                                                                          \
	 REQUEST_FIRST,                                                                            \
	 always,                                                                                   \
	 "always",                                                                                 \
	 "",                                                                                       \
	 "",                                                                                       \
	 clocks,                                                                                   \
	 produces,                                                                                 \
	 citation,                                                                                 \
	 mark},
#define MOVE(row, from, event, to, level, guard, must, flag, clocks, produces, citation, mark)     \
	{#row,                                                                                     \
	 from,                                                                                     \
	 REQUEST_EVENT_##event,                                                                    \
	 REQUEST_##to,                                                                             \
	 REQUEST_LEVEL_##level,                                                                    \
	 guard,                                                                                    \
	 #guard,                                                                                   \
	 must,                                                                                     \
	 flag,                                                                                     \
	 clocks,                                                                                   \
	 produces,                                                                                 \
	 citation,                                                                                 \
	 mark},
#include "request.def"
#undef MOVE
};

const struct request_move *request_move_at(size_t n)
{
	return n < COUNT(move_table) ? &move_table[n] : NULL;
}

static bool is_from(const struct request_move *row, enum request_state state)
{
	const struct request_state_info *info = request_state_info(state);

	if (strcmp(row->from, "*") == 0)
		return true;
	if (strcmp(row->from, "*OPEN") == 0)
		return info->is_open;
	return shape_is_word(str_of(info->name), row->from);
}

void request_ask(const struct request *r, struct request_asking *ret_asking)
{
	ret_asking->r = r;
	ret_asking->act = NULL;
	ret_asking->state = REQUEST_STATE_COUNT;
	if (request_state_parse(r->state, &ret_asking->state) < 0)
		ret_asking->state = REQUEST_STATE_COUNT;
	ret_asking->level = request_level_parse(r->level);
	request_clocks(r, &ret_asking->clocks);
}

const struct request_move *request_move_for(const struct request_asking *a,
					    enum request_event event)
{
	for (size_t i = 0; a->state < REQUEST_STATE_COUNT && i < COUNT(move_table); i++) {
		const struct request_move *row = &move_table[i];

		if (row->event == event && is_from(row, a->state) && row->guard(a))
			return row;
	}
	return NULL;
}

static bool is_row_of(const struct request_move *row, const struct ledger_entry *e,
		      enum request_state from, enum request_event event)
{
	bool is_same = str_eq(e->state_from, e->state_to);

	if (row->event != event || !is_from(row, from))
		return false;
	if (row->to == REQUEST_SAME
		    ? !is_same
		    : !str_eq(e->state_to, str_of(request_state_info(row->to)->name)))
		return false;
	return row->level == REQUEST_SAME_LEVEL || row->level == request_level_parse(e->level_to);
}

const struct request_move *request_move_of(const struct ledger_entry *entry)
{
	enum request_state from, to;
	enum request_event event;
	bool is_begin = str_is_null(entry->state_from);

	if (request_state_parse(is_begin ? entry->event : entry->state_from, &from) < 0 ||
	    (!is_begin && request_event_parse(entry->event, &event) < 0) ||
	    request_state_parse(entry->state_to, &to) < 0)
		return NULL;
	for (size_t i = 0; i < COUNT(move_table); i++) {
		const struct request_move *row = &move_table[i];

		if (is_begin ? strcmp(row->from, "-") == 0 && row->to == from
			     : is_row_of(row, entry, from, event))
			return row;
	}
	return NULL;
}

bool request_event_is_decision(enum request_event event)
{
	const struct request_move *move;

	for (size_t n = 0; (move = request_move_at(n)); n++) {
		if (move->from[0] != '-' && move->event == event &&
		    shape_is_word(STR("second_person_approves"), move->must))
			return true;
	}
	return false;
}

struct shape_words request_allowed(const struct request *r, struct arena *a)
{
	struct shape_words words = {ARENA_ARRAY(a, REQUEST_EVENT_COUNT, struct str), 0};
	struct request_asking ask;

	request_ask(r, &ask);
	for (int e = 0; words.at && e < REQUEST_EVENT_COUNT; e++) {
		const struct request_event_info *info = request_event_info((enum request_event)e);

		if (!info->is_timed && request_move_for(&ask, (enum request_event)e))
			words.at[words.count++] = str_of(info->name);
	}
	return words;
}
