/*
 * Deadlines: what starts, ends, moves and holds them, the two readings of working days, and how
 * the day is explained.
 */
#include "libassets/base/err.h"
#include "libassets/request/deadline_shift.h"
#include "tests/unit/deadlines.h"

static struct deadline at[DEADLINES_MAX];

static struct deadlines none(void)
{
	return (struct deadlines){at, 0, &calendars_default, DAY_NONE, false};
}

static json_t *encode(const struct deadlines *d)
{
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	json_t *root;

	deadlines_encode_over(NULL, d->at, d->count, &text);
	cr_assert_eq(buf_err(&text), 0);
	root = json_loadb(buf_view(&text).at, buf_view(&text).len, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root);
	return root;
}

static void expect_how(const json_t *item, const char *const *want, size_t n)
{
	const json_t *how = json_object_get(item, "how");

	cr_expect_eq(json_array_size(how), n);
	for (size_t i = 0; i < n; i++)
		cr_expect_str_eq(json_string_value(json_array_get(how, i)), want[i]);
}

Test(deadline, a_right_is_late_only_by_both_readings)
{
	struct deadlines d = none();

	deadline_start(&d, CLOCK_K8, test_day("2026-03-20"), DAY_NONE);
	deadline_start(&d, CLOCK_K15, test_day("2026-03-20"), DAY_NONE);
	cr_assert_eq(d.count, 2);
	EXPECT_DAY(at[0].due_on, "2026-04-16");
	EXPECT_DAY(at[0].late_after_on, "2026-04-17");
	cr_expect_eq(day_cmp(at[1].late_after_on, at[1].due_on), 0, "a duty has one day");
	cr_expect_not(at[0].is_provisional, "fixed days are known for ever");
	deadline_end(&d, CLOCK_K8, STR("REVIEW_APPLIED"), test_day("2026-04-17"));
	cr_expect_eq(at[0].state, DEADLINE_MET);
	deadline_start(&d, CLOCK_K8, test_day("2026-03-20"), DAY_NONE);
	deadline_end(&d, CLOCK_K8, STR("REVIEW_APPLIED"), test_day("2026-04-18"));
	cr_expect_eq(at[2].state, DEADLINE_MISSED);
}

Test(deadline, the_calendar_of_an_instrument_can_be_switched)
{
	struct calendars set = calendars_default;
	struct deadlines d = {at, 0, &set, DAY_NONE, false};

	set.of[INSTRUMENT_SSI_2016_358] = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	deadline_start(&d, CLOCK_K8, test_day("2026-03-20"), DAY_NONE);
	EXPECT_DAY(at[0].due_on, "2026-04-17");
	EXPECT_DAY(at[0].late_after_on, "2026-04-17");
	cr_expect_eq(at[0].calendar, CALENDAR_BANK_HOLIDAYS_SCOTLAND);
	cr_expect(at[0].is_provisional, "no list is loaded");
	/* Where bank holidays are not known, fixed days are. */
	deadline_start(&d, CLOCK_K8, test_day("1990-03-20"), DAY_NONE);
	cr_expect_eq(at[1].calendar, CALENDAR_FIXED_DAYS);
}

Test(deadline, ends_in_four_ways)
{
	struct deadlines d = none();

	deadline_start(&d, CLOCK_K6, test_day("2026-10-01"), DAY_NONE);
	deadline_end(&d, CLOCK_K6, STR("EXTEND"), test_day("2027-03-01"));
	cr_expect_eq(at[0].state, DEADLINE_STOPPED);
	deadline_start(&d, CLOCK_K7, test_day("2027-03-01"), test_day("2027-06-01"));
	EXPECT_DAY(at[1].due_on, "2027-06-01");
	deadline_end(&d, CLOCK_K7, (struct str){NULL, 0}, test_day("2027-06-01"));
	cr_expect_eq(at[1].state, DEADLINE_MISSED, "time itself");
	deadline_end(&d, CLOCK_K7, STR("AGREE"), test_day("2027-06-01"));
	cr_expect_eq(at[1].state, DEADLINE_MISSED, "the first end counts");
	deadline_start(&d, CLOCK_K6, test_day("2026-10-01"), DAY_NONE);
	deadline_end(&d, CLOCK_K6, STR("REFUSE"), test_day("2027-04-01"));
	cr_expect_eq(at[2].state, DEADLINE_MET);
	deadline_end(&d, CLOCK_K19, STR("CONCLUDE_CONTRACT"), test_day("2027-04-01"));
	cr_expect_eq(d.count, 3, "what does not run cannot end");
}

Test(deadline, an_alarm_whose_day_has_passed_was_missed_whatever_ends_it)
{
	struct deadlines d = none();

	deadline_start(&d, CLOCK_K17, test_day("2026-10-01"), DAY_NONE);
	EXPECT_DAY(at[0].due_on, "2026-10-21");
	deadline_end(&d, CLOCK_K17, STR("APPEAL_DECIDED"), test_day("2026-10-21"));
	cr_expect_eq(at[0].state, DEADLINE_STOPPED, "its day was left");
	deadline_start(&d, CLOCK_K17, test_day("2026-10-01"), DAY_NONE);
	deadline_end(&d, CLOCK_K17, STR("APPEAL_DECIDED"), test_day("2026-10-22"));
	cr_expect_eq(at[1].state, DEADLINE_MISSED);
}

Test(deadline, representations_run_by_the_instrument_of_the_review_or_of_the_appeal)
{
	struct calendars set = calendars_default;
	struct deadlines d = {at, 0, &set, DAY_NONE, false};

	set.of[INSTRUMENT_SSI_2016_359] = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	deadline_start(&d, CLOCK_K16, test_day("2026-07-30"), DAY_NONE);
	cr_expect_eq(at[0].calendar, CALENDAR_FIXED_DAYS);
	EXPECT_DAY(at[0].due_on, "2026-08-13");
	d.is_appeal = true;
	deadline_start(&d, CLOCK_K16, test_day("2026-07-30"), DAY_NONE);
	cr_expect_eq(at[1].calendar, CALENDAR_BANK_HOLIDAYS_SCOTLAND);
	EXPECT_DAY(at[1].due_on, "2026-08-14");
}

Test(deadline, tests_are_no_deadlines)
{
	static const enum clock_id tests[] = {CLOCK_K20, CLOCK_K24, CLOCK_K25,
					      CLOCK_K30, CLOCK_K35, CLOCK_K43};
	struct deadlines d = none();

	for (size_t i = 0; i < COUNT(tests); i++)
		deadline_start(&d, tests[i], test_day("2026-10-01"), DAY_NONE);
	cr_expect_eq(d.count, 0);
}

Test(deadline, no_more_than_there_is_room_for)
{
	struct deadlines d = none();

	for (size_t i = 0; i < DEADLINES_MAX + 3; i++)
		deadline_start(&d, CLOCK_K6, test_day("2026-10-01"), DAY_NONE);
	cr_expect_eq(d.count, DEADLINES_MAX);
	for (int i = 1; i <= DEADLINE_MOVES_MAX + 3; i++)
		deadline_move(&d, CLOCK_K6, test_day("2027-01-01"),
			      day_add(test_day("2027-06-01"), i));
	cr_expect_eq(at[DEADLINES_MAX - 1].moves, DEADLINE_MOVES_MAX);
	EXPECT_DAY(at[DEADLINES_MAX - 1].due_on, "2027-06-12");
	EXPECT_DAY(at[DEADLINES_MAX - 1].move[DEADLINE_MOVES_MAX - 1].due_on, "2027-06-12");
}

Test(deadline, says_how_working_days_were_counted)
{
	static const char *const want[] = {
		"The count starts on Friday 11 December 2026, the date of the decision notice.",
		"20 working days beginning with that day: it is the first if it is a working day, "
		"else the next one is. A working day is every day but Saturdays, Sundays, 25 and "
		"26 December, 1 and 2 January.",
		"Not counted: 10 days of weekends; Christmas Day, Friday 25 December 2026; New "
		"Year's Day, Friday 1 January 2027.",
		"So the last day is Monday 11 January 2027, to midnight.",
		"Which days are no working days follows from the rules of the law alone: no list "
		"of bank holidays was loaded when this was counted.",
		"It rests on what was recorded by 11 December 2026.",
		"SSI 2016/358 was not seen to say what a working day is. By the other reading the "
		"last day is Wednesday 13 January 2027; up to then nothing is turned away as "
		"late.",
		"Afterwards the right is lost.",
	};
	struct deadlines d = none();
	json_auto_t *root = NULL;
	const json_t *skipped;

	deadline_start(&d, CLOCK_K8, test_day("2026-12-11"), DAY_NONE);
	root = encode(&d);
	expect_how(json_array_get(root, 0), want, COUNT(want));
	skipped = json_object_get(json_array_get(root, 0), "skipped");
	cr_assert_eq(json_array_size(skipped), 12);
	cr_expect_str_eq(test_member(json_array_get(skipped, 0), "on"), "2026-12-12");
	cr_expect_str_eq(test_member(json_array_get(skipped, 0), "why"), "Saturday");
	cr_expect_str_eq(test_member(json_array_get(skipped, 4), "on"), "2026-12-25");
	cr_expect_str_eq(test_member(json_array_get(skipped, 4), "why"), "Christmas Day");
}

Test(deadline, says_how_months_were_counted_and_that_nothing_moves_them)
{
	static const char *const want[] = {
		"The count starts on Thursday 25 June 2026, the day on which the request was "
		"complete, and so counts as made.",
		"6 months after that day end on the same-numbered day, or on the month's last day "
		"when it is shorter.",
		"So the last day is Friday 25 December 2026, to midnight.",
		"That is Christmas Day; no rule moves the day, so act before it.",
		"It rests on what was recorded by 25 June 2026.",
		"Without a notice by then there is no decision, and the time to challenge that "
		"begins on that very day.",
	};
	struct deadlines d = none();
	json_auto_t *root = NULL;

	deadline_start(&d, CLOCK_K6, test_day("2026-06-25"), DAY_NONE);
	root = encode(&d);
	expect_how(json_array_get(root, 0), want, COUNT(want));
	cr_expect_eq(json_array_size(json_object_get(json_array_get(root, 0), "skipped")), 0);
}

Test(deadline, says_what_was_stated_agreed_and_held)
{
	static const char *const want[] = {
		"The count starts on Thursday 10 April 2025, the date of the offer.",
		"6 months beginning with that day end on the day before the same-numbered day, or "
		"on the month's last day when there is none.",
		"On 1 September 2025 the last day was moved to 31 December 2025.",
		"So the last day is Wednesday 31 December 2025, to midnight.",
		"It rests on what was recorded by 3 September 2025.",
		"It waits for an answer of the Scottish Ministers.",
		"Without a contract by then the time to appeal begins on that very day.",
	};
	struct deadlines d = none();
	json_auto_t *root = NULL;
	const json_t *stated;

	deadline_start(&d, CLOCK_K19, test_day("2025-04-10"), DAY_NONE);
	EXPECT_DAY(at[0].due_on, "2025-10-09");
	d.known_on = test_day("2025-09-03");
	deadline_move(&d, CLOCK_K19, test_day("2025-09-01"), test_day("2025-12-31"));
	deadline_hold(&d, CLOCK_K19, true);
	deadline_start(&d, CLOCK_K4, test_day("2026-05-18"), test_day("2026-06-30"));
	root = encode(&d);
	expect_how(json_array_get(root, 0), want, COUNT(want));
	cr_expect_str_eq(test_member(json_array_get(root, 0), "known_on"), "2025-09-03");
	cr_expect(json_is_true(json_object_get(json_array_get(root, 0), "held")));
	stated = json_array_get(root, 1);
	cr_expect_str_eq(test_member(stated, "late_after_on"), "2026-06-30");
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(stated, "how"), 1)),
			 "The notice states the last day; it may not be less than 20 working days "
			 "on.");
}
