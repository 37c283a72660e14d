/*
 * What time does to a request, and what becomes of that when an act is recorded late.
 */
#include "requests.h"

TestSuite(request_time, .init = requests_setup, .fini = reading_teardown);

static void expect(const char *state, size_t entries)
{
	cr_assert(is_state(state), "%s, not %s", request.state.at, state);
	cr_assert_eq(request.ledger.count, entries, "%zu entries", request.ledger.count);
}

Test(request_time, silence_is_no_decision_from_the_first_moment_of_the_next_day)
{
	GO("LA_REVIEW", VALIDATE);
	wait_until("2026-07-05");
	expect("VALIDATED", 2);
	wait_until("2026-07-06");
	expect("NO_DECISION", 3);
	is_day(request.state_on, "2026-07-05", "state_on");
	is_day(the_clock("K9")->starts_on, "2026-07-05", "the right to challenge starts on");
	is_day(the_clock("K9")->due_on, "2026-07-31", "it is due on");
	cr_assert_eq(the_clock("K6")->state, DEADLINE_MISSED);
	wait_until("2026-08-01");
	expect("NO_DECISION", 4);
	cr_assert(has_flag("CHALLENGE_LAPSED"));
	cr_assert(day_is_none(request.bar_to), "the bar runs on");
}

Test(request_time, a_notice_of_the_last_day_typed_in_next_morning_is_in_time)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-07-06");
	expect("NO_DECISION", 5);
	cr_assert_eq(tell(ACT("REFUSE", "2026-07-05", GROUNDS)), 0);
	expect("REFUSED", 5);
	cr_assert(!has_flag("LATE_DECISION"));
	cr_assert_eq(the_clock("K6")->state, DEADLINE_MET);
	cr_assert_null(clock_of("K9"));
	/* A day later it is late, and stands in its place. */
	GO("LA_REVIEW", VALIDATE, NOTICES, ACT("REFUSE", "2026-07-06", GROUNDS));
	expect("REFUSED", 6);
	cr_assert(has_flag("LATE_DECISION"));
}

Test(request_time, a_challenge_that_was_in_time_opens_what_was_closed)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE);
	is_day(the_clock("K8")->due_on, "2026-03-09",
	       "20 working days that begin with the notice end");
	wait_until("2026-03-10");
	expect("CLOSED_REFUSED", 6);
	is_day(request.bar_to, "2026-03-09", "bar_to");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-03-09", "")), 0);
	expect("UNDER_REVIEW", 6);
	cr_assert(day_is_none(request.bar_to), "the bar never ended");
	is_day(the_clock("K14")->due_on, "2026-09-09", "the review is due");
	/* A day later it is kept, and changes nothing. */
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, ACT("REVIEW_APPLIED", "2026-03-10", ""));
	expect("CLOSED_REFUSED", 7);
	cr_assert(has_flag("LATE_CHALLENGE"));
	is_day(request.bar_to, "2026-03-09", "bar_to");
	/* One of the last day, typed in behind it, is not taken for late too: that one is
	 * corrected. */
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-03-09", "")), ERR_TRANSITION);
	expect("CLOSED_REFUSED", 7);
}

/* A higher price than the body offered is other terms, unless an officer says that it is not. */
Test(request_time, a_higher_price_can_be_challenged)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-02-10");
	request.offer_pence = (struct shape_number){100, true};
	cr_assert_eq(tell(ACT("AGREE", "2026-02-10", TERMS ",\"price_pence\":101")), 0);
	is_day(the_clock("K8")->due_on, "2026-03-09", "the last day of a review");
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-02-10");
	request.offer_pence = (struct shape_number){100, true};
	cr_assert_eq(tell(ACT("AGREE", "2026-02-10", TERMS ",\"price_pence\":100")), 0);
	cr_assert_null(clock_of("K8"));
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-02-10");
	request.offer_pence = (struct shape_number){100, true};
	cr_assert_eq(tell(ACT("AGREE", "2026-02-10",
			      TERMS ",\"price_pence\":101,\"terms_differ\":false")),
		     0);
	cr_assert_null(clock_of("K8"));
}

/* An offer gives the challenge up, and a withdrawal all of it; what then arrives is kept none the
 * less. */
Test(request_time, a_late_challenge_is_kept_whatever_became_of_its_right)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE_ELSE, ACT("OFFER", "2026-02-15", ""));
	cr_assert_eq(the_clock("K8")->state, DEADLINE_STOPPED);
	is_day(the_clock("K8")->late_after_on, "2026-03-09", "the last day");
	wait_until("2026-03-10");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-03-09", "")), ERR_TRANSITION, "given up");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-03-10", "")), 0);
	expect("OFFER_MADE", 7);
	cr_assert(has_flag("LATE_CHALLENGE"));
	GO("MINISTERS_APPEAL", VALIDATE, NOTICES, REFUSE, ACT("WITHDRAW", "2026-02-15", ""),
	   ACT("APPEAL_LODGED", "2026-03-10", ""));
	expect("WITHDRAWN", 7);
	cr_assert(has_flag("LATE_CHALLENGE"));
	is_day(request.bar_to, "2026-02-15", "bar_to");
	/* One that was used is used: the review is on its way. */
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, REVIEW);
	wait_until("2026-03-20");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-03-20", "")), ERR_TRANSITION);
}

Test(request_time, between_two_readings_an_officer_accepts_a_challenge)
{
	const char *between = ACT("REVIEW_APPLIED", "2026-04-17", "");

	/* 20 working days from 20 March: 16 April by fixed days, 17 April without Good Friday. */
	GO("LA_REVIEW", VALIDATE, NOTICES, ACT("REFUSE", "2026-03-20", GROUNDS));
	wait_until("2026-04-17");
	expect("REFUSED", 5);
	cr_assert_eq(tell(between), 0);
	expect("REFUSED", 6);
	cr_assert(has_flag("LATE_ON_ONE_READING"));
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-04-17", ",\"override_reason\":\"in time\"")),
		     0);
	expect("UNDER_REVIEW", 7);
	GO("LA_REVIEW", VALIDATE, NOTICES, ACT("REFUSE", "2026-03-20", GROUNDS));
	wait_until("2026-04-18");
	expect("CLOSED_REFUSED", 6);
	is_day(request.bar_to, "2026-04-17", "the bar ends with the later reading, bar_to");
}

Test(request_time, a_window_that_nothing_follows_ends_with_its_day)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, REVIEW);
	wait_until("2026-02-20");
	cr_assert_eq(tell(ACT("PARTIES_NOTIFIED", "2026-02-16",
			      ",\"representations_close_on\":\"2026-02-15\"")),
		     ERR_INVALID, "over before it began");
	cr_assert_eq(tell(ACT("PARTIES_NOTIFIED", "2026-02-16",
			      ",\"representations_close_on\":\"2026-02-16\"")),
		     0);
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, REVIEW,
	   ACT("PARTIES_NOTIFIED", "2026-02-16", ""));
	is_day(the_clock("K16")->due_on, "2026-03-02", "10 working days after the notice end");
	cr_assert_eq(tell(ACT("PARTIES_NOTIFIED", "2026-02-16",
			      ",\"representations_close_on\":\"2026-03-01\"")),
		     ERR_INVALID, "others were told of the 2nd");
	wait_until("2026-03-02");
	cr_assert_eq(the_clock("K16")->state, DEADLINE_RUNNING);
	wait_until("2026-03-03");
	expect("UNDER_REVIEW", 8);
	cr_assert_eq(the_clock("K16")->state, DEADLINE_MISSED);
	cr_assert_eq(the_clock("K14")->state, DEADLINE_RUNNING, "the review goes on");
	is_day(request.state_on, "2026-02-12", "state_on");
	/* Who is told later has a time of their own; an act of before finds it as it was. */
	cr_assert_eq(tell(ACT("PARTIES_NOTIFIED", "2026-03-03", "")), 0);
	cr_assert_eq(the_clock("K16")->state, DEADLINE_RUNNING);
	cr_assert_eq(tell(ACT("REVIEW_DECIDED", "2026-03-03",
			      ",\"outcome\":\"SUBSTITUTE\",\"decision\":\"REFUSE\"" GROUNDS)),
		     0);
	cr_assert_eq(the_clock("K16")->state, DEADLINE_STOPPED);
}

Test(request_time, comments_on_a_response_end_and_may_still_be_told)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""),
	   ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-14", ""),
	   ACT("RESPONSE_RECEIVED", "2026-09-15", ""));
	is_day(the_clock("K23")->due_on, "2026-10-05", "15 working days that begin with it end");
	wait_until("2026-10-05");
	cr_assert_eq(the_clock("K23")->state, DEADLINE_RUNNING);
	wait_until("2026-10-20");
	cr_assert(is_state("UNDER_NO_CONTRACT_APPEAL"));
	cr_assert_eq(the_clock("K23")->state, DEADLINE_MISSED);
	/* Those of the last day, typed in later, were in time; those of later are kept. */
	cr_assert_eq(tell(ACT("COMMENTS_RECEIVED", "2026-10-05", "")), 0);
	cr_assert_eq(the_clock("K23")->state, DEADLINE_MET);
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""),
	   ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-14", ""),
	   ACT("RESPONSE_RECEIVED", "2026-09-15", ""));
	wait_until("2026-10-20");
	cr_assert_eq(tell(ACT("COMMENTS_RECEIVED", "2026-10-19", "")), 0);
	cr_assert_eq(the_clock("K23")->state, DEADLINE_MISSED);
}

Test(request_time, silence_is_challenged_on_the_day_it_begins)
{
	static const struct {
		const char *route, *event, *state;
	} table[] = {{"MINISTERS_APPEAL", ACT("APPEAL_LODGED", "2026-07-05", ""), "UNDER_APPEAL"},
		     {"LA_REVIEW", ACT("REVIEW_APPLIED", "2026-07-05", ""), "UNDER_REVIEW"},
		     {"MINISTERS_REVIEW", ACT("REVIEW_APPLIED", "2026-07-05", ""), "UNDER_REVIEW"}};

	/* Sent on the day itself it is kept, and takes effect when the day has ended. */
	for (size_t i = 0; i < COUNT(table); i++) {
		GO(table[i].route, VALIDATE);
		wait_until("2026-07-05");
		cr_assert_eq(tell(table[i].event), 0, "%s", table[i].route);
		expect("VALIDATED", 3);
		cr_assert(has_flag("CHALLENGE_ON_LAST_DAY"));
		wait_until("2026-07-06");
		expect(table[i].state, 5);
		is_day(request.state_on, "2026-07-05", "state_on");
	}
	GO("LA_REVIEW", VALIDATE);
	wait_until("2026-07-04");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-07-04", "")), ERR_TRANSITION,
		     "a day too early");
	cr_assert_eq(tell(ACT("APPEAL_LODGED", "2026-07-05", "")), ERR_TRANSITION);
	GO("MINISTERS_APPEAL", VALIDATE);
	wait_until("2026-07-10");
	cr_assert_eq(tell(ACT("APPEAL_LODGED", "2026-07-05", "")), 0);
	expect("UNDER_APPEAL", 4);
	is_day(request.state_on, "2026-07-05", "state_on");
}

/* What was told of behind it on that day, of earlier days, does not make it wait for good. */
Test(request_time, a_challenge_that_waits_is_not_lost_behind_what_is_recorded_after_it)
{
	GO("LA_REVIEW", VALIDATE);
	wait_until("2026-07-05");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-07-05", "")), 0);
	cr_assert_eq(tell(ACT("ACKNOWLEDGED", "2026-06-30", "")), 0);
	wait_until("2026-07-06");
	expect("UNDER_REVIEW", 6);
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, REVIEW);
	wait_until("2026-08-12");
	cr_assert_eq(tell(ACT("APPEAL_LODGED", "2026-08-12", "")), 0);
	cr_assert_eq(tell(ACT("PARTIES_NOTIFIED", "2026-08-11", "")), 0);
	wait_until("2026-08-13");
	expect("UNDER_APPEAL", 10);
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""));
	wait_until("2026-09-09");
	cr_assert_eq(tell(ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-09", "")), 0);
	cr_assert_eq(tell(ACT("BAR_LIFTED", "2026-09-08",
			      ",\"exemption\":\"DIRECTION\",\"dated_on\":\"2026-09-08\","
			      "\"reasons\":\"as directed\"")),
		     0);
	wait_until("2026-09-10");
	expect("UNDER_NO_CONTRACT_APPEAL", 10);
	/* One that is kept as late moves nothing, and stands before none that does. */
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE_ELSE, ACT("OFFER", "2026-03-10", ""));
	wait_until("2026-09-09");
	cr_assert_eq(tell(ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-09", "")), 0);
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-09-09", "")), 0);
	wait_until("2026-09-10");
	cr_assert(is_state("UNDER_NO_CONTRACT_APPEAL"), "%s", request.state.at);
}

Test(request_time, a_notice_of_the_same_day_comes_before_the_challenge_against_silence)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-07-05");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-07-05", "")), 0);
	cr_assert_eq(tell(ACT("REFUSE", "2026-07-05", GROUNDS)), 0);
	expect("REFUSED", 6);
	wait_until("2026-07-06");
	expect("REFUSED", 6);
	/* Typed in next morning it undoes what the day's end had done with the challenge. */
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-07-05");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-07-05", "")), 0);
	wait_until("2026-07-06");
	expect("UNDER_REVIEW", 7);
	cr_assert_eq(tell(ACT("REFUSE", "2026-07-05", GROUNDS)), 0);
	expect("REFUSED", 6);
	/* More time agreed that day: nobody was silent. */
	GO("LA_REVIEW", VALIDATE);
	wait_until("2026-07-05");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-07-05", "")), 0);
	cr_assert_eq(tell(ACT("EXTEND", "2026-07-05", ",\"until_on\":\"2026-09-01\"")), 0);
	wait_until("2026-09-02");
	expect("NO_DECISION", 5);
}

Test(request_time, silence_of_a_review_and_of_a_contract_on_their_last_days)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, REVIEW);
	wait_until("2026-08-12");
	cr_assert_eq(tell(ACT("APPEAL_LODGED", "2026-08-12", "")), 0);
	expect("UNDER_REVIEW", 7);
	wait_until("2026-08-13");
	expect("UNDER_APPEAL", 9);
	cr_assert(str_eq(request.level, STR("REVIEW")));
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""));
	wait_until("2026-09-09");
	cr_assert_eq(tell(ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-09", "")), 0);
	expect("OFFER_MADE", 7);
	cr_assert_eq(tell(ACT("CONCLUDE_CONTRACT", "2026-09-09", "")), 0, "that day it can be");
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""));
	wait_until("2026-09-09");
	cr_assert_eq(tell(ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-09", "")), 0);
	wait_until("2026-09-10");
	expect("UNDER_NO_CONTRACT_APPEAL", 9);
}

Test(request_time, a_direction_asked_for_too_late_is_kept_and_says_so)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""),
	   ACT("DIRECTION_APPLIED", "2026-09-10", ",\"until_on\":\"2026-12-01\""));
	expect("NO_CONTRACT", 8);
	cr_assert(has_flag("LATE_DIRECTION"));
	wait_until("2026-12-01");
	expect("LAPSED_NO_CONTRACT", 9);
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE);
	cr_assert_eq(tell(ACT("DIRECTION_APPLIED", "2026-02-10", "")), ERR_TRANSITION,
		     "no period yet");
}

Test(request_time, what_a_person_did_is_never_taken_back)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-07-10");
	cr_assert_eq(tell(ACT("REVIEW_APPLIED", "2026-07-08", "")), 0);
	expect("UNDER_REVIEW", 6);
	cr_assert_eq(tell(ACT("REFUSE", "2026-07-05", GROUNDS)), ERR_TRANSITION);
	expect("UNDER_REVIEW", 6);
}

Test(request_time, a_longer_period_agreed_in_time_and_recorded_late)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-07-08");
	expect("NO_DECISION", 5);
	cr_assert_eq(tell(ACT("EXTEND", "2026-07-08",
			      ",\"until_on\":\"2026-09-05\",\"agreed_on\":\"2026-07-06\"")),
		     ERR_TRANSITION, "one day late");
	cr_assert_eq(tell(ACT("EXTEND", "2026-07-08",
			      ",\"until_on\":\"2026-09-05\",\"agreed_on\":\"2026-07-05\"")),
		     0);
	expect("UNDER_ASSESSMENT", 5);
	is_day(the_clock("K7")->due_on, "2026-09-05", "K7");
	cr_assert_eq(the_clock("K6")->state, DEADLINE_STOPPED);
	wait_until("2026-09-06");
	expect("NO_DECISION", 6);
}

Test(request_time, a_representation_recorded_late_was_there_when_the_window_closed)
{
	GO("LA_REVIEW", VALIDATE, NOTICES);
	wait_until("2026-02-07");
	expect("UNDER_ASSESSMENT", 4);
	cr_assert_eq(tell(ACT("REPRESENTATION_RECEIVED", "2026-02-06", "")), 0);
	expect("CTB_COMMENT", 5);
	cr_assert_eq(tell(ACT("REPRESENTATION_RECEIVED", "2026-02-06", "")), 0);
	expect("CTB_COMMENT", 6);
	cr_assert_not(has_flag("LATE_REPRESENTATION"), "in time, whenever it was recorded");
	cr_assert_eq(tell(ACT("REPRESENTATION_RECEIVED", "2026-02-07", "")), 0);
	expect("CTB_COMMENT", 7);
	cr_assert(has_flag("LATE_REPRESENTATION"));
}

Test(request_time, ministers_are_waited_for)
{
	GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""),
	   ACT("DIRECTION_APPLIED", "2026-09-09", ",\"until_on\":\"2027-01-01\""));
	wait_until("2026-12-01");
	expect("OFFER_MADE", 7);
	cr_assert(the_clock("K19")->is_held);
	cr_assert_eq(tell(ACT("DIRECTION_GIVEN", "2026-12-01", ",\"until_on\":\"2026-12-24\"")), 0);
	is_day(the_clock("K19")->due_on, "2026-12-24", "K19");
	wait_until("2026-12-25");
	expect("NO_CONTRACT", 9);
	is_day(the_clock("K21")->starts_on, "2026-12-24", "the appeal begins with that last day;");
}

/* The contract period ended on 9 September 2026; ten working days that begin with it on the 22nd.
 */
Test(request_time, an_appeal_that_is_in_time_because_ministers_were_waited_for_says_so)
{
	static const struct {
		const char *refused, *appeal;
		bool is_flagged;
	} table[] = {
		{ACT("DIRECTION_REFUSED", "2026-09-15", ""),
		 ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-22", ""), false},
		{ACT("DIRECTION_REFUSED", "2026-09-15", ""),
		 ACT("NO_CONTRACT_APPEAL_LODGED", "2026-09-23", ""), true},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		GO("LA_REVIEW", VALIDATE, NOTICES, AGREE, ACT("OFFER", "2026-03-10", ""),
		   ACT("DIRECTION_APPLIED", "2026-09-09", ",\"until_on\":\"2027-01-01\""),
		   table[i].refused, table[i].appeal);
		expect("UNDER_NO_CONTRACT_APPEAL", 9);
		cr_expect_eq(has_flag("LATE_ON_ONE_READING"), table[i].is_flagged, "row %zu", i);
	}
}

/* The challenge clock of every level and route (statute 5.1). */
Test(request_time, the_challenge_clock_by_level_and_route)
{
	static const struct {
		const char *route, *notice, *none;
	} table[] = {{"LA_REVIEW", "K8", "K9"},
		     {"LA_STYLE_REVIEW", "K8", "K9"},
		     {"MINISTERS_REVIEW", "K10", "K10"},
		     {"MINISTERS_APPEAL", "K11", "K12"}};

	for (size_t i = 0; i < COUNT(table); i++) {
		GO(table[i].route, VALIDATE, NOTICES, REFUSE);
		cr_expect_not_null(clock_of(table[i].notice), "%s", table[i].route);
		GO(table[i].route, VALIDATE, NOTICES, AGREE);
		cr_expect_null(clock_of(table[i].notice), "%s: on the terms asked for",
			       table[i].route);
		GO(table[i].route, VALIDATE);
		wait_until("2026-07-06");
		cr_expect_not_null(clock_of(table[i].none), "%s", table[i].route);
	}
	GO("LA_REVIEW", VALIDATE, NOTICES, REFUSE, REVIEW,
	   ACT("REVIEW_DECIDED", "2026-03-20", ",\"outcome\":\"CONFIRM\""));
	cr_expect_not_null(clock_of("K13"));
	GO("MINISTERS_REVIEW", VALIDATE, NOTICES, AGREE_ELSE, REVIEW,
	   ACT("REVIEW_DECIDED", "2026-03-20", ",\"outcome\":\"CONFIRM\""));
	cr_expect_eq(the_clock("K10")->state, DEADLINE_MET, "none at the last level");
}

/*
 * The time for the offer runs from the notice that says what was agreed: the authority's new one
 * where an appeal is allowed, and where it is dismissed, so that none is given, from the decision.
 */
Test(request_time, what_an_appeal_leads_to_says_when_the_offer_is_due)
{
#define DECIDED(more) ACT("APPEAL_DECIDED", "2026-05-20", more)
	static const struct {
		const char *decided, *starts, *due;
	} table[] = {
		{DECIDED(",\"outcome\":\"ALLOW\"" TERMS), "2026-05-20", "2026-11-20"},
		{DECIDED(",\"outcome\":\"ALLOW\",\"notice_on\":\"2026-06-03\"" TERMS), "2026-06-03",
		 "2026-12-03"},
		{DECIDED(",\"outcome\":\"DISMISS\""), "2026-05-20", "2026-11-20"},
		{DECIDED(",\"outcome\":\"DISMISS\",\"notice_on\":\"2026-06-03\""), "2026-05-20",
		 "2026-11-20"},
		{DECIDED(",\"outcome\":\"DISMISS\",\"notice_on\":\"2026-06-03\","
			 "\"offer_by_on\":\"2026-11-25\""),
		 "2026-05-20", "2026-11-25"},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		GO("MINISTERS_APPEAL", VALIDATE, NOTICES, AGREE_ELSE, APPEAL);
		wait_until("2026-06-04");
		cr_assert_eq(tell(table[i].decided), 0, "row %zu", i);
		is_day(the_clock("K18")->starts_on, table[i].starts, "the time for the offer");
		is_day(the_clock("K18")->due_on, table[i].due, "the last day for the offer");
	}
#undef DECIDED
}
