/*
 * The closing date was checked against the day of the act when that was recorded
 * (request_must_decision.c). A notice that leaves later than that would take days from whoever it
 * asks, or ask for an answer by a day that has passed.
 */
#include "notice_close.h"

#include "libassets/base/err.h"
#include "libassets/clock/period_how.h"
#include "notice_private.h"

static const struct closing {
	enum notice_code notice;
	enum clock_id clock;
	size_t close; /* of struct notice_facts */
} closing_table[] = {
	{NOTICE_N3, CLOCK_K4, offsetof(struct notice_facts, representations_close_on)},
	{NOTICE_N4, CLOCK_K4, offsetof(struct notice_facts, representations_close_on)},
	{NOTICE_N5, CLOCK_K5, offsetof(struct notice_facts, comments_close_on)},
};

static const struct closing *closing_of(enum notice_code code)
{
	for (size_t i = 0; i < COUNT(closing_table); i++) {
		if (closing_table[i].notice == code)
			return &closing_table[i];
	}
	return NULL;
}

static bool is_ahead(enum notice_code code, const struct notice_facts *facts)
{
	const struct notice_variant *v = notice_variant_of(code, facts);

	return v && v->is_ahead;
}

/* The closing date that was recorded; NULL: none is. */
static const struct notice_date *recorded_of(const struct closing *c,
					     const struct notice_facts *facts)
{
	const struct drafting d = {.facts = facts};

	return notice_date_of(&d, clock_rule(c->clock)->id);
}

void notice_close_ahead(enum notice_code code, struct notice_form *form, struct notice_facts *facts)
{
	const struct closing *c = closing_of(code);
	const struct notice_date *recorded;

	if (!c || !is_ahead(code, facts))
		return;
	recorded = recorded_of(c, facts);
	if (recorded)
		form->close_on = recorded->due_on;
	facts->representations_close_on = form->close_on;
}

struct day notice_close_dated(enum notice_code code, const struct notice_facts *facts)
{
	return closing_of(code) && !is_ahead(code, facts) ? facts->on : DAY_NONE;
}

/* The least that a period from that day leaves, by fixed days; false where none can be counted. */
static bool least_of(const struct period *p, struct day from, struct day *ret_least)
{
	struct calendar fixed = {.id = CALENDAR_FIXED_DAYS};

	return period_last(p, &fixed, from, ret_least) == 0;
}

static struct day close_of(const struct closing *c, const struct notice_facts *facts)
{
	struct day close;

	memcpy(&close, (const char *)facts + c->close, sizeof(close));
	return close;
}

struct day notice_serve_by(enum notice_code code, const struct notice_facts *facts,
			   struct day dated_on)
{
	const struct closing *c = closing_of(code);
	struct day close = c ? close_of(c, facts) : DAY_NONE, on, least;
	struct period p;

	if (day_is_none(close))
		return DAY_NONE;
	p = clock_period_of(facts->clocks, c->clock, dated_on);
	for (on = close; day_cmp(on, dated_on) > 0; on = day_add(on, -1)) {
		if (least_of(&p, on, &least) && day_cmp(least, close) <= 0)
			return on;
	}
	return dated_on;
}

int notice_close_check(enum notice_code code, const struct notice_facts *facts, struct day dated_on,
		       struct flaws *flaws)
{
	const struct closing *c = closing_of(code);
	CLEANUP(buf_done) struct buf words = BUF(100);
	struct day close, least;
	struct period p;

	if (!c)
		return 0;
	close = close_of(c, facts);
	p = clock_period_of(facts->clocks, c->clock, dated_on);
	if (day_is_none(close) || !least_of(&p, dated_on, &least) || day_cmp(close, least) >= 0)
		return 0;
	period_day_words(close, &words);
	wire_flaw(
		flaws, &WIRE_KEY(&WIRE_TOP, "dated_on"), STR("OUT_OF_RANGE"),
		arena_fmt(flaws->arena,
			  "From that day fewer than %d working days are left until %s, by which "
			  "the notice asks for an answer.",
			  (int)p.length, buf_view(&words).at),
		is_ahead(code, facts) && !recorded_of(c, facts)
			? STR("Give the day on which the notice was given; where it leaves only "
			      "now, draft it again with a later last day.")
			: STR("Give the day on which the notice was given; where it leaves only "
			      "now, record the act once more with a later closing date, and issue "
			      "the notice of that."));
	return ERR_INVALID;
}
