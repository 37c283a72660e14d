/*
 * Every running clock has at most two moments at which something is told of it. The first of all
 * that were not told yet is looked for each time anew: a request has a handful of clocks.
 *
 * A moment is a day, whose first minute it is: what approaches does so on that day, what was
 * missed, and what time moves, on the day after its last.
 */
#include "request_remind.h"

#include "libassets/base/member.h"
#include "request_clock.h"

/* A reminder that is to be told at a moment. */
struct candidate {
	const struct deadline *deadline;
	struct day moment;
	bool is_missed;
};

static struct str word_of(bool is_missed)
{
	return is_missed ? STR("MISSED") : STR("APPROACHING");
}

static bool is_told(const struct request *r, const struct deadline *d, bool is_missed)
{
	const struct reminder *told = r->reminders.at;

	for (size_t i = 0; i < r->reminders.count; i++) {
		if (str_eq(told[i].clock, str_of(d->clock->id)) &&
		    str_eq(told[i].what, word_of(is_missed)) &&
		    day_cmp(told[i].starts_on, d->starts_on) == 0 &&
		    day_cmp(told[i].due_on, d->due_on) == 0)
			return true;
	}
	return false;
}

/* Of what was known only after its last day nobody says that it approaches. */
static struct day approach(const struct deadline *d, int days_ahead)
{
	struct day on = day_later(day_add(d->due_on, -days_ahead), d->known_on);

	return day_cmp(on, d->due_on) <= 0 ? on : DAY_NONE;
}

static bool is_duty(const struct deadline *d)
{
	return d->clock->whose == CLOCK_OF_AUTHORITY;
}

static void consider(const struct request *r, const struct candidate *it, struct candidate *best)
{
	if (day_is_none(it->moment) || is_told(r, it->deadline, it->is_missed))
		return;
	if (!best->deadline || day_cmp(it->moment, best->moment) < 0)
		*best = *it;
}

/* The first one that was not told; without a deadline when there is none. */
static struct candidate first(const struct request *r, const struct request_clocks *clocks,
			      int days_ahead)
{
	struct candidate best = {NULL, DAY_NONE, false};

	if (r->reminders.count >= REMINDERS_MAX)
		return best;
	for (size_t i = 0; i < clocks->count; i++) {
		const struct deadline *d = &clocks->at[i];
		const struct candidate early = {d, approach(d, days_ahead), false};
		const struct candidate late = {d, day_add(d->due_on, 1), true};

		if (d->state != DEADLINE_RUNNING || d->is_held)
			continue;
		consider(r, &early, &best);
		if (is_duty(d))
			consider(r, &late, &best);
	}
	return best;
}

static bool has_come(const struct candidate *it, const struct request_until *u)
{
	if (it->is_missed)
		return request_until_is_over(u, it->deadline->due_on,
					     it->deadline->clock->expiry ==
						     CLOCK_EXPIRY_NO_DECISION);
	return day_cmp(it->moment, u->on) <= 0 && day_cmp(it->moment, u->today) <= 0;
}

static bool add(struct request *r, const struct candidate *it, struct arena *a)
{
	size_t n = r->reminders.count;
	struct reminder *made = ARENA_ARRAY(a, n + 1, struct reminder);

	if (!made)
		return false;
	if (n)
		memcpy(made, r->reminders.at, n * sizeof(*made));
	made[n] = (struct reminder){
		.clock = str_of(it->deadline->clock->id),
		.starts_on = it->deadline->starts_on,
		.due_on = it->deadline->due_on,
		.what = word_of(it->is_missed),
	};
	r->reminders = (struct shape_list){made, n + 1};
	return true;
}

bool request_remind(struct request *r, const struct request_until *until, int days_ahead,
		    struct arena *a, struct request_reminder *ret)
{
	struct request_clocks clocks;
	struct deadline *kept = ARENA_NEW(a, struct deadline);
	struct day last;
	struct candidate it;

	request_clocks(r, &clocks);
	it = first(r, &clocks, days_ahead);
	if (!kept || !it.deadline || !has_come(&it, until))
		return false;
	if (request_time_next(r, &last) && day_cmp(day_add(last, 1), it.moment) < 0)
		return false;
	*kept = *it.deadline;
	if (!add(r, &it, a))
		return false;
	*ret = (struct request_reminder){
		.deadline = kept,
		.is_missed = it.is_missed,
		.on = it.is_missed ? kept->due_on : it.moment,
	};
	return true;
}

struct day request_look_on(const struct request *r, int days_ahead)
{
	struct request_clocks clocks;
	struct candidate it;
	struct day last;

	request_clocks(r, &clocks);
	it = first(r, &clocks, days_ahead);
	if (!request_time_next(r, &last))
		return it.moment;
	last = day_add(last, 1);
	return it.deadline && day_cmp(it.moment, last) < 0 ? it.moment : last;
}

void request_reminder_encode(const struct request_reminder *m, struct buf *out)
{
	const struct deadline *d = m->deadline;

	buf_char(out, '{');
	member_text(out, "clock", str_of(d->clock->id));
	member_text(out, "name", str_of(d->clock->name));
	member_text(out, "whose", str_of(clock_whose_name(d->clock->whose)));
	member_day(out, "on", m->on);
	member_day(out, "starts_on", d->starts_on);
	member_day(out, "due_on", d->due_on);
	member_day(out, "late_after_on", d->late_after_on);
	buf_char(out, '}');
}
