/*
 * Clocks that start, move, wait and end. A new clock is a row of clock.def; one in a new unit needs
 * a case in period.c. The sentences on how a day was found are deadline_how.c's.
 */
#include "deadline.h"

#include "deadline_how.h"
#include "libassets/base/member.h"
#include "libassets/clock/clock_setting.h"

static const char *const state_name[] = {
	[DEADLINE_RUNNING] = "RUNNING",
	[DEADLINE_MET] = "MET",
	[DEADLINE_MISSED] = "MISSED",
	[DEADLINE_STOPPED] = "STOPPED",
};

/* By fixed days, which know every year, where the calendar does not reach. */
static int last_day(const struct deadline *d, struct calendar *cal, struct day *ret_last)
{
	const struct period *p = &d->period;
	int r = period_last(p, cal, d->starts_on, ret_last);

	if (r == 0 || p->unit != PERIOD_WORKING_DAYS)
		return r;
	cal->id = CALENDAR_FIXED_DAYS;
	return period_last(p, cal, d->starts_on, ret_last);
}

/* The later reading, where nobody knows which one the law means and a right hangs on it. */
static struct day late_after(const struct deadline *d)
{
	const struct clock_rule *rule = d->clock;
	struct calendar other = calendar_other(d->calendars, d->instrument);
	struct day last;

	if (rule->period.unit != PERIOD_WORKING_DAYS || !clock_is_right(rule) ||
	    *instrument_info(d->instrument)->confidence == 'C' || last_day(d, &other, &last) < 0)
		return d->due_on;
	return day_later(d->due_on, last);
}

static int begin(struct deadline *d, struct day stated)
{
	struct calendar cal = calendar_of(d->calendars, d->instrument);
	int r;

	if (d->period.unit != PERIOD_WORKING_DAYS)
		cal.id = CALENDAR_CALENDAR_DAYS;
	d->is_stated = !day_is_none(stated);
	if (d->is_stated) {
		d->due_on = d->late_after_on = stated;
		d->calendar = cal.id;
		return 0;
	}
	r = last_day(d, &cal, &d->due_on);
	if (r < 0)
		return r;
	d->calendar = cal.id;
	d->late_after_on = late_after(d);
	d->is_provisional = calendar_is_provisional(&cal, d->due_on);
	return 0;
}

/* K16 runs in reviews and in appeals, and each of the two has regulations of its own. */
static enum instrument instrument_of(const struct deadlines *d, enum clock_id clock)
{
	if (clock == CLOCK_K16 && d->is_appeal)
		return INSTRUMENT_SSI_2016_359;
	return clock_rule(clock)->instrument;
}

void deadline_start(struct deadlines *d, enum clock_id clock, struct day on, struct day stated)
{
	const struct clock_rule *rule = clock_rule(clock);
	struct deadline made = {.clock = rule,
				.instrument = instrument_of(d, clock),
				.period = clock_period(d->calendars, clock, on),
				.calendars = d->calendars,
				.starts_on = on,
				.known_on = day_later(on, d->known_on)};

	if (rule->whose == CLOCK_OF_NOBODY || d->count >= DEADLINES_MAX || begin(&made, stated) < 0)
		return;
	d->at[d->count++] = made;
}

/* The running one of a clock; the newest, should there be two. NULL without one. */
static struct deadline *running(struct deadlines *d, enum clock_id clock)
{
	for (size_t i = d->count; i-- > 0;) {
		if (d->at[i].clock == clock_rule(clock) && d->at[i].state == DEADLINE_RUNNING)
			return &d->at[i];
	}
	return NULL;
}

void deadline_end(struct deadlines *d, enum clock_id clock, struct str event, struct day on)
{
	struct deadline *it = running(d, clock);
	bool is_met;

	if (!it)
		return;
	is_met = shape_is_word(event, it->clock->met_by);
	it->is_held = false;
	if (str_is_null(event))
		it->state = DEADLINE_MISSED;
	else if (day_cmp(on, it->late_after_on) > 0 && (is_met || clock_is_alarm(it->clock)))
		it->state = DEADLINE_MISSED;
	else
		it->state = is_met ? DEADLINE_MET : DEADLINE_STOPPED;
}

void deadline_move(struct deadlines *d, enum clock_id clock, struct day on, struct day due_on)
{
	struct deadline *it = running(d, clock);

	if (!it)
		return;
	it->due_on = it->late_after_on = due_on;
	it->known_on = day_later(on, d->known_on);
	it->is_provisional = false;
	if (it->moves < DEADLINE_MOVES_MAX)
		it->moves++;
	it->move[it->moves - 1] = (struct deadline_move){on, due_on};
}

void deadline_hold(struct deadlines *d, enum clock_id clock, bool is_held)
{
	struct deadline *it = running(d, clock);

	if (it)
		it->is_held = is_held;
}

const char *deadline_state_name(enum deadline_state state)
{
	return state_name[state];
}

/* By what the day was found: what statute 6.2 wants kept with every date that is worked out. */
static void add_rule(const struct deadline *d, struct buf *out)
{
	member_begin(out, "length");
	buf_fmt(out, "%d", d->period.length);
	member_text(out, "unit", str_of(period_unit_name(d->period.unit)));
	member_text(out, "mode", str_of(period_mode_name(d->period.mode)));
	member_text(out, "calendar", str_of(calendar_name(d->calendar)));
	member_begin(out, "calendar_version");
	if (d->calendars->version)
		buf_fmt(out, "%lld", (long long)d->calendars->version);
	else
		buf_str(out, STR("null"));
}

void deadline_encode(const struct deadline *d, struct buf *out)
{
	buf_char(out, '{');
	member_text(out, "clock", str_of(d->clock->id));
	member_text(out, "name", str_of(d->clock->name));
	member_day(out, "starts_on", d->starts_on);
	member_day(out, "due_on", d->due_on);
	member_day(out, "late_after_on", d->late_after_on);
	member_day(out, "known_on", d->known_on);
	member_text(out, "confidence", str_of(d->clock->confidence));
	member_text(out, "state", str_of(state_name[d->state]));
	member_text(out, "whose", str_of(clock_whose_name(d->clock->whose)));
	member_flag(out, "held", d->is_held);
	member_text(out, "citation", str_of(d->clock->citation));
	add_rule(d, out);
	member_flag(out, "provisional", d->is_provisional);
	member_begin(out, "how");
	deadline_how_encode(d, out);
	member_begin(out, "skipped");
	deadline_skipped_encode(d, out);
	buf_char(out, '}');
}
