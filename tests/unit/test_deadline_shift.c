/*
 * Another calendar under running clocks: what moves, and that what has ended does not.
 */
#include "libassets/request/deadline_shift.h"
#include "tests/unit/deadlines.h"

static struct deadline at[DEADLINES_MAX];
static struct deadline_shift shift[DEADLINES_MAX];

/* K8 met, K8 running, K6 running. */
static size_t clocks(const struct calendars *all)
{
	struct deadlines d = {at, 0, all, DAY_NONE, false};

	deadline_start(&d, CLOCK_K8, test_day("2026-03-20"), DAY_NONE);
	deadline_end(&d, CLOCK_K8, STR("REVIEW_APPLIED"), test_day("2026-03-25"));
	deadline_start(&d, CLOCK_K8, test_day("2027-06-01"), DAY_NONE);
	deadline_start(&d, CLOCK_K6, test_day("2027-06-01"), DAY_NONE);
	return d.count;
}

static json_t *parse(const struct buf *text)
{
	json_t *root =
		json_loadb(buf_view(text).at, buf_view(text).len, JSON_REJECT_DUPLICATES, NULL);

	cr_assert_not_null(root, "%.*s", (int)text->len, text->at);
	return root;
}

static json_t *kept_by_default(void)
{
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);

	deadlines_encode_over(NULL, at, clocks(&calendars_default), &text);
	return parse(&text);
}

Test(deadline_shift, a_new_holiday_moves_the_later_reading_alone)
{
	const struct holiday extra = {test_day("2027-06-14"), STR("Another bank holiday"), false};
	struct calendars all = calendars_default;
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	json_auto_t *kept = kept_by_default(), *after = NULL, *said = NULL;

	all.loaded.loaded = &extra;
	all.loaded.loaded_count = 1;
	cr_assert_eq(deadlines_shifted(kept, at, clocks(&all), shift), 1);
	cr_expect_str_eq(shift[0].now->clock->id, "K8");
	EXPECT_DAY(shift[0].was_due_on, "2027-06-28");
	EXPECT_DAY(shift[0].now->due_on, "2027-06-28");
	EXPECT_DAY(shift[0].was_late_after_on, "2027-06-28");
	EXPECT_DAY(shift[0].now->late_after_on, "2027-06-29");
	deadline_shift_encode(&shift[0], &text);
	said = parse(&text);
	cr_expect_str_eq(test_member(said, "late_after_on"), "2027-06-29");
	cr_expect_eq(json_object_size(said), 7);
	buf_clear(&text);
	deadlines_encode_over(kept, at, 3, &text);
	after = parse(&text);
	cr_expect(json_equal(json_array_get(kept, 0), json_array_get(after, 0)));
	cr_expect_str_eq(test_member(json_array_get(after, 1), "late_after_on"), "2027-06-29");
	cr_expect(json_equal(json_array_get(kept, 2), json_array_get(after, 2)));
}

Test(deadline_shift, a_list_that_speaks_of_the_year_settles_a_date)
{
	const struct deadline *settled[DEADLINES_MAX];
	struct calendars all = calendars_default;
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	json_auto_t *kept = NULL, *after = NULL;
	size_t n;

	all.of[INSTRUMENT_SSI_2016_358] = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	deadlines_encode_over(NULL, at, clocks(&all), &text);
	kept = parse(&text);
	cr_assert(json_is_true(json_object_get(json_array_get(kept, 1), "provisional")));
	cr_expect_eq(deadlines_settled(kept, at, clocks(&all), settled), 0, "as it was");
	all.loaded.loaded_until = test_day("2027-12-31");
	n = clocks(&all);
	cr_expect_eq(deadlines_shifted(kept, at, n, shift), 0);
	cr_assert_eq(deadlines_settled(kept, at, n, settled), 1, "the running one alone");
	cr_expect_eq(settled[0], &at[1]);
	buf_clear(&text);
	deadlines_encode_over(kept, at, n, &text);
	after = parse(&text);
	cr_expect(json_equal(json_array_get(kept, 0), json_array_get(after, 0)), "has ended");
	cr_expect(json_is_false(json_object_get(json_array_get(after, 1), "provisional")));
	cr_expect_eq(deadlines_settled(after, at, n, settled), 0, "once");
}

Test(deadline_shift, a_switched_calendar_leaves_the_past_as_it_was_explained)
{
	struct calendars all = calendars_default;
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	json_auto_t *kept = kept_by_default(), *after = NULL;

	all.of[INSTRUMENT_SSI_2016_358] = CALENDAR_BANK_HOLIDAYS_SCOTLAND;
	/* June 2027 has no holiday, so both readings are one day and nothing moves. */
	cr_assert_eq(deadlines_shifted(kept, at, clocks(&all), shift), 0);
	deadlines_encode_over(kept, at, 3, &text);
	after = parse(&text);
	cr_expect(json_equal(kept, after));
	cr_expect_str_eq(test_member(json_array_get(after, 0), "due_on"), "2026-04-16");
}
