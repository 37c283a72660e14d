/*
 * The breaker and the bucket of a receiver, by a clock of our own (W-30, W-31, W-33).
 */
#include <criterion/criterion.h>

#include "libassets/notify/breaker.h"
#include "libassets/notify/bucket.h"

#define S INT64_C(1000000)
#define T0 (INT64_C(1795255200) * S)

static void note(struct breaker *b, int64_t at_us, enum breaker_outcome outcome, int times)
{
	for (int i = 0; i < times; i++)
		(void)breaker_note(b, at_us, outcome);
}

/* W-30: opened by five in a row, */
Test(breaker, five_without_an_answer_open_it_and_four_do_not)
{
	struct breaker b = {0};

	note(&b, T0, BREAKER_NO_ANSWER, 4);
	note(&b, T0, BREAKER_GOOD, 1);
	note(&b, T0, BREAKER_NO_ANSWER, 4);
	cr_assert_eq(breaker_room(&b, T0, 16), 16);
	cr_assert(breaker_note(&b, T0, BREAKER_NO_ANSWER));
	cr_assert_eq(breaker_room(&b, T0, 16), 0);
	cr_assert_eq(breaker_room(&b, T0 + 30 * S - 1, 16), 0);
	cr_assert_eq(breaker_room(&b, T0 + 30 * S, 16), 1, "half open: one probe");
}

/* W-30: by a share of what there was, */
Test(breaker, seven_in_ten_of_five_minutes_open_it)
{
	struct breaker b = {0};

	note(&b, T0, BREAKER_GOOD, 3);
	note(&b, T0 + S, BREAKER_REFUSED, 6);
	cr_assert_eq(b.state, BREAKER_CLOSED, "nine say nothing yet");
	note(&b, T0 + 2 * S, BREAKER_REFUSED, 1);
	cr_assert_eq(b.state, BREAKER_OPEN);

	b = (struct breaker){0};
	note(&b, T0, BREAKER_GOOD, 4);
	note(&b, T0, BREAKER_REFUSED, 6);
	cr_assert_eq(b.state, BREAKER_CLOSED, "six in ten");

	b = (struct breaker){0};
	note(&b, T0, BREAKER_REFUSED, 9);
	note(&b, T0 + 301 * S, BREAKER_REFUSED, 9);
	cr_assert_eq(b.state, BREAKER_CLOSED, "those before are forgotten");
}

/* W-30: for longer each time, */
Test(breaker, a_probe_that_fails_doubles_the_pause_to_half_an_hour)
{
	static const int64_t pause_s[] = {30, 60, 120, 240, 480, 960, 1800, 1800};
	struct breaker b = {0};
	int64_t at = T0;

	note(&b, at, BREAKER_NO_ANSWER, 5);
	for (size_t i = 0; i < COUNT(pause_s); i++) {
		cr_assert_eq(breaker_room(&b, at + pause_s[i] * S - 1, 16), 0, "pause %zu", i);
		at += pause_s[i] * S;
		cr_assert_eq(breaker_room(&b, at, 16), 1);
		cr_assert(breaker_note(&b, at, BREAKER_REFUSED));
	}
}

/* W-30: and closed by three probes. */
Test(breaker, three_good_ones_close_it_and_it_comes_back_by_doubling)
{
	struct breaker b = {0};
	int64_t at = T0 + 30 * S;

	note(&b, T0, BREAKER_NO_ANSWER, 5);
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(breaker_room(&b, at, 16), 1);
		cr_assert_not(breaker_note(&b, at, BREAKER_GOOD));
	}
	cr_assert_eq(b.state, BREAKER_CLOSED);
	for (int room = 1; room <= 16; room *= 2) {
		cr_assert_eq(breaker_room(&b, at, 16), room);
		cr_assert_not(breaker_note(&b, at, BREAKER_GOOD));
	}
	cr_assert_eq(breaker_room(&b, at, 16), 16);
	note(&b, at, BREAKER_NO_ANSWER, 5);
	cr_assert_eq(breaker_room(&b, at + 30 * S, 16), 1, "from the first pause again");
}

Test(breaker, a_clock_that_goes_back_an_hour_makes_no_pause_longer)
{
	struct breaker b = {0};
	int64_t back = T0 - 3600 * S;

	note(&b, T0, BREAKER_NO_ANSWER, 5);
	cr_assert_eq(breaker_room(&b, back, 16), 0);
	cr_assert_eq(breaker_room(&b, back + 30 * S, 16), 1);

	/* Nor what comes of it is put off until then by who answers meanwhile. */
	b = (struct breaker){0};
	note(&b, T0, BREAKER_NO_ANSWER, 5);
	cr_assert(breaker_note(&b, back, BREAKER_NO_ANSWER));
	cr_assert_leq(b.until_us, back + 30 * S);
}

/* W-31 */
Test(breaker, what_was_under_way_when_it_opened_is_not_counted)
{
	struct breaker b = {0};

	note(&b, T0, BREAKER_NO_ANSWER, 5);
	cr_assert(breaker_note(&b, T0 + S, BREAKER_NO_ANSWER), "consumes no attempt");
	cr_assert_not(breaker_note(&b, T0 + S, BREAKER_GOOD));
	cr_assert_eq(breaker_room(&b, T0 + 30 * S, 16), 1, "nor moves the pause");
}

/* W-33 */
Test(bucket, a_burst_then_the_rate)
{
	struct bucket b = {0};
	int64_t at = T0;

	bucket_set(&b, 3600, 5); /* one a second */
	for (int i = 0; i < 5; i++) {
		cr_assert_eq(bucket_wait_us(&b, at), 0, "%d", i);
		bucket_take(&b, at);
	}
	cr_assert_eq(bucket_wait_us(&b, at), S);
	cr_assert_eq(bucket_wait_us(&b, at + S), 0);
	bucket_take(&b, at + S);
	cr_assert_eq(bucket_wait_us(&b, at + S), S);
	for (int i = 0; i < 5; i++) { /* after a long rest no more than the burst */
		cr_assert_eq(bucket_wait_us(&b, at + 9999 * S), 0);
		bucket_take(&b, at + 9999 * S);
	}
	cr_assert_eq(bucket_wait_us(&b, at + 9999 * S), S);
}

Test(bucket, one_a_minute_lets_one_of_five_go)
{
	struct bucket b = {0};
	int sent = 0;

	bucket_set(&b, 60, 1);
	for (int i = 0; i < 5; i++) {
		if (bucket_wait_us(&b, T0) == 0) {
			bucket_take(&b, T0);
			sent++;
		}
	}
	cr_assert_eq(sent, 1);
	cr_assert_eq(bucket_wait_us(&b, T0), 60 * S);
}

Test(bucket, all_zero_lets_all_go_and_a_clock_set_back_holds_up_nobody)
{
	struct bucket b = {0};

	for (int i = 0; i < 1000; i++) {
		cr_assert_eq(bucket_wait_us(&b, T0), 0);
		bucket_take(&b, T0);
	}
	bucket_set(&b, 3600, 2);
	bucket_take(&b, T0);
	cr_assert_leq(bucket_wait_us(&b, T0 - 3600 * S), 2 * S);
}
