/*
 * The rules of bank holidays, then the exceptions of holiday.def over them. The two pairs of
 * days (1 and 2 January, 25 and 26 December) share one rule: each keeps its date on a weekday,
 * and what falls on a weekend takes the next weekday after the pair that is free.
 *
 * A new yearly holiday is a line in by_rule() from the year in which it begins; one that comes
 * once is a row of holiday.def.
 */
#include "holiday.h"

enum { MONDAY = 1, FRIDAY = 5 };

/* The exceptions, in the order of holiday.def. */
static const struct {
	struct day_civil on;
	const char *name;
	int32_t old_month; /* 0: an extra day */
	int32_t old_day;
} exception_table[] = {
#define HOLIDAY(year, month, monthday, name, old_month, old_day)                                   \
	{{year, month, monthday}, name, old_month, old_day},
#include "holiday.def"
#undef HOLIDAY
};

/* A list that is being made. */
struct making {
	struct holiday *at;
	size_t count;
};

/* Of dates written here, which all exist. */
static struct day date(int32_t year, int32_t month, int32_t monthday)
{
	struct day d = {0};
	int r = day_of_civil((struct day_civil){year, month, monthday}, &d);

	return r < 0 ? DAY_NONE : d;
}

static bool is_weekday(struct day d)
{
	return day_of_week(d) <= FRIDAY;
}

static size_t place_of(const struct making *m, struct day d)
{
	size_t i = 0;

	while (i < m->count && day_cmp(m->at[i].on, d) != 0)
		i++;
	return i;
}

static void add(struct making *m, struct day on, const char *name, bool is_substitute)
{
	if (m->count < HOLIDAYS_MAX && place_of(m, on) == m->count)
		m->at[m->count++] = (struct holiday){on, str_of(name), is_substitute};
}

/* The first Monday on or after a day; the last one of a month is the first of its last week. */
static struct day monday_from(struct day d)
{
	return day_add(d, (7 + MONDAY - day_of_week(d)) % 7);
}

static void add_pair(struct making *m, struct day first, const char *name, const char *next_name)
{
	const char *const names[] = {name, next_name};
	struct day free = day_add(first, 2);

	for (int i = 0; i < 2; i++) {
		if (is_weekday(day_add(first, i)))
			add(m, day_add(first, i), names[i], false);
	}
	for (int i = 0; i < 2; i++) {
		if (is_weekday(day_add(first, i)))
			continue;
		while (!is_weekday(free) || place_of(m, free) < m->count)
			free = day_add(free, 1);
		add(m, free, names[i], true);
	}
}

static void by_rule(struct making *m, int32_t year)
{
	struct day andrew = date(year, 11, 30);

	add_pair(m, date(year, 1, 1), "New Year's Day", "2 January");
	add(m, day_add(holiday_easter(year), -2), "Good Friday", false);
	add(m, monday_from(date(year, 5, 1)), "Early May bank holiday", false);
	add(m, monday_from(date(year, 5, 25)), "Spring bank holiday", false);
	add(m, monday_from(date(year, 8, 1)), "Summer bank holiday", false);
	add(m, is_weekday(andrew) ? andrew : monday_from(andrew), "St Andrew's Day",
	    !is_weekday(andrew));
	add_pair(m, date(year, 12, 25), "Christmas Day", "Boxing Day");
}

static void with_exceptions(struct making *m, int32_t year)
{
	for (size_t i = 0; i < COUNT(exception_table); i++) {
		struct day_civil on = exception_table[i].on;
		size_t old;

		if (on.year != year)
			continue;
		if (exception_table[i].old_month) {
			old = place_of(m, date(year, exception_table[i].old_month,
					       exception_table[i].old_day));
			if (old < m->count)
				m->at[old] = m->at[--m->count];
		}
		add(m, date(year, on.month, on.monthday), exception_table[i].name, false);
	}
}

static void sort(struct making *m)
{
	for (size_t i = 1; i < m->count; i++) {
		struct holiday h = m->at[i];
		size_t k = i;

		for (; k && day_cmp(m->at[k - 1].on, h.on) > 0; k--)
			m->at[k] = m->at[k - 1];
		m->at[k] = h;
	}
}

size_t holidays_of_year(int32_t year, struct holiday ret_holiday[HOLIDAYS_MAX])
{
	struct making m = {ret_holiday, 0};

	by_rule(&m, year);
	with_exceptions(&m, year);
	sort(&m);
	return m.count;
}

/* The names of Meeus, Astronomical Algorithms, chapter 8; h is the age of the moon. */
struct day holiday_easter(int32_t year)
{
	int32_t a = year % 19, b = year / 100, c = year % 100;
	int32_t g = (8 * b + 13) / 25;
	int32_t h = (19 * a + b - b / 4 - g + 15) % 30;
	int32_t l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int32_t m = (a + 11 * h + 22 * l) / 451;
	int32_t n = h + l - 7 * m + 114;

	return date(year, n / 31, n % 31 + 1);
}
