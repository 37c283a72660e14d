/*
 * Lists of bank holidays: GOV.UK's own, broken ones, and one version after another.
 */
#include "libassets/base/err.h"
#include "libassets/clock/calendar_list.h"
#include "tests/unit/deadlines.h"
#include "tests/unit/reading.h"

TestSuite(calendar_list, .init = reading_setup, .fini = reading_teardown);

static int read_text(const char *text, struct shape_list *ret_days)
{
	json_auto_t *root = json_loads(text, JSON_DECODE_ANY, NULL);

	cr_assert_not_null(root, "%s", text);
	flaws_init(&flaws, &arena);
	return calendar_list_read(root, &WIRE_TOP, &flaws, ret_days);
}

static struct shape_list days_of(const char *text)
{
	struct shape_list days = {NULL, 0};

	cr_assert_eq(read_text(text, &days), 0, "%s", text);
	return days;
}

static const struct calendar_day *day_at(struct shape_list list, size_t i)
{
	cr_assert_lt(i, list.count);
	return (const struct calendar_day *)list.at + i;
}

Test(calendar_list, gov_uk_as_published)
{
	json_auto_t *root = json_load_file(TEST_DATA "/bank-holidays/bank-holidays.json", 0, NULL);
	struct shape_list days, added, missing;

	cr_assert_eq(calendar_list_read(root, &WIRE_TOP, &flaws, &days), 0);
	cr_assert_eq(days.count, 36);
	EXPECT_DAY(day_at(days, 0)->on, "2024-01-01");
	EXPECT_DAY(day_at(days, 35)->on, "2027-12-28");
	cr_expect(day_at(days, 35)->is_substitute.value);
	cr_assert_eq(calendar_list_compare(days, &arena, &added, &missing), 0);
	cr_expect_eq(added.count, 0);
	cr_assert_eq(missing.count, 1, "proclaimed after the list was published");
	EXPECT_DAY(day_at(missing, 0)->on, "2026-06-15");
}

Test(calendar_list, what_is_wrong_is_named)
{
	static const struct {
		const char *text, *pointer, *code;
	} rows[] = {
		{"7", "", "WRONG_TYPE"},
		{"{}", "/events", "REQUIRED"},
		{"{\"scotland\":7}", "/scotland", "WRONG_TYPE"},
		{"{\"scotland\":{\"events\":[]}}", "/scotland/events", "REQUIRED"},
		{"{\"events\":[1]}", "/events/0", "WRONG_TYPE"},
		{"{\"events\":[{\"title\":\"A\"}]}", "/events/0/date", "REQUIRED"},
		{"{\"events\":[{\"title\":\"A\",\"date\":\"2027-02-30\"}]}", "/events/0/date",
		 "NOT_A_DATE"},
		{"{\"events\":[{\"title\":\"A\",\"date\":\"2007-12-25\"}]}", "/events/0/date",
		 "OUT_OF_RANGE"},
		{"{\"events\":[{\"title\":\"A\",\"date\":\"2027-01-01\"},"
		 "{\"title\":\"B\",\"date\":\"2027-01-01\"}]}",
		 "/events/1/date", "DUPLICATE"},
		{"{\"events\":[{\"title\":\"A\",\"date\":\"2027-01-01\",\"colour\":1}]}",
		 "/events/0/colour", "UNKNOWN_FIELD"},
		{"{\"division\":\"england-and-wales\",\"events\":[{\"title\":\"Easter Monday\","
		 "\"date\":\"2027-03-29\"}]}",
		 "/division", "NOT_IN_LIST"},
		{"{\"scotland\":{\"division\":\"northern-ireland\",\"events\":[{\"title\":\"A\","
		 "\"date\":\"2027-07-12\"}]}}",
		 "/scotland/division", "NOT_IN_LIST"},
		{"{\"division\":7,\"events\":[{\"title\":\"A\",\"date\":\"2027-01-04\"}]}",
		 "/division", "NOT_IN_LIST"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct shape_list days = {NULL, 7};

		cr_expect_eq(read_text(rows[i].text, &days), ERR_INVALID, "%s", rows[i].text);
		cr_assert_geq(flaws.count, 1, "%s", rows[i].text);
		cr_expect_str_eq(flaws.at[0].pointer.at, rows[i].pointer, "%s", rows[i].text);
		cr_expect_str_eq(flaws.at[0].code.at, rows[i].code, "%s", rows[i].text);
		cr_expect_eq(days.count, 7, "set on success only");
	}
}

static const struct calendar_form nothing;

#define EVENT(title, date) "{\"title\":\"" title "\",\"date\":\"" date "\",\"notes\":\"\"}"

Test(calendar_list, a_version_keeps_the_past_and_takes_back_the_future)
{
	struct shape_list first = days_of("{\"events\":[" EVENT("Past", "2027-03-01") "," EVENT(
		"Mistaken", "2027-09-01") "," EVENT("Far", "2031-09-01") "]}");
	struct shape_list second = days_of("{\"events\":[" EVENT("Good", "2027-09-06") "]}");
	struct calendar_version none = {.covers_until = DAY_NONE}, a, b;
	struct day today = test_day("2027-06-01");

	cr_assert_eq(calendar_version_next(&none, first, &nothing, today, &flaws, &a), 0);
	cr_assert_eq(a.holidays.count, 3);
	EXPECT_DAY(a.covers_until, "2031-12-31");
	cr_assert_eq(calendar_version_next(&a, second, &nothing, today, &flaws, &b), 0);
	cr_assert_eq(b.holidays.count, 3);
	cr_expect(str_eq(day_at(b.holidays, 0)->name, STR("Past")));
	cr_expect(str_eq(day_at(b.holidays, 1)->name, STR("Good")));
	cr_expect(str_eq(day_at(b.holidays, 2)->name, STR("Far")), "of a year it does not name");
	EXPECT_DAY(b.covers_until, "2031-12-31");
	/* Without a list only the settings change. */
	cr_assert_eq(calendar_version_next(&b, (struct shape_list){NULL, 0}, &nothing, today,
					   &flaws, &a),
		     0);
	cr_expect_eq(a.holidays.count, 3);
}

Test(calendar_list, a_version_switches_calendars)
{
	struct shape_list days = days_of("{\"events\":[" EVENT("Extra", "2027-06-14") "]}");
	struct calendar_setting settings = {.ssi_2016_358 = STR("BANK_HOLIDAYS_SCOTLAND")};
	const struct calendar_form form = {.instruments = &settings};
	struct calendar_version none = {.covers_until = DAY_NONE}, a, b;
	struct calendars all;
	struct day today = test_day("2027-01-01"), due = DAY_NONE;
	struct calendar cal;

	cr_assert_eq(calendar_version_next(&none, days, &form, today, &flaws, &a), 0);
	cr_assert_eq(calendar_version_calendars(&a, &arena, &all), 0);
	cal = calendar_of(&all, INSTRUMENT_SSI_2016_358);
	cr_expect_eq(cal.id, CALENDAR_BANK_HOLIDAYS_SCOTLAND);
	cr_assert_eq(calendar_nth_working(&cal, test_day("2027-06-14"), 1, &due), 0);
	EXPECT_DAY(due, "2027-06-15");
	cr_expect_not(calendar_is_provisional(&cal, test_day("2027-12-31")));
	cr_expect(calendar_is_provisional(&cal, test_day("2028-01-01")));
	cr_expect_eq(all.of[INSTRUMENT_SSI_2016_357], CALENDAR_FIXED_DAYS);
	cr_expect_eq(all.of[INSTRUMENT_SSI_2017_39], CALENDAR_FIXED_DAYS, "confirmed by law");
	/* What a later version does not say stays. */
	cr_assert_eq(calendar_version_next(&a, (struct shape_list){NULL, 0}, &nothing, today,
					   &flaws, &b),
		     0);
	cr_assert_eq(calendar_version_calendars(&b, &arena, &all), 0);
	cr_expect_eq(all.of[INSTRUMENT_SSI_2016_358], CALENDAR_BANK_HOLIDAYS_SCOTLAND);
}
