/*
 * The words of periods. One function a sentence; a new unit needs a case in period_how_rule().
 */
#include "period_how.h"

enum { SENTENCE_MAX = 64 * 1024 };

void sentences_begin(struct sentences *s, struct buf *out)
{
	*s = (struct sentences){.out = out, .text = BUF(SENTENCE_MAX)};
	buf_char(out, '[');
}

void sentences_close(struct sentences *s)
{
	if (s->text.len) {
		if (s->is_next)
			buf_char(s->out, ',');
		buf_json(s->out, buf_view(&s->text));
		s->is_next = true;
	}
	buf_clear(&s->text);
}

void sentences_end(struct sentences *s)
{
	buf_char(s->out, ']');
	buf_done(&s->text);
}

void period_day_words(struct day d, struct buf *out)
{
	static const char *const month[] = {"January",   "February", "March",    "April",
					    "May",       "June",     "July",     "August",
					    "September", "October",  "November", "December"};
	struct day_civil c = day_civil(d);

	buf_fmt(out, "%d %s %d", c.monthday, month[c.month - 1], c.year);
}

void period_weekday_words(struct day d, struct buf *out)
{
	static const char *const week[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
					   "Friday", "Saturday", "Sunday"};

	buf_fmt(out, "%s ", week[day_of_week(d) - 1]);
	period_day_words(d, out);
}

void period_how_start(const struct period_how *h, struct sentences *s)
{
	buf_str(&s->text, STR("The count starts on "));
	period_weekday_words(h->start, &s->text);
	if (h->start_words)
		buf_fmt(&s->text, ", %s", h->start_words);
	buf_char(&s->text, '.');
	sentences_close(s);
}

/* "6 months after that day end on …", "20 working days beginning with that day …" */
static void length_words(const struct period *p, struct buf *out)
{
	buf_fmt(out, "%d %s %s that day", p->length, period_unit_words(p->unit, p->length),
		p->mode == PERIOD_BEGINNING ? "beginning with" : "after");
}

static void month_rule(const struct period *p, struct buf *out)
{
	length_words(p, out);
	if (p->mode == PERIOD_BEGINNING)
		buf_str(out, STR(" end on the day before the same-numbered day, or on the month's "
				 "last day when there is none."));
	else
		buf_str(out, STR(" end on the same-numbered day, or on the month's last day when "
				 "it is shorter."));
}

static void day_rule(const struct period *p, struct buf *out)
{
	length_words(p, out);
	buf_str(out, p->mode == PERIOD_BEGINNING ? STR(" include it: it is the first.")
						 : STR(" do not include it."));
}

static void working_rule(const struct period_how *h, struct buf *out)
{
	length_words(&h->period, out);
	if (h->period.mode == PERIOD_BEGINNING)
		buf_str(out, STR(": it is the first if it is a working day, else the next one is"));
	else
		buf_str(out, STR(": the next working day is the first"));
	buf_fmt(out, ". A working day is %s.", calendar_words(h->calendar.id));
}

void period_how_rule(const struct period_how *h, struct sentences *s)
{
	struct buf *out = &s->text;

	switch (h->period.unit) {
	case PERIOD_MONTHS:
	case PERIOD_YEARS:
		month_rule(&h->period, out);
		break;
	case PERIOD_DAYS:
	case PERIOD_WEEKS:
		day_rule(&h->period, out);
		break;
	case PERIOD_WORKING_DAYS:
		working_rule(h, out);
		break;
	case PERIOD_REPORT:
		buf_str(out, STR("The report is due by 30 June after the reporting year, which "
				 "ends on 31 March."));
		break;
	case PERIOD_DATE:
		buf_str(out, STR("The law names the date itself."));
		break;
	case PERIOD_HOURS:
	case PERIOD_STATED:
	case PERIOD_OPEN:
	case PERIOD_UNIT_COUNT:
		break;
	}
	sentences_close(s);
}

/* Why a day between does not count; absent for one that does, and for what is not known. */
static struct holiday why_of(const struct period_how *h, struct day d)
{
	struct holiday why;

	if (h->period.unit != PERIOD_WORKING_DAYS || calendar_skips(&h->calendar, d, &why) < 0)
		why = (struct holiday){d, {NULL, 0}, false};
	return why;
}

static void why_words(const struct holiday *why, struct buf *out)
{
	buf_str(out, why->name);
	if (why->is_substitute)
		buf_str(out, STR(" (substitute day)"));
}

/* The first day that the count looks at. */
static struct day counted_from(const struct period_how *h)
{
	return day_add(h->start, h->period.mode == PERIOD_AFTER);
}

static int32_t weekend_days(const struct period_how *h)
{
	int32_t n = 0;

	for (struct day d = counted_from(h); day_cmp(d, h->last) <= 0; d = day_add(d, 1))
		n += day_of_week(d) > 5;
	return h->period.unit == PERIOD_WORKING_DAYS ? n : 0;
}

static void named_days(const struct period_how *h, int32_t weekend, struct buf *out)
{
	size_t n = 0;

	for (struct day d = counted_from(h); day_cmp(d, h->last) <= 0; d = day_add(d, 1)) {
		struct holiday why = why_of(h, d);

		if (str_is_null(why.name) || day_of_week(d) > 5 || n >= PERIOD_SKIPPED_MAX)
			continue;
		buf_str(out, n || weekend ? STR("; ") : STR("Not counted: "));
		why_words(&why, out);
		buf_str(out, STR(", "));
		period_weekday_words(d, out);
		n++;
	}
	if (n || weekend)
		buf_char(out, '.');
}

void period_how_skipped(const struct period_how *h, struct sentences *s)
{
	int32_t weekend = weekend_days(h);

	if (weekend)
		buf_fmt(&s->text, "Not counted: %d %s of weekends", weekend,
			weekend == 1 ? "day" : "days");
	named_days(h, weekend, &s->text);
	sentences_close(s);
}

void period_how_last(const struct period_how *h, struct sentences *s)
{
	buf_str(&s->text, STR("So the last day is "));
	period_weekday_words(h->last, &s->text);
	buf_str(&s->text, STR(", to midnight."));
	sentences_close(s);
}

void period_how_rest(const struct period_how *h, struct sentences *s)
{
	struct calendar cal = h->calendar;
	struct holiday why;

	cal.id = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	if (h->period.unit == PERIOD_WORKING_DAYS || calendar_skips(&cal, h->last, &why) < 0 ||
	    str_is_null(why.name))
		return;
	buf_str(&s->text, day_of_week(h->last) > 5 ? STR("That is a ") : STR("That is "));
	why_words(&why, &s->text);
	buf_str(&s->text, STR("; no rule moves the day, so act before it."));
	sentences_close(s);
}

void period_skipped_encode(const struct period_how *h, struct buf *out)
{
	size_t n = 0;

	buf_char(out, '[');
	for (struct day d = counted_from(h); day_cmp(d, h->last) <= 0; d = day_add(d, 1)) {
		CLEANUP(buf_done) struct buf words = BUF(SENTENCE_MAX);
		struct holiday why = why_of(h, d);
		char text[DAY_TEXT];

		if (str_is_null(why.name) || n >= PERIOD_SKIPPED_MAX)
			continue;
		day_format(d, text);
		why_words(&why, &words);
		buf_fmt(out, "%s{\"on\":\"%s\",\"why\":", n++ ? "," : "", text);
		buf_json(out, buf_view(&words));
		buf_char(out, '}');
	}
	buf_char(out, ']');
}
