/*
 * Lengths of clocks that are settings: which can be set, from when they hold, and that no date of
 * what came before moves.
 */
#include "libassets/base/err.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/request/deadline_shift.h"
#include "libassets/request/request_clock.h"
#include "tests/unit/deadlines.h"
#include "tests/unit/reading.h"

TestSuite(clock_setting, .init = reading_setup, .fini = reading_teardown);

#define SET(clock_, length_, from)                                                                 \
	{                                                                                          \
		.clock = STR_INIT(clock_), .length = {length_, true}, .from_on = test_day(from)    \
	}

static struct shape_list list_of(struct clock_setting *at, size_t n)
{
	return (struct shape_list){at, n};
}

static struct shape_list over(struct shape_list before, struct clock_setting *sent, size_t n)
{
	struct shape_list all = {NULL, 0};

	flaws_init(&flaws, &arena);
	cr_assert_eq(
		clock_settings_next(before, list_of(sent, n), test_day("2026-12-01"), &flaws, &all),
		0);
	return all;
}

static int32_t length_of(struct shape_list all, enum clock_id clock, const char *start)
{
	return clock_period_of(all, clock, test_day(start)).length;
}

Test(clock_setting, each_that_can_be_set_is_not_confirmed_and_counts)
{
	for (struct str rest = STR(CLOCK_SETTABLE); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);
		enum clock_id id;

		cr_assert_eq(clock_parse(word, &id), 0);
		cr_expect(strchr("PU", *clock_rule(id)->confidence), "%s", clock_rule(id)->id);
		cr_expect_neq(clock_rule(id)->whose, CLOCK_OF_NOBODY);
		cr_expect(clock_rule(id)->period.unit == PERIOD_WORKING_DAYS ||
			  clock_rule(id)->period.unit == PERIOD_MONTHS);
	}
	/* And no other of those of a request. */
	for (int id = CLOCK_K1; id <= CLOCK_K23; id++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)id);

		cr_expect_eq(strchr("PU", *rule->confidence) != NULL,
			     shape_is_word(str_of(rule->id), CLOCK_SETTABLE), "%s", rule->id);
	}
}

Test(clock_setting, holds_from_its_day_until_the_next)
{
	struct clock_setting first[] = {SET("K3", 20, "2027-06-01"), SET("K1", 10, "2027-01-01")};
	struct clock_setting second[] = {SET("K1", 5, "2028-01-01"), SET("K3", 25, "2027-06-01")};
	struct shape_list all = over(over((struct shape_list){NULL, 0}, first, 2), second, 2);

	cr_assert_eq(all.count, 3, "one took the place of another");
	cr_expect_eq(length_of(all, CLOCK_K1, "2026-12-31"), 15);
	cr_expect_eq(length_of(all, CLOCK_K1, "2027-01-01"), 10);
	cr_expect_eq(length_of(all, CLOCK_K1, "2027-12-31"), 10);
	cr_expect_eq(length_of(all, CLOCK_K1, "2028-01-01"), 5);
	cr_expect_eq(length_of(all, CLOCK_K3, "2027-06-01"), 25);
	cr_expect_eq(length_of(all, CLOCK_K2, "2030-01-01"), 15);
	cr_expect_eq(clock_period_of(all, CLOCK_K1, test_day("2027-01-01")).unit,
		     PERIOD_WORKING_DAYS);
}

Test(clock_setting, what_has_come_keeps_what_was_in_force)
{
	struct clock_setting sent[] = {SET("K1", 10, "2026-12-01"), SET("K2", 10, "2026-12-02"),
				       SET("K2", 12, "2026-12-02")};
	struct shape_list all;

	cr_assert_eq(clock_settings_next((struct shape_list){NULL, 0}, list_of(sent, 3),
					 test_day("2026-12-01"), &flaws, &all),
		     ERR_INVALID);
	cr_assert_eq(flaws.count, 2);
	cr_expect_str_eq(flaws.at[0].pointer.at, "/clocks/0/from_on");
	cr_expect_str_eq(flaws.at[1].pointer.at, "/clocks/2");
	cr_expect(str_eq(flaws.at[1].code, STR("DUPLICATE")));
}

static int count_of(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

/* The dates of a request that came before, and of one that came after. */
Test(clock_setting, moves_no_date_that_runs)
{
	struct clock_setting sent[] = {SET("K1", 10, "2027-01-11"), SET("K19", 9, "2027-01-11")};
	struct calendar_version none = {.covers_until = DAY_NONE}, next;
	const struct calendar_form form = {.clocks = {sent, 2}};
	struct deadline at[DEADLINES_MAX];
	struct deadlines d = {at, 0, NULL, DAY_NONE, false};
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	struct calendars all;

	sent[1].mode = STR("AFTER");
	cr_assert_eq(calendar_version_next(&none, (struct shape_list){NULL, 0}, &form,
					   test_day("2026-12-01"), &flaws, &next),
		     0);
	cr_assert_eq(calendar_version_calendars(&next, &arena, &all), 0);
	d.calendars = &all;
	deadline_start(&d, CLOCK_K1, test_day("2027-01-08"), DAY_NONE);
	EXPECT_DAY(at[0].due_on, "2027-01-29");
	deadline_start(&d, CLOCK_K1, test_day("2027-01-11"), DAY_NONE);
	EXPECT_DAY(at[1].due_on, "2027-01-25");
	deadline_start(&d, CLOCK_K19, test_day("2027-01-10"), DAY_NONE);
	EXPECT_DAY(at[2].due_on, "2027-07-09");
	deadline_start(&d, CLOCK_K19, test_day("2027-01-11"), DAY_NONE);
	EXPECT_DAY(at[3].due_on, "2027-10-11");
	deadlines_encode_over(NULL, d.at, d.count, &text);
	cr_expect_not_null(strstr(buf_view(&text).at, "15 working days after that day"));
	cr_expect_not_null(strstr(buf_view(&text).at, "10 working days after that day"));
	cr_expect_not_null(strstr(buf_view(&text).at, "9 months after that day"));
	cr_expect_eq(count_of(buf_view(&text).at, "this is what was set for clocks"), 2);
}
