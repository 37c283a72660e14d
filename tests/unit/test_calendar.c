/*
 * Working days under both readings: which days do not count and why, and that neither calendar
 * guesses.
 */
#include "libassets/base/err.h"
#include "libassets/clock/calendar.h"
#include "tests/unit/deadlines.h"

static const struct calendar fixed = {.id = CALENDAR_FIXED_DAYS};
static const struct calendar bank = {.id = CALENDAR_BANK_HOLIDAYS_SCOTLAND};

static const char *why(const struct calendar *cal, const char *text)
{
	struct holiday h;

	cr_assert_eq(calendar_skips(cal, test_day(text), &h), 0, "%s", text);
	return str_is_null(h.name) ? "" : h.name.at;
}

Test(calendar, says_why_a_day_does_not_count)
{
	static const struct {
		const char *on, *fixed, *bank;
	} rows[] = {
		{"2026-04-03", "", "Good Friday"},
		{"2026-04-04", "Saturday", "Saturday"},
		{"2026-04-05", "Sunday", "Sunday"},
		{"2026-04-06", "", ""}, /* Easter Monday is no Scottish bank holiday */
		{"2026-06-15", "", "World Cup bank holiday"},
		{"2026-08-31", "", ""}, /* nor the last Monday of August */
		{"2026-12-25", "Christmas Day", "Christmas Day"},
		{"2026-12-28", "", "Boxing Day"}, /* fixed days have no substitutes */
		{"2027-01-01", "New Year's Day", "New Year's Day"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_expect_str_eq(why(&fixed, rows[i].on), rows[i].fixed, "%s", rows[i].on);
		cr_expect_str_eq(why(&bank, rows[i].on), rows[i].bank, "%s", rows[i].on);
		cr_expect_str_eq(why(&(struct calendar){.id = CALENDAR_CALENDAR_DAYS}, rows[i].on),
				 "");
	}
}

/* What makes fixed days the safe reading: no day that they leave out counts by bank holidays. */
Test(calendar, fixed_days_leave_out_no_more_than_bank_holidays)
{
	for (struct day d = test_day("2008-01-01"); day_civil(d).year <= 2060; d = day_add(d, 1)) {
		struct holiday a, b;

		cr_assert_eq(calendar_skips(&fixed, d, &a), 0);
		cr_assert_eq(calendar_skips(&bank, d, &b), 0);
		cr_assert(str_is_null(a.name) || !str_is_null(b.name), "%s", test_day_text(d));
	}
}

Test(calendar, every_answer_is_a_working_day_and_the_nth)
{
	for (int32_t n = 1; n <= 60; n++) {
		struct day first = test_day("2026-03-05"), last = DAY_NONE, back = DAY_NONE;
		int32_t count = 0;

		cr_assert_eq(calendar_nth_working(&bank, first, n, &last), 0);
		for (struct day d = first; day_cmp(d, last) <= 0; d = day_add(d, 1))
			count += *why(&bank, test_day_text(d)) == '\0';
		cr_assert_eq(count, n);
		cr_assert_str_eq(why(&bank, test_day_text(last)), "");
		cr_assert_eq(calendar_nth_working_back(&bank, last, n, &back), 0);
		cr_assert_eq(day_cmp(back, first), 0);
	}
}

Test(calendar, a_loaded_list_adds_days_and_takes_none_away)
{
	const struct holiday loaded[] = {
		{test_day("2027-06-14"), STR("Another bank holiday"), false},
		{test_day("2027-06-18"), STR("And one more"), false},
	};
	struct calendar cal = {CALENDAR_BANK_HOLIDAYS_SCOTLAND, loaded, COUNT(loaded),
			       test_day("2027-12-31")};
	struct day due = DAY_NONE;

	cr_expect_str_eq(why(&cal, "2027-06-14"), "Another bank holiday");
	cr_expect_str_eq(why(&cal, "2027-06-18"), "And one more");
	cr_expect_str_eq(why(&cal, "2027-03-26"), "Good Friday", "not in the list, and kept");
	cr_assert_eq(calendar_nth_working(&cal, test_day("2027-06-11"), 3, &due), 0);
	EXPECT_DAY(due, "2027-06-16");
	cr_expect_not(calendar_is_provisional(&cal, test_day("2027-12-31")));
	cr_expect(calendar_is_provisional(&cal, test_day("2028-01-01")));
	cal.id = CALENDAR_FIXED_DAYS;
	cr_expect_str_eq(why(&cal, "2027-06-14"), "");
	cr_expect_not(calendar_is_provisional(&cal, test_day("2028-01-01")));
	cal = calendar_other(&calendars_default, INSTRUMENT_SSI_2016_358);
	cr_expect(calendar_is_provisional(&cal, test_day("2026-01-01")), "no list is loaded");
}

Test(calendar, does_not_guess_before_its_rules)
{
	struct day due = {7};
	struct holiday h;

	cr_expect_eq(calendar_skips(&bank, test_day("2007-12-31"), &h), ERR_CALENDAR_SHORT);
	cr_expect_eq(calendar_nth_working(&bank, test_day("2200-12-20"), 20, &due),
		     ERR_CALENDAR_SHORT);
	cr_expect_eq(calendar_nth_working_back(&bank, test_day("2008-01-03"), 2, &due),
		     ERR_CALENDAR_SHORT);
	cr_expect_eq(due.number, 7);
	cr_expect_eq(calendar_skips(&fixed, test_day("1950-12-25"), &h), 0);
	cr_expect(str_eq(h.name, STR("Christmas Day")));
}

Test(calendar, is_a_setting_of_each_instrument)
{
	struct calendars set = calendars_default;
	enum calendar_id id = CALENDAR_COUNT;

	cr_expect_eq(calendar_of(&set, INSTRUMENT_SSI_2016_358).id, CALENDAR_FIXED_DAYS);
	cr_expect_eq(calendar_other(&set, INSTRUMENT_SSI_2016_358).id,
		     CALENDAR_BANK_HOLIDAYS_SCOTLAND);
	set.of[INSTRUMENT_SSI_2016_358] = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	cr_expect_eq(calendar_of(&set, INSTRUMENT_SSI_2016_358).id,
		     CALENDAR_BANK_HOLIDAYS_SCOTLAND);
	cr_expect_eq(calendar_other(&set, INSTRUMENT_SSI_2016_358).id, CALENDAR_FIXED_DAYS);
	cr_expect_eq(calendar_of(&set, INSTRUMENT_SSI_2016_357).id, CALENDAR_FIXED_DAYS);
	cr_expect_eq(calendar_parse(STR("bank_holidays_scotland"), &id), 0);
	cr_expect_eq(id, CALENDAR_BANK_HOLIDAYS_SCOTLAND);
	cr_expect_eq(calendar_parse(STR("lunar"), &id), ERR_NOT_FOUND);
	for (int i = 0; i < INSTRUMENT_COUNT; i++)
		cr_expect(strstr("CU", instrument_info((enum instrument)i)->confidence));
}
