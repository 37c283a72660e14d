/*
 * A day that is due ends at midnight in London, to the microsecond: every day of 2026 to 2030,
 * both changes of the clocks among them, as the last day for a decision.
 */
#include "daemon/base/clock.h"
#include "libassets/request/request_remind.h"
#include "requests.h"

TestSuite(due_day, .init = requests_setup, .fini = reading_teardown);

/* Has time ended it by then? The request itself stays as it was. */
static bool is_over(int64_t now_us)
{
	const struct day on = clock_today(now_us);
	struct request then = request;
	struct request_act timed;

	return request_pass(&then, &(struct request_until){on, REQUEST_EVENT_COUNT, on}, &arena,
			    &timed);
}

/* Made, whole, on that day. */
static void validate_on(struct day on)
{
	struct request_form form;
	struct request_act a;

	arena_done(&arena);
	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
	today = on;
	shape_clear(&request_form_shape, &form);
	form.asset_id = STR("ast_00000000000000000000000001");
	form.kind = STR("LEASE");
	form.received_on = on;
	cr_assert_eq(request_begin(&form, today, &flaws, &request), 0);
	request.route = STR("LA_REVIEW");
	request.around = &around;
	shape_clear(&request_act_shape, &a);
	a.event = STR("VALIDATE");
	a.on = on;
	cr_assert_eq(tell_act(&a, REQUEST_EVENT_VALIDATE), 0);
}

Test(due_day, ends_at_midnight_in_london)
{
	const struct day last = day("2030-12-31");
	int days = 0;

	for (struct day d = day("2025-07-01"); days < 3000; d = day_add(d, 1), days++) {
		struct day due;
		int64_t ends_us;

		validate_on(d);
		due = the_clock("K6")->due_on;
		if (day_cmp(due, last) > 0)
			break;
		ends_us = clock_day_begins_us(day_add(due, 1));
		cr_assert(!is_over(clock_day_begins_us(due)));
		cr_assert(!is_over(ends_us - 1), "a decision due on %s was missed before its end",
			  shape_day_text(due, &arena).at);
		cr_assert(is_over(ends_us), "%s did not end", shape_day_text(due, &arena).at);
		/* And somebody looks by then. */
		today = due;
		cr_assert(day_cmp(request_look_on(&request, 0), day_add(due, 1)) <= 0);
	}
	cr_assert_gt(days, 1800);
}
