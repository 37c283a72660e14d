/*
 * Counting by a calendar, one day after another: a statutory clock runs over weeks, not years.
 *
 * Fixed days have no substitutes: the law names four dates and the weekend, and a Christmas Day
 * on a Saturday takes no weekday with it. So they are never later than bank holidays.
 */
#include "calendar.h"

#include "libassets/base/err.h"

static const struct {
	const char *name;
	const char *words;
} calendar_table[] = {
#define CALENDAR(id, words) {#id, words},
#include "calendar.def"
#undef CALENDAR
};

static const struct instrument_info instrument_table[] = {
#define INSTRUMENT(id, name, calendar, confidence) {#id, name, CALENDAR_##calendar, confidence},
#include "instrument.def"
#undef INSTRUMENT
};

const struct calendars calendars_default = {
	.of =
		{
#define INSTRUMENT(id, name, calendar, confidence) [INSTRUMENT_##id] = CALENDAR_##calendar,
#include "instrument.def"
#undef INSTRUMENT
		},
	.loaded = {.loaded_until = {INT32_MIN}},
};

/* The four days of SSI 2017/39 regulation 2. */
static const struct {
	int32_t month;
	int32_t monthday;
	struct str name;
} fixed_day[] = {
	{1, 1, STR_INIT("New Year's Day")},
	{1, 2, STR_INIT("2 January")},
	{12, 25, STR_INIT("Christmas Day")},
	{12, 26, STR_INIT("Boxing Day")},
};

const struct instrument_info *instrument_info(enum instrument i)
{
	return &instrument_table[i];
}

static struct calendar with_list(const struct calendars *all, enum calendar_id id)
{
	struct calendar cal = all->loaded;

	cal.id = id;
	return cal;
}

struct calendar calendar_of(const struct calendars *all, enum instrument i)
{
	return with_list(all, all->of[i]);
}

struct calendar calendar_other(const struct calendars *all, enum instrument i)
{
	return with_list(all, all->of[i] == CALENDAR_FIXED_DAYS ? CALENDAR_BANK_HOLIDAYS_SCOTLAND
								: CALENDAR_FIXED_DAYS);
}

const char *calendar_name(enum calendar_id id)
{
	return calendar_table[id].name;
}

const char *calendar_words(enum calendar_id id)
{
	return calendar_table[id].words;
}

int calendar_parse(struct str name, enum calendar_id *ret_id)
{
	for (size_t i = 0; i < COUNT(calendar_table); i++) {
		if (str_eq_nocase(name, str_of(calendar_table[i].name))) {
			*ret_id = (enum calendar_id)i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

static const struct holiday *find(const struct holiday *at, size_t count, struct day d)
{
	for (size_t i = 0; i < count && day_cmp(at[i].on, d) <= 0; i++) {
		if (day_cmp(at[i].on, d) == 0)
			return &at[i];
	}
	return NULL;
}

static struct str fixed_name(struct day_civil c)
{
	for (size_t i = 0; i < COUNT(fixed_day); i++) {
		if (c.month == fixed_day[i].month && c.monthday == fixed_day[i].monthday)
			return fixed_day[i].name;
	}
	return (struct str){NULL, 0};
}

static int bank_holiday(const struct calendar *cal, struct day d, struct holiday *ret_why)
{
	struct holiday year[HOLIDAYS_MAX];
	const struct holiday *found;
	int32_t y = day_civil(d).year;

	if (y < HOLIDAY_YEAR_MIN || y > DAY_YEAR_MAX)
		return ERR_CALENDAR_SHORT;
	found = find(year, holidays_of_year(y, year), d);
	if (!found)
		found = find(cal->loaded, cal->loaded_count, d);
	*ret_why = found ? *found : (struct holiday){d, {NULL, 0}, false};
	return 0;
}

int calendar_skips(const struct calendar *cal, struct day d, struct holiday *ret_why)
{
	struct holiday why = {d, {NULL, 0}, false};
	int week = day_of_week(d);
	int r = 0;

	if (cal->id != CALENDAR_CALENDAR_DAYS && week > 5)
		why.name = week == 6 ? STR("Saturday") : STR("Sunday");
	else if (cal->id == CALENDAR_FIXED_DAYS)
		why.name = fixed_name(day_civil(d));
	else if (cal->id == CALENDAR_BANK_HOLIDAYS_SCOTLAND)
		r = bank_holiday(cal, d, &why);
	if (r == 0)
		*ret_why = why;
	return r;
}

static int nth(const struct calendar *cal, struct day from, int32_t step, int32_t n,
	       struct day *ret_day)
{
	for (struct day d = from;; d = day_add(d, step)) {
		struct holiday why;
		int r = calendar_skips(cal, d, &why);

		if (r < 0)
			return r;
		if (str_is_null(why.name) && --n <= 0) {
			*ret_day = d;
			return 0;
		}
	}
}

int calendar_nth_working(const struct calendar *cal, struct day first, int32_t n,
			 struct day *ret_day)
{
	return nth(cal, first, 1, n, ret_day);
}

int calendar_nth_working_back(const struct calendar *cal, struct day last, int32_t n,
			      struct day *ret_day)
{
	return nth(cal, last, -1, n, ret_day);
}

bool calendar_is_provisional(const struct calendar *cal, struct day until)
{
	return cal->id == CALENDAR_BANK_HOLIDAYS_SCOTLAND && day_cmp(until, cal->loaded_until) > 0;
}
