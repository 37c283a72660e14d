/*
 * Scottish bank holidays by rule: against the published lists, and what holds in every year.
 */
#include "libassets/clock/holiday.h"
#include "tests/unit/deadlines.h"

static void expect_year(const char *year, const json_t *list)
{
	struct holiday h[HOLIDAYS_MAX];
	size_t n = holidays_of_year((int32_t)strtol(year, NULL, 10), h);

	cr_assert_eq(n, json_array_size(list), "%s", year);
	for (size_t i = 0; i < n; i++)
		EXPECT_DAY(h[i].on, json_string_value(json_array_get(list, i)));
}

Test(holiday, the_lists_of_twenty_years)
{
	json_auto_t *root = test_deadlines();
	json_t *list;
	const char *year;
	size_t years = 0;

	json_object_foreach (json_object_get(root, "bank_holidays_scotland"), year, list) {
		expect_year(year, list);
		years++;
	}
	cr_expect_eq(years, 20);
}

/* GOV.UK's list of August 2025 has every computed day but the one proclaimed in 2026. */
Test(holiday, the_list_of_gov_uk)
{
	json_auto_t *root = json_load_file(TEST_DATA "/bank-holidays/bank-holidays.json", 0, NULL);
	const json_t *events = json_object_get(json_object_get(root, "scotland"), "events");
	const json_t *event;
	size_t i, known = 0;

	cr_assert_gt(json_array_size(events), 30);
	json_array_foreach (events, i, event) {
		struct day on = test_day(test_member(event, "date"));
		struct holiday h[HOLIDAYS_MAX];
		size_t n = holidays_of_year(day_civil(on).year, h), k = 0;

		while (k < n && day_cmp(h[k].on, on) != 0)
			k++;
		cr_expect_lt(k, n, "%s", test_member(event, "date"));
		known += strcmp(test_member(event, "date"), "2026") > 0 &&
			 strcmp(test_member(event, "date"), "2027") < 0;
	}
	cr_expect_eq(known, 9, "the list is older than 15 June 2026");
}

Test(holiday, every_year_is_in_order_on_weekdays_and_complete)
{
	for (int32_t year = HOLIDAY_YEAR_MIN; year <= DAY_YEAR_MAX; year++) {
		struct holiday h[HOLIDAYS_MAX];
		size_t n = holidays_of_year(year, h);

		cr_assert(n >= 9 && n <= 12, "%d has %zu", year, n);
		for (size_t i = 0; i < n; i++) {
			cr_assert_eq(day_civil(h[i].on).year, year);
			cr_assert_leq(day_of_week(h[i].on), 5, "%s", test_day_text(h[i].on));
			cr_assert(i == 0 || day_cmp(h[i - 1].on, h[i].on) < 0, "%d", year);
			cr_assert_gt(h[i].name.len, 0);
		}
	}
}

Test(holiday, names_and_substitutes)
{
	static const struct {
		const char *on;
		const char *name;
		bool is_substitute;
	} rows[] = {
		{"2022-01-03", "New Year's Day", true},
		{"2022-01-04", "2 January", true},
		{"2023-01-02", "2 January", false},
		{"2023-01-03", "New Year's Day", true},
		{"2026-04-03", "Good Friday", false},
		{"2026-06-15", "World Cup bank holiday", false},
		{"2026-12-28", "Boxing Day", true},
		{"2027-12-27", "Christmas Day", true},
		{"2025-12-01", "St Andrew's Day", true},
		{"2026-11-30", "St Andrew's Day", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct day on = test_day(rows[i].on);
		struct holiday h[HOLIDAYS_MAX];
		size_t n = holidays_of_year(day_civil(on).year, h), k = 0;

		while (k < n && day_cmp(h[k].on, on) != 0)
			k++;
		cr_assert_lt(k, n, "%s", rows[i].on);
		cr_expect(str_eq(h[k].name, str_of(rows[i].name)), "%s is %s", rows[i].on,
			  h[k].name.at);
		cr_expect_eq(h[k].is_substitute, rows[i].is_substitute, "%s", rows[i].on);
	}
}

Test(holiday, easter)
{
	EXPECT_DAY(holiday_easter(2008), "2008-03-23");
	EXPECT_DAY(holiday_easter(2019), "2019-04-21");
	EXPECT_DAY(holiday_easter(2026), "2026-04-05");
	EXPECT_DAY(holiday_easter(2038), "2038-04-25");
	EXPECT_DAY(holiday_easter(2160), "2160-03-23");
}
