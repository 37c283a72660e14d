/*
 * The sentences of a deadline, in the order in which somebody would check it by hand. What is
 * true of any period is period_how.c's; here is what agreement, Ministers and doubt add.
 */
#include "deadline_how.h"

#include "libassets/clock/period_how.h"

/* As it was worked out first, before anybody agreed to more. */
static struct period_how how_of(const struct deadline *d)
{
	struct period_how h = {
		.period = d->period,
		.calendar = calendar_of(d->calendars, d->instrument),
		.start = d->starts_on,
		.start_words = d->clock->start,
		.last = d->due_on,
	};

	h.calendar.id = d->calendar;
	return h;
}

/* A date that was stated or moved is no longer the one that the count led to. */
static bool is_counted(const struct deadline *d)
{
	return !d->is_stated && !d->moves;
}

static void stated(const struct deadline *d, struct sentences *s)
{
	const struct period *p = &d->period;

	if (p->unit == PERIOD_STATED)
		buf_str(&s->text, STR("The last day is the one that was agreed."));
	else
		buf_fmt(&s->text,
			"The notice states the last day; it may not be less than %d %s on.",
			p->length, period_unit_words(p->unit, p->length));
	sentences_close(s);
}

/* A length that somebody has set, as no law was seen to say it. */
static void setting(const struct deadline *d, struct sentences *s)
{
	const struct period *law = &d->clock->period;

	if (d->period.length == law->length && d->period.mode == law->mode)
		return;
	buf_str(&s->text,
		STR("The law was not seen to say how long; this is what was set for clocks "
		    "that begin on that day."));
	sentences_close(s);
}

/* Which days are none of work, somebody loaded and applied; later versions may know more. */
static void version(const struct deadline *d, struct sentences *s)
{
	if (d->period.unit != PERIOD_WORKING_DAYS || !is_counted(d))
		return;
	if (d->calendars->version)
		buf_fmt(&s->text, "Counted by version %lld of the calendars.",
			(long long)d->calendars->version);
	else
		buf_str(&s->text, STR("Which days are no working days follows from the rules "
				      "of the law alone: no list of bank holidays was loaded "
				      "when this was counted."));
	sentences_close(s);
}

/* What is recorded later may lead to another day, so the day says what it knew. */
static void known(const struct deadline *d, struct sentences *s)
{
	buf_str(&s->text, STR("It rests on what was recorded by "));
	period_day_words(d->known_on, &s->text);
	buf_char(&s->text, '.');
	sentences_close(s);
}

static void moves(const struct deadline *d, struct sentences *s)
{
	for (size_t i = 0; i < d->moves; i++) {
		buf_str(&s->text, STR("On "));
		period_day_words(d->move[i].on, &s->text);
		buf_str(&s->text, STR(" the last day was moved to "));
		period_day_words(d->move[i].due_on, &s->text);
		buf_char(&s->text, '.');
		sentences_close(s);
	}
}

static void doubts(const struct deadline *d, struct sentences *s)
{
	if (day_cmp(d->late_after_on, d->due_on) > 0) {
		buf_fmt(&s->text, "%s was not seen to say what a working day is. By the other ",
			instrument_info(d->instrument)->name);
		buf_str(&s->text, STR("reading the last day is "));
		period_weekday_words(d->late_after_on, &s->text);
		buf_str(&s->text, STR("; up to then nothing is turned away as late."));
		sentences_close(s);
	}
	if (d->is_provisional) {
		buf_str(&s->text, STR("Not all holidays up to then are published yet; a new one "
				      "would move the day."));
		sentences_close(s);
	}
	if (d->is_held) {
		buf_str(&s->text, STR("It waits for an answer of the Scottish Ministers."));
		sentences_close(s);
	}
}

void deadline_how_encode(const struct deadline *d, struct buf *out)
{
	struct period_how h = how_of(d);
	struct sentences s;

	sentences_begin(&s, out);
	period_how_start(&h, &s);
	if (d->is_stated) {
		stated(d, &s);
	} else {
		period_how_rule(&h, &s);
		setting(d, &s);
		if (is_counted(d))
			period_how_skipped(&h, &s);
	}
	moves(d, &s);
	period_how_last(&h, &s);
	period_how_rest(&h, &s);
	version(d, &s);
	known(d, &s);
	doubts(d, &s);
	buf_str(&s.text, str_of(clock_expiry_words(d->clock->expiry)));
	sentences_close(&s);
	sentences_end(&s);
}

void deadline_skipped_encode(const struct deadline *d, struct buf *out)
{
	struct period_how h = how_of(d);

	if (is_counted(d))
		period_skipped_encode(&h, out);
	else
		buf_str(out, STR("[]"));
}
