/*
 * Cases of deadlines. Reading is strict: a field or a word that is not known here is a flaw with
 * its place, because a question that was half understood would have a wrong answer.
 *
 * A new unit needs its word in unit_words, in the order of enum case_unit, and its row in
 * unit_of[].
 */
#include "deadline_case.h"

#include "libassets/base/err.h"
#include "libassets/base/member.h"
#include "libassets/clock/period_how.h"

/* Code points of a text that is only shown. */
enum { TEXT_CHARS_MAX = 2000, CLOCK_CHARS_MAX = 4 };

enum case_unit {
	UNIT_WORKING_DAYS,
	UNIT_DAYS,
	UNIT_WEEKS,
	UNIT_MONTHS,
	UNIT_YEARS,
	UNIT_FIXED_DATE,
	UNIT_CLASSIFICATION,
	UNIT_CHECK,
};

static const char *const unit_words[] = {
	"working_days", "days",           "weeks", "months", "years",
	"fixed_date",   "classification", "check", NULL,
};
static const char *const mode_words[] = {"after", "beginning_with", NULL};
static const char *const calendar_words_known[] = {
	"calendar_days",
	"fixed_days",
	"bank_holidays_scotland",
	NULL,
};
static const char *const weekday_words[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", NULL};

/* FIXED_DATE stands for whichever date the clock's rule has. */
static const enum period_unit unit_of[] = {
	[UNIT_WORKING_DAYS] = PERIOD_WORKING_DAYS,
	[UNIT_DAYS] = PERIOD_DAYS,
	[UNIT_WEEKS] = PERIOD_WEEKS,
	[UNIT_MONTHS] = PERIOD_MONTHS,
	[UNIT_YEARS] = PERIOD_YEARS,
	[UNIT_FIXED_DATE] = PERIOD_DATE,
};

/* What is sent, as it stands there. */
struct case_row {
	struct str id, rule, event, citation, clock;
	struct day start, expected, under_fixed, under_bank;
	int32_t length;
	uint8_t unit, mode, calendar, start_weekday, expected_weekday;
	bool has_length, has_unit, has_mode, has_calendar, has_start_weekday, has_expected_weekday;
};

/* clang-format off */
#define TEXT(key, most) \
	{#key, WIRE_TEXT, false, offsetof(struct case_row, key), offsetof(struct case_row, key), 1, most, NULL}
#define DAY_OF(key, member, required) \
	{key, WIRE_DAY, required, offsetof(struct case_row, member), offsetof(struct case_row, member), 0, 0, NULL}
#define WORD_OF(key, words) \
	{#key, WIRE_WORD, false, offsetof(struct case_row, key), offsetof(struct case_row, has_##key), 0, 0, words}
#define OTHER(key) {key, WIRE_OTHER, false, 0, 0, 0, 0, NULL}

static const struct wire_field case_fields[] = {
	TEXT(id, TEXT_CHARS_MAX), TEXT(rule, TEXT_CHARS_MAX), TEXT(event, TEXT_CHARS_MAX),
	TEXT(citation, TEXT_CHARS_MAX), TEXT(clock, CLOCK_CHARS_MAX),
	DAY_OF("start", start, true),
	{"length", WIRE_I32, false, offsetof(struct case_row, length),
	 offsetof(struct case_row, has_length), 1, DEADLINE_CASE_LENGTH_MAX, NULL},
	WORD_OF(unit, unit_words), WORD_OF(mode, mode_words), WORD_OF(calendar, calendar_words_known),
	WORD_OF(start_weekday, weekday_words), WORD_OF(expected_weekday, weekday_words),
	DAY_OF("expected_last_day", expected, false),
	DAY_OF("same_rule_under_fixed_days", under_fixed, false),
	DAY_OF("same_rule_under_bank_holidays_scotland", under_bank, false),
	/* For people, or of cases without a period: passed over. */
	OTHER("covers"), OTHER("length_confidence"), OTHER("real"), OTHER("note"),
	OTHER("source_address"), OTHER("expected"), OTHER("expected_period_end"),
	OTHER("stated_end"), OTHER("minimum_end_after_fixed_days"),
	OTHER("minimum_end_after_bank_holidays"), OTHER("forty_working_days_after_fixed_days"),
	OTHER("forty_working_days_after_bank_holidays"),
};
/* clang-format on */

static void miss(const struct wire_at *at, const char *field, struct flaws *flaws)
{
	wire_flaw(flaws, &WIRE_KEY(at, field), STR("REQUIRED"), STR("This field is missing."),
		  STR("Send it, or name a clock, K1 to K43."));
}

static void contradict(const struct wire_at *at, const char *field, struct str detail,
		       struct str cure, struct flaws *flaws)
{
	wire_flaw(flaws, &WIRE_KEY(at, field), STR("CONTRADICTION"), detail, cure);
}

static void take_clock(const struct case_row *row, const struct wire_at *at, struct flaws *flaws,
		       struct deadline_case *c)
{
	enum clock_id id;

	if (str_is_null(row->clock))
		return;
	if (clock_parse(row->clock, &id) < 0) {
		wire_flaw(flaws, &WIRE_KEY(at, "clock"), STR("NOT_IN_LIST"),
			  STR("There is no such clock."), STR("Name one of K1 to K43."));
		return;
	}
	c->clock = clock_rule(id);
	c->period = c->clock->period;
	c->calendar = calendar_of(&calendars_default, c->clock->instrument).id;
}

static bool is_of_fixed_date(const struct deadline_case *c)
{
	return c->clock &&
	       (c->clock->period.unit == PERIOD_REPORT || c->clock->period.unit == PERIOD_DATE);
}

/* What is given stands over what the clock says; what neither says is missing. */
static void take_period(const struct case_row *row, const struct wire_at *at, struct flaws *flaws,
			struct deadline_case *c)
{
	if (row->has_unit && row->unit == UNIT_FIXED_DATE) {
		if (!is_of_fixed_date(c))
			contradict(at, "clock", STR("A fixed date is that of a clock."),
				   STR("Name K26, K27 or K36."), flaws);
		return;
	}
	if (row->has_unit)
		c->period.unit = unit_of[row->unit];
	else if (!c->clock)
		miss(at, "unit", flaws);
	if (row->has_length)
		c->period.length = row->length;
	else if (!c->clock)
		miss(at, "length", flaws);
	if (row->has_mode)
		c->period.mode = row->mode ? PERIOD_BEGINNING : PERIOD_AFTER;
	else if (!c->clock)
		miss(at, "mode", flaws);
}

static void take_calendar(const struct case_row *row, const struct wire_at *at, struct flaws *flaws,
			  struct deadline_case *c)
{
	bool is_working = c->period.unit == PERIOD_WORKING_DAYS;
	/* The words are in the order of calendar.def. */
	enum calendar_id given = (enum calendar_id)row->calendar;

	if (row->has_calendar && is_working != (given != CALENDAR_CALENDAR_DAYS))
		contradict(at, "calendar",
			   is_working ? STR("Working days need a calendar of them.")
				      : STR("Only working days are counted by a calendar of them."),
			   is_working ? STR("Send fixed_days or bank_holidays_scotland.")
				      : STR("Send calendar_days, or leave it out."),
			   flaws);
	if (row->has_calendar)
		c->calendar = given;
	else if (is_working && !c->clock)
		miss(at, "calendar", flaws);
	if (!is_working)
		c->calendar = CALENDAR_CALENDAR_DAYS;
}

static int last_under(const struct deadline_case *c, enum calendar_id id, struct day *ret_last)
{
	const struct calendar cal = {.id = id, .loaded_until = DAY_NONE};

	return period_last(&c->period, &cal, c->start, ret_last);
}

static void work_out(struct deadline_case *c, const struct wire_at *at, struct flaws *flaws)
{
	int r = last_under(c, c->calendar, &c->last);

	if (r == ERR_INVALID)
		contradict(at, "clock", STR("This clock has no last day of its own."),
			   STR("Send length, unit and mode beside it, or another clock."), flaws);
	else if (r < 0)
		wire_flaw(flaws, &WIRE_KEY(at, "start"), STR("OUT_OF_RANGE"),
			  STR("Scottish bank holidays are known from 2008 to 2200 only."),
			  STR("Send a start in those years, or the calendar fixed_days."));
	if (r < 0 || c->period.unit != PERIOD_WORKING_DAYS)
		return;
	for (int i = CALENDAR_FIXED_DAYS; i < CALENDAR_COUNT; i++) {
		if (last_under(c, (enum calendar_id)i, &c->last_of[i]) < 0)
			c->last_of[i] = DAY_NONE;
	}
}

static void row_clear(struct case_row *row)
{
	*row = (struct case_row){
		.start = DAY_NONE,
		.expected = DAY_NONE,
		.under_fixed = DAY_NONE,
		.under_bank = DAY_NONE,
	};
}

static struct deadline_case begun(const struct case_row *row)
{
	return (struct deadline_case){
		.id = row->id,
		.rule = row->rule,
		.event = row->event,
		.citation = row->citation,
		.start = row->start,
		.expected = row->expected,
		.expected_of = {DAY_NONE, row->under_fixed, row->under_bank},
		.start_weekday = row->has_start_weekday ? row->start_weekday + 1 : 0,
		.expected_weekday = row->has_expected_weekday ? row->expected_weekday + 1 : 0,
		.is_counted = !row->has_unit || row->unit < UNIT_CLASSIFICATION,
		.last = DAY_NONE,
		.last_of = {DAY_NONE, DAY_NONE, DAY_NONE},
	};
}

void deadline_case_read(json_t *object, const struct wire_at *at, struct flaws *flaws,
			struct deadline_case *ret_case)
{
	size_t before = flaws->count;
	struct case_row row;

	row_clear(&row);
	if (wire_is_object(object, at, flaws))
		wire_read(case_fields, COUNT(case_fields), object, at, flaws, &row);
	*ret_case = begun(&row);
	if (flaws->count > before || !ret_case->is_counted)
		return;
	take_clock(&row, at, flaws, ret_case);
	if (flaws->count == before)
		take_period(&row, at, flaws, ret_case);
	if (flaws->count == before)
		take_calendar(&row, at, flaws, ret_case);
	if (flaws->count == before)
		work_out(ret_case, at, flaws);
}

static bool agrees(struct day expected, struct day got)
{
	return day_is_none(expected) || day_cmp(expected, got) == 0;
}

bool deadline_case_is_as_expected(const struct deadline_case *c)
{
	if (!c->is_counted)
		return true;
	for (int i = CALENDAR_FIXED_DAYS; i < CALENDAR_COUNT; i++) {
		if (!agrees(c->expected_of[i], c->last_of[i]))
			return false;
	}
	return agrees(c->expected, c->last) &&
	       (!c->start_weekday || c->start_weekday == day_of_week(c->start)) &&
	       (!c->expected_weekday || c->expected_weekday == day_of_week(c->last));
}

static struct period_how how_of(const struct deadline_case *c)
{
	return (struct period_how){
		.period = c->period,
		.calendar = {.id = c->calendar, .loaded_until = DAY_NONE},
		.start = c->start,
		.start_words = c->clock ? c->clock->start : c->event.at,
		.last = c->last,
	};
}

static void add_how(const struct deadline_case *c, struct buf *out)
{
	struct period_how h = how_of(c);
	struct sentences s;

	member_begin(out, "how");
	sentences_begin(&s, out);
	period_how_start(&h, &s);
	period_how_rule(&h, &s);
	period_how_skipped(&h, &s);
	period_how_last(&h, &s);
	period_how_rest(&h, &s);
	sentences_end(&s);
	member_begin(out, "skipped");
	period_skipped_encode(&h, out);
}

static void add_readings(const struct deadline_case *c, struct buf *out)
{
	enum calendar_id other = c->calendar == CALENDAR_FIXED_DAYS
					 ? CALENDAR_BANK_HOLIDAYS_SCOTLAND
					 : CALENDAR_FIXED_DAYS;

	member_text(out, "calendar", str_of(calendar_name(c->calendar)));
	if (day_is_none(c->last_of[other]))
		return;
	member_begin(out, "other_reading");
	buf_char(out, '{');
	member_day(out, "last_day", c->last_of[other]);
	member_text(out, "calendar", str_of(calendar_name(other)));
	buf_char(out, '}');
}

void deadline_case_encode(const struct deadline_case *c, struct buf *out)
{
	const struct calendar cal = {.id = c->calendar, .loaded_until = DAY_NONE};
	struct day back;

	buf_char(out, '{');
	member_text(out, "id", c->id);
	member_text(out, "rule", c->rule);
	if (c->clock)
		member_text(out, "clock", str_of(c->clock->id));
	member_text(out, "citation",
		    str_is_null(c->citation) && c->clock ? str_of(c->clock->citation)
							 : c->citation);
	member_day(out, "start", c->start);
	if (!c->is_counted) {
		buf_str(out, STR(",\"last_day\":null,\"how\":[\"This is no period to count.\"]}"));
		return;
	}
	member_day(out, "last_day", c->last);
	member_text(out, "weekday", str_of(weekday_words[day_of_week(c->last) - 1]));
	add_readings(c, out);
	if (period_first(&c->period, &cal, c->last, &back) == 0)
		member_day(out, "counted_back", back);
	member_flag(out, "is_as_expected", deadline_case_is_as_expected(c));
	add_how(c, out);
	buf_char(out, '}');
}
