/*
 * What a correction changes, for whoever is about to make it: dates, and entries of the ledger.
 *
 * Deadlines are paired by clock and by how many of that clock began before; entries by id, and
 * what time made by what it says.
 */
#include "libassets/base/member.h"
#include "request_clock.h"
#include "request_correct.h"

/* The n-th of that clock; NULL: there are fewer. */
static const struct deadline *nth(const struct request_clocks *c, const struct clock_rule *clock,
				  size_t n)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->at[i].clock == clock && n-- == 0)
			return &c->at[i];
	}
	return NULL;
}

/* How many of its clock stand before the i-th. */
static size_t rank(const struct request_clocks *c, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		n += c->at[k].clock == c->at[i].clock;
	return n;
}

static bool is_same_deadline(const struct deadline *a, const struct deadline *b)
{
	return day_cmp(a->starts_on, b->starts_on) == 0 && day_cmp(a->due_on, b->due_on) == 0 &&
	       day_cmp(a->late_after_on, b->late_after_on) == 0 && a->state == b->state;
}

static void begin_item(struct buf *out)
{
	if (buf_view(out).at[buf_view(out).len - 1] != '[')
		buf_char(out, ',');
	buf_char(out, '{');
}

/* was, is: one of them may be NULL. */
static void tell_move(const struct deadline *was, const struct deadline *is, struct buf *out)
{
	const struct clock_rule *clock = is ? is->clock : was->clock;

	begin_item(out);
	member_text(out, "clock", str_of(clock->id));
	member_text(out, "name", str_of(clock->name));
	if (was) {
		member_day(out, "was_starts_on", was->starts_on);
		member_day(out, "was_due_on", was->due_on);
		member_day(out, "was_late_after_on", was->late_after_on);
		member_text(out, "was_state", str_of(deadline_state_name(was->state)));
	}
	if (is) {
		member_day(out, "starts_on", is->starts_on);
		member_day(out, "due_on", is->due_on);
		member_day(out, "late_after_on", is->late_after_on);
		member_text(out, "state", str_of(deadline_state_name(is->state)));
	}
	buf_char(out, '}');
}

static void tell_moves(const struct request *before, const struct request *after, struct buf *out)
{
	static const struct request_clocks none;
	struct request_clocks was = none, is = none;

	request_clocks(before, &was);
	request_clocks(after, &is);
	for (size_t i = 0; i < was.count; i++) {
		if (!nth(&is, was.at[i].clock, rank(&was, i)))
			tell_move(&was.at[i], NULL, out);
	}
	for (size_t i = 0; i < is.count; i++) {
		const struct deadline *old = nth(&was, is.at[i].clock, rank(&is, i));

		if (!old || !is_same_deadline(old, &is.at[i]))
			tell_move(old, &is.at[i], out);
	}
}

/* The entry of a ledger that another stands for: by its id, or, made by time, by what it says. */
static const struct ledger_entry *twin(struct shape_list ledger, const struct ledger_entry *of)
{
	const struct ledger_entry *at = ledger.at;

	for (size_t i = 0; i < ledger.count; i++) {
		if (of->is_by_time.value
			    ? at[i].is_by_time.value && request_correct_is_same(&at[i], of)
			    : !str_is_null(at[i].id) && str_eq(at[i].id, of->id))
			return &at[i];
	}
	return NULL;
}

static void tell_entry(const char *what, const struct ledger_entry *was,
		       const struct ledger_entry *is, struct buf *out)
{
	begin_item(out);
	member_text(out, "what", str_of(what));
	if (was) {
		member_text(out, "was_event", was->event);
		member_day(out, "was_on", was->on);
	}
	if (is) {
		member_text(out, "event", is->event);
		member_day(out, "on", is->on);
	}
	buf_char(out, '}');
}

static void tell_entries(const struct correction *c, const struct request *now, struct buf *out)
{
	const struct ledger_entry *old = c->now->ledger.at, *entry = now->ledger.at;

	for (size_t i = 0; i < c->now->ledger.count; i++) {
		const struct ledger_entry *is = twin(now->ledger, &old[i]);

		if (i == c->target)
			tell_entry(is ? "CORRECTED" : "STRUCK_OUT", &old[i], is, out);
		else if (!is)
			tell_entry("GONE", &old[i], NULL, out);
		else if (!request_correct_is_same(&old[i], is))
			tell_entry("MADE_ANEW", &old[i], is, out);
	}
	for (size_t i = 0; i < now->ledger.count; i++) {
		if (entry[i].is_by_time.value && !twin(c->now->ledger, &entry[i]))
			tell_entry("MADE_ANEW", NULL, &entry[i], out);
	}
}

static void tell_word(const char *name, struct str was, struct str is, struct buf *out)
{
	member_begin(out, name);
	buf_char(out, '{');
	member_text(out, "was", was);
	member_text(out, "is", is);
	buf_char(out, '}');
}

void request_correct_tell(const struct correction *c, const struct request *now, struct buf *out)
{
	tell_word("state", c->now->state, now->state, out);
	tell_word("level", c->now->level, now->level, out);
	member_begin(out, "moves");
	buf_char(out, '[');
	tell_moves(c->now, now, out);
	buf_char(out, ']');
	member_begin(out, "entries");
	buf_char(out, '[');
	tell_entries(c, now, out);
	buf_char(out, ']');
}
