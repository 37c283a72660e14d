/*
 * Each entry of the ledger is one row of request.def; the row says what it does to clocks, in
 * a handful of verbs. A verb that is new is a row of verb_table and a function. How long a clock
 * runs and what ends it as met is clock.def's (deadline.h).
 */
#include "request_clock.h"

#include "libassets/clock/clock_setting.h"
#include "request_move.h"

static const struct {
	enum request_level level;
	const char *route;
	enum clock_id notice; /* after a decision notice */
	enum clock_id none;   /* after a decision period without one */
} challenge_table[] = {
#define CHALLENGE(level, route, notice, none)                                                      \
	{REQUEST_##level, route, CLOCK_##notice, CLOCK_##none},
#include "request_challenge.def"
#undef CHALLENGE
};

/* The clocks so far, and the entry that is read. */
struct reading {
	const struct request *r;
	const struct ledger_entry *entry;
	struct deadlines d;
};

bool request_clock_is_challenge(const struct deadline *d)
{
	for (size_t i = 0; i < COUNT(challenge_table); i++) {
		if (d->clock == clock_rule(challenge_table[i].notice) ||
		    d->clock == clock_rule(challenge_table[i].none))
			return true;
	}
	return false;
}

bool request_clock_is(const struct deadline *d, struct str id)
{
	if (str_eq(id, STR("ALL")))
		return true;
	if (str_eq(id, STR("CH")))
		return request_clock_is_challenge(d);
	return str_eq(id, str_of(d->clock->id));
}

const struct deadline *request_clock_running(const struct request_clocks *c, const char *id)
{
	for (size_t i = c->count; i > 0; i--) {
		if (c->at[i - 1].state == DEADLINE_RUNNING &&
		    request_clock_is(&c->at[i - 1], str_of(id)))
			return &c->at[i - 1];
	}
	return NULL;
}

/* What the ? behind a clock asks. */
static bool applies(const struct reading *at, struct str id)
{
	if (str_eq(id, STR("K2")))
		return at->entry->is_incomplete.value;
	if (str_eq(id, STR("K14")))
		return request_route_is_council(at->r->route);
	return at->entry->terms_differ.value; /* CH */
}

static bool challenge_of(const struct reading *at, enum clock_id *ret_id)
{
	enum request_level level = request_level_parse(at->entry->level_to);
	bool is_notice = !str_eq(at->entry->state_to, STR("NO_DECISION"));

	for (size_t i = 0; i < COUNT(challenge_table); i++) {
		if (challenge_table[i].level != level ||
		    !str_eq(at->r->route, str_of(challenge_table[i].route)))
			continue;
		*ret_id = is_notice ? challenge_table[i].notice : challenge_table[i].none;
		return true;
	}
	return false;
}

static struct day given(struct day d, struct day otherwise)
{
	return day_is_none(d) ? otherwise : d;
}

struct day request_offer_from(struct str outcome, struct day notice_on, struct day on)
{
	return str_eq(outcome, STR("ALLOW")) ? given(notice_on, on) : on;
}

static struct day start_of(const struct ledger_entry *e, enum clock_id id)
{
	if (id == CLOCK_K18)
		return request_offer_from(e->outcome, e->notice_on, e->on);
	return id == CLOCK_K7 ? given(e->agreed_on, e->on) : e->on;
}

static struct day stated_of(const struct ledger_entry *e, enum clock_id id)
{
	static const struct {
		enum clock_id id;
		size_t offset; /* of a struct day in the entry */
	} table[] = {
		{CLOCK_K4, offsetof(struct ledger_entry, representations_close_on)},
		{CLOCK_K5, offsetof(struct ledger_entry, comments_close_on)},
		{CLOCK_K7, offsetof(struct ledger_entry, until_on)},
		{CLOCK_K16, offsetof(struct ledger_entry, representations_close_on)},
		{CLOCK_K18, offsetof(struct ledger_entry, offer_by_on)},
		{CLOCK_K19, offsetof(struct ledger_entry, until_on)},
	};
	struct day d;

	for (size_t i = 0; i < COUNT(table); i++) {
		if (table[i].id != id)
			continue;
		memcpy(&d, (const char *)e + table[i].offset, sizeof(d));
		return d;
	}
	return DAY_NONE;
}

/* The oldest that has ended gives way. */
static void make_room(struct deadlines *d)
{
	size_t i = 0;

	while (i + 1 < d->count && d->at[i].state == DEADLINE_RUNNING)
		i++;
	d->count--;
	memmove(&d->at[i], &d->at[i + 1], (d->count - i) * sizeof(*d->at));
}

static void each_running(struct reading *at, struct str word, struct str event)
{
	for (size_t i = 0; i < at->d.count; i++) {
		struct deadline *it = &at->d.at[i];
		enum clock_id id;

		if (it->state == DEADLINE_RUNNING && request_clock_is(it, word) &&
		    clock_parse(str_of(it->clock->id), &id) == 0)
			deadline_end(&at->d, id, event, at->entry->on);
	}
}

static void do_stop(struct reading *at, struct str word)
{
	each_running(at, word, at->entry->event);
}

static void do_end(struct reading *at, struct str word)
{
	each_running(at, word, (struct str){NULL, 0});
}

static void do_start(struct reading *at, struct str word)
{
	enum clock_id id;

	if (word.len && word.at[word.len - 1] == '?') {
		word.len--;
		if (!applies(at, word))
			return;
	}
	if (str_eq(word, STR("CH")) ? !challenge_of(at, &id) : clock_parse(word, &id) < 0)
		return;
	do_stop(at, str_of(clock_rule(id)->id)); /* one of a kind runs */
	if (at->d.count == DEADLINES_MAX)
		make_room(&at->d);
	deadline_start(&at->d, id, start_of(at->entry, id), stated_of(at->entry, id));
	/* An acknowledgement that is told of with the validation has been sent. */
	if (id == CLOCK_K1 && !day_is_none(at->entry->acknowledged_on))
		deadline_end(&at->d, id, STR("ACKNOWLEDGED"), at->entry->acknowledged_on);
}

static void do_move(struct reading *at, struct str word)
{
	enum clock_id id;

	if (clock_parse(word, &id) == 0 && !day_is_none(stated_of(at->entry, id)))
		deadline_move(&at->d, id, given(at->entry->agreed_on, at->entry->on),
			      stated_of(at->entry, id));
}

static void hold(struct reading *at, struct str word, bool is_held)
{
	enum clock_id id;

	if (clock_parse(word, &id) == 0)
		deadline_hold(&at->d, id, is_held);
}

static void do_hold(struct reading *at, struct str word)
{
	hold(at, word, true);
}

static void do_free(struct reading *at, struct str word)
{
	hold(at, word, false);
}

static const struct {
	const char *word;
	void (*run)(struct reading *at, struct str word);
} verb_table[] = {
	{"START", do_start}, {"STOP", do_stop}, {"END", do_end},
	{"MOVE", do_move},   {"HOLD", do_hold}, {"FREE", do_free},
};

static void read_row(struct reading *at, const char *clocks)
{
	void (*run)(struct reading * at, struct str word) = do_stop;

	for (struct str rest = str_of(clocks); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);
		bool is_verb = false;

		for (size_t i = 0; i < COUNT(verb_table); i++) {
			if (!str_eq(word, str_of(verb_table[i].word)))
				continue;
			run = verb_table[i].run;
			is_verb = true;
		}
		if (!is_verb)
			run(at, word);
	}
}

/* A day that another calendar moves afterwards was missed all the same; one that an act states anew
 * was not yet. */
static bool was_told_missed(const struct request *r, const struct deadline *d)
{
	const struct reminder *told = r->reminders.at;

	for (size_t i = 0; i < r->reminders.count; i++) {
		if (str_eq(told[i].what, STR("MISSED")) &&
		    str_eq(told[i].clock, str_of(d->clock->id)) &&
		    day_cmp(told[i].starts_on, d->starts_on) == 0 &&
		    (!d->is_stated || day_cmp(told[i].due_on, d->due_on) == 0))
			return true;
	}
	return false;
}

/* No entry of the ledger says that the day of an alarm has passed: what was told of it does. */
static void read_told(const struct request *r, struct deadlines *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct deadline *it = &d->at[i];

		if (it->state == DEADLINE_RUNNING && clock_is_alarm(it->clock) &&
		    was_told_missed(r, it))
			it->state = DEADLINE_MISSED;
	}
}

void request_clocks(const struct request *r, struct request_clocks *ret_clocks)
{
	struct reading at = {
		.r = r,
		.d = {ret_clocks->at, 0, r->calendars ? r->calendars : &calendars_default, DAY_NONE,
		      false},
	};
	const struct ledger_entry *entry = r->ledger.at;

	for (size_t i = 0; i < r->ledger.count; i++) {
		const struct request_move *row = request_move_of(&entry[i]);

		if (!row)
			continue;
		at.entry = &entry[i];
		at.d.known_on = entry[i].recorded_on;
		at.d.is_appeal = str_eq(entry[i].state_to, STR("UNDER_APPEAL"));
		read_row(&at, row->clocks);
	}
	read_told(r, &at.d);
	ret_clocks->count = at.d.count;
}

int request_clock_least(const struct request *r, enum clock_id id, struct day start,
			struct day *ret_due, struct day *ret_late)
{
	const struct calendars *all = r->calendars ? r->calendars : &calendars_default;
	const struct clock_rule *rule = clock_rule(id);
	struct calendar by = calendar_of(all, rule->instrument);
	struct calendar other = calendar_other(all, rule->instrument);
	struct period period = clock_period(all, id, start);
	int err = period_last(&period, &by, start, ret_due);

	if (err == 0)
		err = period_last(&period, &other, start, ret_late);
	return err;
}
