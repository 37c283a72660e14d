/*
 * Clocks over a ledger, and how each last day was found, in sentences. A new clock is a row of
 * clock.def; one that counts in another way needs a case in due_of() and in encode_how().
 */
#include "deadline.h"

/* The words of clock.def's column as `is_after`. */
enum { AFTER = 1, BEGINNING = 0 };

static const struct deadline_clock clock_table[] = {
#define CLOCK(id, name, start, months, mode, whose, confidence, met_by, citation)                  \
	{#id, name, REQUEST_EVENT_##start, months, mode, #whose, confidence, met_by, citation},
#include "clock.def"
#undef CLOCK
};

static const char *const state_name[] = {
	[DEADLINE_RUNNING] = "RUNNING",
	[DEADLINE_MET] = "MET",
	[DEADLINE_MISSED] = "MISSED",
	[DEADLINE_STOPPED] = "STOPPED",
};

struct day deadline_months(struct day start, int32_t months, bool is_after)
{
	struct day same = day_add_months(start, months);
	bool is_short = day_civil(same).monthday != day_civil(start).monthday;

	return is_after || is_short ? same : day_add(same, -1);
}

static void begin(struct deadline *d, const struct deadline_clock *clock,
		  const struct ledger_entry *entry)
{
	/* A decision notice states its own last day; request_apply() keeps it at the law's least.
	 */
	bool is_stated = clock->start == REQUEST_EVENT_AGREE && !day_is_none(entry->offer_by_on);

	*d = (struct deadline){
		.clock = clock,
		.starts_on = entry->on,
		.due_on = is_stated ? entry->offer_by_on
				    : deadline_months(entry->on, clock->months, clock->is_after),
		.is_stated = is_stated,
	};
}

/* The first end counts: what happens again later meets nothing a second time. */
static void end(struct deadline *d, struct str event, struct day on, bool is_closing)
{
	if (d->state != DEADLINE_RUNNING)
		return;
	if (shape_is_word(event, d->clock->met_by))
		d->state = day_cmp(on, d->due_on) <= 0 ? DEADLINE_MET : DEADLINE_MISSED;
	else if (is_closing)
		d->state = DEADLINE_STOPPED;
}

size_t deadlines_of(struct shape_list ledger, struct deadline ret_deadline[DEADLINES_MAX])
{
	const struct ledger_entry *entry = ledger.at;
	size_t n = 0;

	for (size_t i = 0; i < ledger.count; i++) {
		bool is_closing = str_eq(entry[i].event, STR("WITHDRAW"));

		/* Ended before begun, so that an event never ends the clock that it starts. */
		for (size_t k = 0; k < n; k++)
			end(&ret_deadline[k], entry[i].event, entry[i].on, is_closing);
		for (size_t c = 0; c < COUNT(clock_table) && n < DEADLINES_MAX; c++) {
			const char *start = request_event_info(clock_table[c].start)->name;

			if (str_eq(entry[i].event, str_of(start)))
				begin(&ret_deadline[n++], &clock_table[c], &entry[i]);
		}
	}
	return n;
}

static void add_day(struct buf *out, const char *name, struct day d)
{
	char text[DAY_TEXT];

	day_format(d, text);
	buf_fmt(out, "\"%s\":\"%s\",", name, text);
}

static void add_text(struct buf *out, const char *name, const char *text)
{
	buf_fmt(out, "\"%s\":", name);
	buf_json(out, str_of(text));
	buf_char(out, ',');
}

/* "1 October 2026" */
static void add_words(struct buf *out, struct day d)
{
	static const char *const month[] = {"January",   "February", "March",    "April",
					    "May",       "June",     "July",     "August",
					    "September", "October",  "November", "December"};
	struct day_civil c = day_civil(d);

	buf_fmt(out, "%d %s %d", c.monthday, month[c.month - 1], c.year);
}

static const char *start_words(enum request_event start)
{
	if (start == REQUEST_EVENT_VALIDATE)
		return "The request was complete, and so counts as made, on ";
	if (start == REQUEST_EVENT_AGREE)
		return "The decision notice that agrees is dated ";
	return "The offer was made on ";
}

static void encode_how(const struct deadline *d, struct buf *out)
{
	const struct deadline_clock *c = d->clock;

	buf_fmt(out, "\"how\":[\"%s", start_words(c->start));
	add_words(out, d->starts_on);
	buf_str(out, STR(".\","));
	if (d->is_stated)
		buf_fmt(out,
			"\"The notice states the last day; it may not be less than %d months "
			"on.\",",
			c->months);
	else if (c->is_after)
		buf_fmt(out,
			"\"%d months after that day end on the same-numbered day, or on the "
			"month's last "
			"day when it is shorter.\",",
			c->months);
	else
		buf_fmt(out,
			"\"%d months beginning with that day end on the day before the "
			"same-numbered day, "
			"or on the month's last day when there is none.\",",
			c->months);
	buf_str(out, STR("\"So the last day is "));
	add_words(out, d->due_on);
	buf_str(out, STR(", to midnight; it does not move for weekends or holidays.\"]"));
}

void deadlines_encode(const struct deadline *deadline, size_t n, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		const struct deadline *d = &deadline[i];

		buf_str(out, i ? STR(",{") : STR("{"));
		add_text(out, "clock", d->clock->id);
		add_text(out, "name", d->clock->name);
		add_day(out, "starts_on", d->starts_on);
		add_day(out, "due_on", d->due_on);
		/* Another day only under two readings of working days, and no clock counts those.
		 */
		add_day(out, "late_after_on", d->due_on);
		add_text(out, "confidence", d->clock->confidence);
		add_text(out, "state", state_name[d->state]);
		add_text(out, "whose", d->clock->whose);
		buf_str(out, STR("\"held\":false,"));
		add_text(out, "citation", d->clock->citation);
		buf_str(out, STR("\"calendar\":\"CALENDAR_DAYS\",\"provisional\":false,"));
		encode_how(d, out);
		buf_str(out, STR(",\"skipped\":[]}"));
	}
	buf_char(out, ']');
}
